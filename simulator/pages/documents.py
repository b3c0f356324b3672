"""The documents as a person sees and edits them."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from simulator.errors import VendorError
from simulator.google.docs import editing as docs_editing
from simulator.google.docs.export import block_html
from simulator.google.docs.manuscript import Block, Manuscript, Paragraph, Table
from simulator.google.docs.revisions import Documents
from simulator.google.drive.files import DOCUMENT, FOLDER, Files
from simulator.pages.rendering import back_to, page
from simulator.store import JSON
from simulator.world import World, WorldHere, base_url

router = APIRouter(prefix="/documents")

Author = Annotated[str, Form(min_length=3)]
Text = Annotated[str, Form()]


@router.get("")
async def list_documents(request: Request, world: WorldHere) -> HTMLResponse:
    """Show every document, latest change first."""
    files = [file for file in world.store.all("files") if file["mimeType"] == DOCUMENT]
    files.sort(key=lambda file: str(file["modifiedTime"]), reverse=True)
    return page(request, "documents", files=files)


@router.get("/folders/{folder}")
async def show_folder(request: Request, folder: str, world: WorldHere) -> HTMLResponse:
    """Show what a folder holds."""
    shown = Files(world).get(folder)
    inside = [file for file in world.store.all("files") if folder in file["parents"]]
    return page(request, "documents", files=inside, folder=shown, folder_type=FOLDER)


@router.get("/{document}")
async def show_document(request: Request, document: str, world: WorldHere) -> HTMLResponse:
    """Show a document section by section."""
    found = Documents(world).get(document)
    manuscript = found.manuscript
    starts = [table.start for table in manuscript.tables()]
    return page(
        request,
        "document",
        file=Files(world).get(document),
        revision=found.revision,
        sections=[_section(blocks, starts) for blocks in docs_editing.sections(manuscript)],
        people=world.store.all("people"),
    )


@router.post("/{document}/write")
async def submit_text(
    document: str, world: WorldHere, heading: Text, text: Text, author: Author
) -> Response:
    """Append a paragraph to the section below a heading."""
    return _edit(world, document, author, lambda m: docs_editing.write(m, heading, text))


@router.post("/{document}/rename-heading")
async def submit_heading(
    document: str, world: WorldHere, heading: Text, to: Text, author: Author
) -> Response:
    """Give a heading another text."""
    return _edit(world, document, author, lambda m: docs_editing.rename_heading(m, heading, to))


@router.post("/{document}/row")
async def submit_row(
    document: str,
    world: WorldHere,
    cells: Annotated[list[str], Form()],
    author: Author,
    table: Annotated[int, Form()] = 0,
) -> Response:
    """Fill a table's first empty row, or add one."""
    return _edit(world, document, author, lambda m: docs_editing.fill_row(m, table, cells))


@router.post("/{document}/trash")
async def trash(document: str, world: WorldHere, author: Author) -> Response:
    """Throw a document into the bin, or take it out again."""
    file = Files(world).get(document)
    trashed = not file["trashed"]
    changes = {"trashed": trashed, "explicitlyTrashed": trashed}
    Files(world).touch(file | changes, author)
    return back_to(f"/documents/{document}")


@router.post("/{document}/move")
async def move(document: str, world: WorldHere, author: Author, to: Text = "root") -> Response:
    """Move a document into another folder, or to the top of its owner's drive."""
    file = Files(world).get(document)
    owner = str(file["owners"][0]["emailAddress"])
    folder = Files(world).root(owner) if to == "root" else Files(world).get(to)
    Files(world).touch(file | {"parents": [folder["id"]]}, author)
    return back_to(f"/documents/{document}")


@router.post("/{document}/copy")
async def copy(request: Request, document: str, world: WorldHere, author: Author) -> Response:
    """Put a copy of a document beside it, as "Make a copy" does; no mark is copied."""
    file = Files(world).get(document)
    body = {"name": f"Copy of {file['name']}", "mimeType": DOCUMENT, "parents": file["parents"]}
    made = Files(world).create_for(author, body, base_url(request))
    manuscript = Documents(world).get(document).manuscript.copy()

    def fill(empty: Manuscript) -> None:
        empty.units, empty.ranges = manuscript.units, []

    Documents(world).change(made["id"], fill)
    return back_to(f"/documents/{made['id']}")


def _edit(world: World, document: str, author: str, edit: Callable[[Manuscript], None]) -> Response:
    try:
        Documents(world).change(document, edit)
    except docs_editing.NoSuchPlace as missing:
        raise VendorError(404, {"detail": str(missing)}) from None
    Files(world).touch(Files(world).get(document), author)
    return back_to(f"/documents/{document}")


def _section(blocks: list[Block], table_starts: list[int]) -> JSON:
    first = blocks[0]
    heading = first.text if isinstance(first, Paragraph) and first.heading else None
    return {"heading": heading, "blocks": [_shown(block, table_starts) for block in blocks]}


def _shown(block: Block, table_starts: list[int]) -> JSON:
    shown: JSON = {"html": block_html(block)}
    if isinstance(block, Table):
        titles = [cell.text for cell in block.rows[0].cells]
        shown |= {"table": table_starts.index(block.start), "titles": titles}
    return shown
