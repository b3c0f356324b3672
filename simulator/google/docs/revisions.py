"""Documents by id: the manuscript, its revision, and who may have changed it meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.errors import google_docs_error
from simulator.google.docs.manuscript import Manuscript, Unit
from simulator.store import JSON
from simulator.world import World, random_id


@dataclass
class Document:
    """A document at one revision."""

    id: str
    revision: str
    manuscript: Manuscript


class Documents:
    """Keeps documents; every change makes a new revision."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, name: str) -> Document:
        """Start an empty document."""
        return self._kept(name, Manuscript())

    def get(self, name: str) -> Document:
        """Return a document, or refuse."""
        found = self._world.store.get("documents", name)
        if found is None and self._world.store.get("files", name):
            message = "This operation is not supported for this document"
            raise google_docs_error(400, message, "FAILED_PRECONDITION")
        if found is None or self._world.store.get("files", name) is None:
            raise google_docs_error(404, "Requested entity was not found.")
        return Document(name, found["revision"], Manuscript.load(found))

    def change(self, name: str, edit: Callable[[Manuscript], None]) -> Document:
        """Apply a whole edit and make a new revision; an edit that raises leaves nothing behind."""
        manuscript = self.get(name).manuscript
        edit(manuscript)
        _name_headings(manuscript)
        return self._kept(name, manuscript)

    def _kept(self, name: str, manuscript: Manuscript) -> Document:
        revision = f"ALBJ4L{self._world.store.next_number('revisions'):08x}{random_id(20)}"
        kept: JSON = {"id": name, "revision": revision} | manuscript.dump()
        self._world.store.put("documents", name, kept)
        return Document(name, revision, manuscript)


def _name_headings(manuscript: Manuscript) -> None:
    """Give each heading an id of its own, and take the ids of what is no heading any more."""
    seen: set[str] = set()
    for at, unit in enumerate(manuscript.units):
        if unit.char != "\n":
            continue
        style, known = unit.paragraph, unit.paragraph.get("headingId")
        heading = style["namedStyleType"].startswith("HEADING")
        if heading and (known is None or known in seen):
            known = f"h.{random_id(12)}"
            manuscript.units[at] = Unit("\n", unit.text, style | {"headingId": known})
        elif known and not heading:
            plain = {key: value for key, value in style.items() if key != "headingId"}
            manuscript.units[at] = Unit("\n", unit.text, plain)
        if heading and known:
            seen.add(known)
