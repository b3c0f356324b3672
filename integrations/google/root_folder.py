"""The folder that takes the folders of the cases: one that people made, or one of our own."""

from threading import Lock
from typing import Any

from integrations.google.http import Exists, Missing, call, stranger

FOLDER = "application/vnd.google-apps.folder"
NAME = "Postmortems"
"""What our own is called at first; people may rename it."""

MARK = {"pmRoot": "cases"}
"""By which we know our own again, whatever it is called and wherever it is by then."""

_EVERYWHERE = {"supportsAllDrives": True}


class RootFolder:
    """The folder of the id `named`, or without one a folder that we make.

    Under our narrow scope Google shows us what we made and nothing else, so a folder of our own
    needs no more rights; people may move, rename and share it.
    """

    def __init__(self, files: Any, named: str = "") -> None:
        self._files = files
        self._named = named
        self._known = ""
        self._reserved = ""
        self._looking = Lock()

    @property
    def named(self) -> bool:
        """Whether people named it, who may have made it."""
        return bool(self._named)

    def id(self) -> str:
        """Return the folder's id, making the folder if it is not there.

        Drive's list may hide a new folder for minutes, so what this process knows is read by its
        id first, by one case at a time; and it is made under an id that was reserved, so that a
        repeat after a lost answer makes nothing. Two workers may each make one all the same, with
        their very first cases; from then on the older one counts. One in the bin is left there,
        and a new one made.
        """
        if self._named:
            return self._named
        with self._looking:
            if not self._stands(self._known):
                self._known = self._oldest() or self._made()
            return self._known

    def _stands(self, folder: str) -> bool:
        if not folder:
            return False
        request = self._files.get(fileId=folder, fields="trashed", **_EVERYWHERE)
        try:
            return not call(request, "look at our folder").get("trashed")
        except Missing:
            return False

    def _oldest(self) -> str:
        marked = " and ".join(
            f"appProperties has {{ key='{key}' and value='{value}' }}"
            for key, value in MARK.items()
        )
        request = self._files.list(
            q=f"mimeType = '{FOLDER}' and trashed = false and {marked}",
            fields="files(id)",
            orderBy="createdTime",
            includeItemsFromAllDrives=True,
            **_EVERYWHERE,
        )
        found = call(request, "look for our folder")["files"]
        return str(found[0]["id"]) if found else ""

    def _made(self) -> str:
        folder = self._reserved = self._reserved or self._new_id()
        body = {"id": folder, "name": NAME, "mimeType": FOLDER, "appProperties": MARK}
        request = self._files.create(body=body, fields="id", **_EVERYWHERE)
        try:
            answer = call(request, "create our folder")
        except Exists:
            answer = body
        if answer.get("id") != folder:
            raise stranger("create our folder")
        self._reserved = ""
        return folder

    def _new_id(self) -> str:
        request = self._files.generateIds(count=1, space="drive", fields="ids")
        return str(call(request, "reserve an id")["ids"][0])
