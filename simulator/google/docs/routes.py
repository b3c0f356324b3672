"""Google Docs v1, as far as it is used: reading a document and changing it in batches."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from simulator.errors import VendorError, google_docs_error
from simulator.google.accounts.bearer import Bearer, BearerHere
from simulator.google.docs import requests as docs_requests
from simulator.google.docs.manuscript import Manuscript
from simulator.google.docs.revisions import Documents
from simulator.google.docs.view import document_json
from simulator.google.drive.files import DOCUMENT, Files
from simulator.google.partial_answers import masked
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Body, World, WorldHere, base_url

router = APIRouter(prefix="/v1/documents")

Fields = Annotated[str | None, Query()]


@router.post("")
async def create_document(
    request: Request, world: WorldHere, caller: BearerHere, body: Body
) -> JSON:
    """Create an empty document at the top of the caller's drive; only its title is heard."""
    _refuse_misshapen(body, {"title": str})
    metadata = {"name": body.get("title") or "Untitled document", "mimeType": DOCUMENT}
    file = Files(world).create(metadata, caller, base_url(request))
    return document_json(Documents(world).get(file["id"]), file["name"], in_tabs=False)


@router.get("/{document}")
async def get_document(
    document: str,
    world: WorldHere,
    caller: BearerHere,
    tabs: Annotated[bool, Query(alias="includeTabsContent")] = False,  # noqa: FBT002 - the vendor's parameter
    fields: Fields = None,
) -> JSON:
    """Return a document with its indexes."""
    file = _file(world, document, caller, "reader")
    found = Documents(world).get(document)
    return masked(document_json(found, file["name"], in_tabs=tabs), fields)


@router.post("/{document}:batchUpdate")
async def batch_update(
    document: str, world: WorldHere, caller: BearerHere, body: Body, fields: Fields = None
) -> JSON:
    """Apply all requests or none, if the document is still at the revision that the writer read."""
    _refuse_misshapen(body, {"requests": [dict], "writeControl": {"requiredRevisionId": str}})
    documents = Documents(world)
    file = _file(world, document, caller, "writer")
    _refuse_stale(documents.get(document).revision, body.get("writeControl") or {})
    requests = body.get("requests")
    if not requests:
        raise google_docs_error(400, "Must specify at least one request.")
    replies: list[JSON] = []

    def edit(manuscript: Manuscript) -> None:
        replies.extend(docs_requests.apply(manuscript, requests))

    changed = documents.change(document, edit)
    Files(world).touch(file, caller.email)
    control = {"requiredRevisionId": changed.revision}
    answer = {"documentId": document, "replies": replies, "writeControl": control}
    return masked(answer, fields)


def _file(world: World, document: str, caller: Bearer, least: str) -> JSON:
    # Refuses what is no document.
    Documents(world).get(document)
    try:
        return Files(world).get(document, caller, least)
    except VendorError:
        raise google_docs_error(403, "The caller does not have permission") from None


def _refuse_misshapen(body: JSON, shape: JSON) -> None:
    if place := misfit(body, shape):
        raise google_docs_error(400, f"Invalid value at '{place}'.")


def _refuse_stale(revision: str, control: JSON) -> None:
    required = control.get("requiredRevisionId")
    if required and required != revision:
        message = f"The required revision ID '{required}' does not match the latest revision."
        raise google_docs_error(400, message, "FAILED_PRECONDITION")
