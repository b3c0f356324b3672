"""GoogleDocs: one document per case, in a folder whose id was reserved beforehand."""

from collections.abc import Mapping
from typing import Any

from domain.incident import PersonId
from domain.outside import Address, DocumentReading, WantedDocument
from integrations.errors import Refused, Unavailable
from integrations.google import Exists, GoogleAccess, Missing, call, call_for_text
from integrations.google_docs_changes import changes
from integrations.google_docs_reading import Page, action_rows, empty_sections, read
from integrations.google_docs_template import Request, template

FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"

LOOKS_BEFORE_MAKING_ANOTHER = 7
"""Drive's list may hide a new file for minutes; so many attempts of an activity, and of the
case's patience after it, span more than five."""

ATTEMPTS_AGAINST_OTHERS = 4

_FILE = (
    "id,webViewLink,trashed,createdTime,lastModifyingUser(emailAddress),"
    "permissions(emailAddress,role)"
)
_EVERYWHERE = {"supportsAllDrives": True}


class GoogleDocs:
    """Documents of Google Docs, in folders below `parent` or at the top of the account's drive."""

    def __init__(self, access: GoogleAccess, parent: str = "") -> None:
        drive = access.service("drive", "v3")
        self._files = drive.files()
        self._permissions = drive.permissions()
        self._documents = access.service("docs", "v1").documents()
        self._parent = parent

    def reserve_folder(self) -> str:
        """Return an id under which one folder can be made; history keeps it."""
        request = self._files.generateIds(count=1, space="drive", fields="ids")
        return str(call(request, "reserve an id")["ids"][0])

    def put_document(
        self, wanted: WantedDocument, people: Mapping[PersonId, Address]
    ) -> DocumentReading:
        """Make the document if it is not there, write our parts, and read what people wrote.

        Google takes no id of ours for a document, but it does for a folder: a repeat finds the
        document in the folder, the oldest if there are several. Each write names the revision
        that was read, so that it happens once or not at all; what stands as wanted is not
        written. Sharing that Google refuses for one person holds nobody else up: they can ask
        for access in the document.
        """
        file = self._found(wanted) or self._made(wanted)
        page = self._brought_up_to_date(file["id"], wanted)
        self._share(file, wanted, people)
        return DocumentReading(
            document_id=file["id"],
            url=file.get("webViewLink", ""),
            empty_sections=empty_sections(page, wanted),
            rows=action_rows(page),
            editors=_editors(file, people),
        )

    def export(self, document_id: str) -> str:
        """Return the document as text for the record."""
        request = self._files.export_media(fileId=document_id, mimeType="text/plain")
        text = call_for_text(request, "export the document")
        return text.removeprefix("\ufeff").replace("\r\n", "\n")

    def _found(self, wanted: WantedDocument) -> dict[str, Any] | None:
        request = self._files.list(
            q=f"'{wanted.folder_id}' in parents and mimeType = '{DOCUMENT}'",
            fields=f"files({_FILE})",
            orderBy="createdTime",
            includeItemsFromAllDrives=True,
            **_EVERYWHERE,
        )
        try:
            files = call(request, "look for the document").get("files", [])
        except Missing:
            return None
        standing = [file for file in files if not file.get("trashed")]
        if files and not standing:
            raise Refused("Somebody moved the document to the bin.")
        return standing[0] if standing else None

    def _made(self, wanted: WantedDocument) -> dict[str, Any]:
        if not self._made_folder(wanted):
            moved = self._remembered(wanted)
            if moved is not None:
                return moved
        body = {
            "name": wanted.title,
            "mimeType": DOCUMENT,
            "parents": [wanted.folder_id],
            "appProperties": {"pmKey": wanted.key},
        }
        request = self._files.create(body=body, fields=_FILE, **_EVERYWHERE)
        file = call(request, "create the document")
        self._remember(wanted, {"pmDocument": file["id"]})
        return file

    def _made_folder(self, wanted: WantedDocument) -> bool:
        """Make the folder; tell whether this call was the one that did."""
        body: dict[str, Any] = {
            "id": wanted.folder_id,
            "name": wanted.title,
            "mimeType": FOLDER,
            "appProperties": {"pmKey": wanted.key},
        }
        if self._parent:
            body["parents"] = [self._parent]
        try:
            call(self._files.create(body=body, fields="id", **_EVERYWHERE), "create the folder")
        except Exists:
            return False
        return True

    def _remembered(self, wanted: WantedDocument) -> dict[str, Any] | None:
        """Return the document that people moved out of its folder, or None to make one.

        A folder without a document may also mean that the list does not show it yet: then this
        raises, until enough attempts have looked.
        """
        fields = "trashed,appProperties"
        request = self._files.get(fileId=wanted.folder_id, fields=fields, **_EVERYWHERE)
        folder = call(request, "read the folder")
        if folder.get("trashed"):
            raise Refused("Somebody moved the document's folder to the bin.")
        marks = folder.get("appProperties", {})
        if document := marks.get("pmDocument"):
            request = self._files.get(fileId=document, fields=_FILE, **_EVERYWHERE)
            return call(request, "read the document that was moved")
        looks = int(marks.get("pmLooks", "0")) + 1
        self._remember(wanted, {"pmLooks": str(looks)})
        if looks < LOOKS_BEFORE_MAKING_ANOTHER:
            raise Unavailable("Google Drive does not show yet whether the document was made.")
        return None

    def _remember(self, wanted: WantedDocument, marks: dict[str, str]) -> None:
        body = {"appProperties": marks}
        request = self._files.update(fileId=wanted.folder_id, body=body, fields="id", **_EVERYWHERE)
        call(request, "note the document on its folder")

    def _brought_up_to_date(self, document_id: str, wanted: WantedDocument) -> Page:
        page = self._read(document_id)
        for _ in range(ATTEMPTS_AGAINST_OTHERS):
            requests = template(wanted) if page.is_blank else changes(page, wanted)
            if not requests:
                break
            self._write(document_id, page, requests)
            page = self._read(document_id)
        return page

    def _read(self, document_id: str) -> Page:
        request = self._documents.get(documentId=document_id)
        return read(call(request, "read the document"))

    def _write(self, document_id: str, page: Page, requests: list[Request]) -> None:
        body = {"requests": requests, "writeControl": {"requiredRevisionId": page.revision}}
        request = self._documents.batchUpdate(documentId=document_id, body=body)
        try:
            call(request, "write into the document")
        except Refused:
            # Google tells a stale revision with the same status as a request that is wrong.
            if self._read(document_id).revision == page.revision:
                raise

    def _share(
        self, file: Mapping[str, Any], wanted: WantedDocument, people: Mapping[PersonId, Address]
    ) -> None:
        writers = {
            held.get("emailAddress", "").casefold()
            for held in file.get("permissions", [])
            if held.get("role") in {"owner", "organizer", "fileOrganizer", "writer"}
        }
        for person in wanted.editors:
            address = people.get(person)
            if address is not None and address.email.casefold() not in writers:
                self._allow(file["id"], address.email)

    def _allow(self, document_id: str, email: str) -> None:
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
            return


def _editors(file: Mapping[str, Any], people: Mapping[PersonId, Address]) -> tuple[PersonId, ...]:
    email = file.get("lastModifyingUser", {}).get("emailAddress", "").casefold()
    return tuple(person for person, known in people.items() if known.email.casefold() == email)
