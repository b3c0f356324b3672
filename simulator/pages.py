"""The pages on which a person looks at the simulated world and acts in it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from simulator import calendar_pages, document_pages, inbox_pages, ticket_pages
from simulator.calendar_events import Events
from simulator.drive_files import DOCUMENT
from simulator.page_templates import page
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
