"""The pages on which a person looks at the simulated world and acts in it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from simulator.google.calendar.events import Events
from simulator.google.drive.files import DOCUMENT
from simulator.pages import (
    calendar as calendar_pages,
)
from simulator.pages import (
    documents as document_pages,
)
from simulator.pages import (
    inbox as inbox_pages,
)
from simulator.pages import (
    tickets as ticket_pages,
)
from simulator.pages.rendering import page
from simulator.world import WorldHere

router = APIRouter()
for part in (calendar_pages, document_pages, inbox_pages, ticket_pages):
    router.include_router(part.router)


@router.get("/")
async def index(request: Request, world: WorldHere) -> HTMLResponse:
    """Show what there is, and where to look."""
    events = [event for _, event in Events(world).everywhere() if event["status"] != "cancelled"]
    documents = [file for file in world.store.all("files") if file["mimeType"] == DOCUMENT]
    counts = {
        "calendar": len(events),
        "documents": len(documents),
        "inbox": world.store.count("mails"),
        "tickets": world.store.count("issues"),
    }
    return page(request, "index", counts=counts, people=world.store.all("people"))
