"""GoogleDocs: one document per case, in a folder whose id was reserved beforehand."""

from collections.abc import Mapping
from typing import Any

from domain.engine.value import PersonId
from domain.preparation.document import LONGEST, MOST_ROWS, DesiredDocument, ObservedDocument
from integrations.errors import Refused
from integrations.google.document_changes import changes, written
from integrations.google.document_folder import LOOKS_BEFORE_MAKING_ANOTHER, Folders
from integrations.google.document_reading import Page, action_rows, empty_sections, read
from integrations.google.document_template import Request, template
from integrations.google.http import GoogleAccess, Missing, call, call_for_text, stranger
from integrations.google.root_folder import RootFolder
from integrations.http import understanding
from integrations.ports import Address

__all__ = ["LOOKS_BEFORE_MAKING_ANOTHER", "GoogleDocs"]

ATTEMPTS_AGAINST_OTHERS = 4

_CUT = (
    f"The action-item table is read only so far: {MOST_ROWS} rows, {LONGEST['text']} letters for "
    "an action. Shorten it, so that nothing is left out."
)

_EVERYWHERE = {"supportsAllDrives": True}


class GoogleDocs:
    """Documents of Google Docs, in folders below the one named, or below one of our own."""

    def __init__(self, access: GoogleAccess, folder: str = "") -> None:
        drive = access.service("drive", "v3")
        self._files = drive.files()
        self._permissions = drive.permissions()
        self._documents = access.service("docs", "v1").documents()
        root = RootFolder(self._files, folder)
        self._folders = Folders(self._files, root, lambda document: self._read(document).is_blank)

    @understanding("Google Drive")
    def reserve_folder(self) -> str:
        """Return an id under which one folder can be made; history keeps it."""
        request = self._files.generateIds(count=1, space="drive", fields="ids")
        return str(call(request, "reserve an id")["ids"][0])

    @understanding("Google Docs")
    def put_document(
        self, wanted: DesiredDocument, people: Mapping[PersonId, Address]
    ) -> ObservedDocument:
        """Make the document if it is not there, write our parts, and read what people wrote.

        Google takes no id of ours for a document, but it does for a folder: a repeat finds the
        document in the folder. Each write names the revision that was read, so that it happens
        once or not at all; what stands as wanted is not written. Sharing with the same person
        twice is the same as once. Whom Google refuses to let in holds nobody else up and is
        named in `repaired`, since only a person can let them in.
        """
        file, repaired = self._folders.document(wanted)
        page = self._brought_up_to_date(file["id"], wanted)
        shut_out = self._share(file, wanted, people)
        rows, cut = action_rows(page)
        return ObservedDocument(
            document_id=file["id"],
            url=file.get("webViewLink", ""),
            empty_sections=empty_sections(page, wanted),
            rows=rows,
            cut=cut,
            editors=_editors(file, people),
            repaired=" ".join(filter(None, [repaired, _shut_out(shut_out), _CUT if cut else ""])),
        )

    @understanding("Google Docs")
    def export(self, document_id: str) -> str:
        """Return the document as text for the record."""
        request = self._files.export_media(fileId=document_id, mimeType="text/plain")
        text = call_for_text(request, "export the document")
        return text.removeprefix("\ufeff").replace("\r\n", "\n")

    def _brought_up_to_date(self, document_id: str, wanted: DesiredDocument) -> Page:
        page = self._read(document_id)
        for _ in range(ATTEMPTS_AGAINST_OTHERS):
            requests = template(wanted) if page.is_blank else changes(page, wanted)
            if not requests:
                break
            if self._write(document_id, page, requests):
                # Nobody wrote in between, so what stands there now need not be asked.
                return written(page, wanted) or self._read(document_id)
            page = self._read(document_id)
        return page

    def _read(self, document_id: str) -> Page:
        request = self._documents.get(documentId=document_id)
        return read(call(request, "read the document"))

    def _write(self, document_id: str, page: Page, requests: list[Request]) -> bool:
        """Write into the page as it was read; False if people wrote meanwhile, and nothing is."""
        body = {"requests": requests, "writeControl": {"requiredRevisionId": page.revision}}
        request = self._documents.batchUpdate(documentId=document_id, body=body)
        try:
            answer = call(request, "write into the document")
        except Missing:
            raise
        except Refused:
            # Google tells a stale revision with the same status as a request that is wrong.
            if self._read(document_id).revision == page.revision:
                raise
            return False
        if answer.get("documentId") != document_id:
            raise stranger("write into the document")
        return True

    def _share(
        self, file: Mapping[str, Any], wanted: DesiredDocument, people: Mapping[PersonId, Address]
    ) -> list[PersonId]:
        """Let the editors write, and return whom Google refuses."""
        writers = {
            held.get("emailAddress", "").casefold()
            for held in file.get("permissions", [])
            if held.get("role") in {"owner", "organizer", "fileOrganizer", "writer"}
        }
        return [
            person
            for person in wanted.editors
            if (address := people.get(person)) is not None
            and address.email.casefold() not in writers
            and not self._allowed(file["id"], address.email)
        ]

    def _allowed(self, document_id: str, email: str) -> bool:
        request = self._permissions.create(
            fileId=document_id,
            body={"type": "user", "role": "writer", "emailAddress": email},
            sendNotificationEmail=False,
            fields="id",
            **_EVERYWHERE,
        )
        try:
            call(request, "share the document")
        except Refused:
            return False
        return True


def _shut_out(people: list[PersonId]) -> str:
    if not people:
        return ""
    return f"Google did not let us share the document with {', '.join(people)}: share it by hand."


def _editors(file: Mapping[str, Any], people: Mapping[PersonId, Address]) -> tuple[PersonId, ...]:
    email = file.get("lastModifyingUser", {}).get("emailAddress", "").casefold()
    return tuple(person for person, known in people.items() if known.email.casefold() == email)
