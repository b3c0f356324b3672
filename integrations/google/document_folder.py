"""The one document in a case's folder: found, made, or found again after a lost answer."""

from collections.abc import Callable
from typing import Any

from domain.preparation.document import DesiredDocument
from integrations.errors import Refused, Unavailable
from integrations.google.http import Exists, Missing, call
from integrations.google.root_folder import FOLDER, RootFolder

DOCUMENT = "application/vnd.google-apps.document"

LOOKS_BEFORE_MAKING_ANOTHER = 7
"""Drive's list may hide a new file for minutes; so many attempts of an activity, and of the
case's patience after it, span more than five. They are counted on the folder, which is read by
its id and never stale, so that any worker may go on."""

_FILE = (
    "id,name,webViewLink,trashed,createdTime,appProperties,"
    "lastModifyingUser(emailAddress,me),permissions(emailAddress,role)"
)
_EVERYWHERE = {"supportsAllDrives": True}

File = dict[str, Any]


class Folders:
    """The folders of the cases, below the root folder.

    `is_blank` tells whether nothing was ever written into a document.
    """

    def __init__(self, files: Any, root: RootFolder, is_blank: Callable[[str], bool]) -> None:
        self._files = files
        self._root = root
        self._is_blank = is_blank

    def document(self, wanted: DesiredDocument) -> tuple[File, str]:
        """Return the case's document, making it at most once, and what was put right.

        The folder has an id that history keeps; the document in it bears the case's key. Where
        there are several after all, the one that the folder remembers counts, since people
        have its address; else the oldest.
        """
        ours = self._ours(wanted)
        standing = [each for each in ours if not each.get("trashed")]
        if ours and not standing:
            raise Refused("Somebody moved the document to the bin. Restore it there, then retry.")
        if not standing:
            return self._made(wanted), ""
        if len(standing) == 1:
            return standing[0], ""
        known = self._marks(wanted).get("pmDocument")
        kept = next((each for each in standing if each["id"] == known), standing[0])
        told = [self._put_aside(each, wanted) for each in standing if each is not kept]
        return kept, " ".join(told)

    def _ours(self, wanted: DesiredDocument) -> list[File]:
        request = self._files.list(
            q=f"'{wanted.folder_id}' in parents and mimeType = '{DOCUMENT}'",
            fields=f"files({_FILE})",
            orderBy="createdTime",
            includeItemsFromAllDrives=True,
            **_EVERYWHERE,
        )
        try:
            files = call(request, "look for the document")["files"]
        except Missing:
            return []
        return [each for each in files if _is_ours(each, wanted)]

    def _made(self, wanted: DesiredDocument) -> File:
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
        self._change(wanted.folder_id, {"pmDocument": str(file["id"])})
        return file

    def _made_folder(self, wanted: DesiredDocument) -> bool:
        """Make the folder; tell whether this call was the one that did."""
        body = {
            "id": wanted.folder_id,
            "name": wanted.title,
            "mimeType": FOLDER,
            "parents": [self._root.id()],
            "appProperties": {"pmKey": wanted.key},
        }
        request = self._files.create(body=body, fields="id", **_EVERYWHERE)
        try:
            made = call(request, "create the folder")
        except Exists:
            return False
        except Missing:
            if not self._root.named:
                raise
            raise Refused(
                "Google shows us no folder of the id in PM_DRIVE_FOLDER. `aftermath doctor` says "
                "what to do; then retry."
            ) from None
        return bool(made["id"])

    def _remembered(self, wanted: DesiredDocument) -> File | None:
        """Return the document that people moved out of its folder, or None to make one.

        A folder without a document may also mean that the list does not show it yet: then this
        raises, until enough attempts have looked.
        """
        marks = self._marks(wanted)
        if document := marks.get("pmDocument"):
            return self._moved(document)
        looks = int(marks.get("pmLooks", "0")) + 1
        self._change(wanted.folder_id, {"pmLooks": str(looks)})
        if looks < LOOKS_BEFORE_MAKING_ANOTHER:
            raise Unavailable("Google Drive does not show yet whether the document was made.")
        return None

    def _moved(self, document: str) -> File:
        request = self._files.get(fileId=document, fields=_FILE, **_EVERYWHERE)
        try:
            file = call(request, "read the document that was moved")
        except Missing:
            raise Refused(
                "Somebody deleted the document for good, or moved it where we may not read. Share "
                "it with our account, or make a document by hand."
            ) from None
        if file.get("trashed"):
            raise Refused("Somebody moved the document to the bin. Restore it there, then retry.")
        return file

    def _marks(self, wanted: DesiredDocument) -> dict[str, str]:
        fields = "trashed,appProperties"
        request = self._files.get(fileId=wanted.folder_id, fields=fields, **_EVERYWHERE)
        try:
            folder = call(request, "read the folder")
        except Missing:
            raise Refused(
                "Somebody deleted the document's folder for good. Make a document by hand."
            ) from None
        if folder.get("trashed"):
            raise Refused(
                "Somebody moved the document's folder to the bin. Restore it there, then retry."
            )
        if not _is_ours(folder, wanted):
            raise Refused("The id of our folder belongs to another one. Make a document by hand.")
        return dict(folder["appProperties"])

    def _put_aside(self, duplicate: File, wanted: DesiredDocument) -> str:
        """Put a second document into the bin, or, if people wrote in it, rename and leave it."""
        if duplicate.get("lastModifyingUser", {}).get("me") or self._is_blank(duplicate["id"]):
            self._change(duplicate["id"], {"pmDuplicate": "binned"}, trashed=True)
            return "An empty second document in the case's folder was moved to the bin."
        name = f"Second copy: {wanted.title}"
        self._change(duplicate["id"], {"pmDuplicate": "left"}, name=name)
        return (
            "There was a second document in the case's folder, with words of people in it: it "
            f"was renamed to '{name}'. Move what counts into the first."
        )

    def _change(self, file: str, marks: dict[str, str], **changes: Any) -> None:
        body = {"appProperties": marks, **changes}
        request = self._files.update(fileId=file, body=body, fields="id", **_EVERYWHERE)
        call(request, "note something on a file of ours")


def _is_ours(file: File, wanted: DesiredDocument) -> bool:
    """Tell whether a file was made for this case and was not put aside since."""
    marks = file.get("appProperties") or {}
    return marks.get("pmKey") == wanted.key and "pmDuplicate" not in marks
