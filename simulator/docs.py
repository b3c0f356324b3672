"""Google Docs v1, as far as it is used: reading a document and changing it in batches."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from simulator import docs_requests
from simulator.docs_model import Manuscript
from simulator.docs_store import Documents
from simulator.docs_view import told
from simulator.drive_files import DOCUMENT, Files
from simulator.errors import google_docs_error
from simulator.google_auth import Caller
from simulator.google_fields import masked
from simulator.store import JSON
from simulator.world import Body, WorldHere, base_url

router = APIRouter(prefix="/v1/documents")

Fields = Annotated[str | None, Query()]


@router.post("")
async def create_document(request: Request, world: WorldHere, caller: Caller, body: Body) -> JSON:
    """Create an empty document at the top of the caller's drive; only its title is heard."""
    metadata = {"name": body.get("title") or "Untitled document", "mimeType": DOCUMENT}
    file = Files(world).create(metadata, caller, base_url(request))
    return told(Documents(world).get(file["id"]), file["name"], in_tabs=False)


@router.get("/{document}")
async def get_document(
    document: str,
    world: WorldHere,
    _caller: Caller,
    tabs: Annotated[bool, Query(alias="includeTabsContent")] = False,  # noqa: FBT002 - the vendor's parameter
    fields: Fields = None,
) -> JSON:
    """Return a document with its indexes."""
    found = Documents(world).get(document)
    return masked(told(found, Files(world).get(document)["name"], in_tabs=tabs), fields)


@router.post("/{document}:batchUpdate")
async def batch_update(
    document: str, world: WorldHere, caller: Caller, body: Body, fields: Fields = None
) -> JSON:
    """Apply all requests or none, if the document is still at the revision that the writer read."""
    documents = Documents(world)
    _refuse_stale(documents.get(document).revision, body.get("writeControl") or {})
    requests = body.get("requests")
    if not requests:
        raise google_docs_error(400, "Must specify at least one request.")
    replies: list[JSON] = []

    def edit(manuscript: Manuscript) -> None:
        replies.extend(docs_requests.apply(manuscript, requests))

    changed = documents.change(document, edit)
    Files(world).touch(Files(world).get(document), caller)
    control = {"requiredRevisionId": changed.revision}
    answer = {"documentId": document, "replies": replies, "writeControl": control}
    return masked(answer, fields)


def _refuse_stale(revision: str, control: JSON) -> None:
    required = control.get("requiredRevisionId")
    if required and required != revision:
        message = f"The required revision ID '{required}' does not match the latest revision."
        raise google_docs_error(400, message, "FAILED_PRECONDITION")
