"""The control API: what tests and the demo tell the simulated world, and ask of it."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from simulator.control import traffic
from simulator.control.clock import google_time, moment
from simulator.google.calendar.access import CalendarAccess
from simulator.google.calendar.events import Events
from simulator.google.docs.export import as_text
from simulator.google.docs.revisions import Documents
from simulator.google.drive.files import DOCUMENT, FOLDER, Files
from simulator.jira.projects import Project
from simulator.sendgrid.inbox import mails
from simulator.store import JSON
from simulator.world import WorldHere, base_url

router = APIRouter(prefix="/simulator")


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Now(_Told):
    """What time it is to be."""

    now: datetime


class Person(_Told):
    """Someone with a calendar and a Jira account."""

    email: str
    name: str
    timezone: str = "UTC"


class People(_Told):
    """Several people."""

    people: list[Person]


class Busy(_Told):
    """A stretch of time that someone's own calendar holds."""

    calendar: str
    start: datetime
    end: datetime
    summary: str = "Busy"


class Calendar(_Told):
    """A calendar that belongs to no person, such as a team's."""

    id: str
    name: str = ""
    timezone: str = "UTC"
    access: dict[str, Literal["freeBusyReader", "reader", "writer", "owner"]] | None = None
    listed: bool = True


class File(_Told):
    """A folder or a document that a person made."""

    name: str
    owner: str
    folder: bool = False
    parent: str | None = None
    roles: dict[str, Literal["reader", "commenter", "writer"]] = {}


@router.post("/reset")
async def reset(request: Request, world: WorldHere) -> JSON:
    """Forget everything, faults and counts included; the clock shows wall time again."""
    world.forget()
    traffic.forget(request)
    return await get_clock(world)


@router.get("/clock")
async def get_clock(world: WorldHere) -> JSON:
    """Tell the world's time."""
    return {"now": google_time(world.clock.now())}


@router.put("/clock")
async def set_clock(world: WorldHere, told: Now) -> JSON:
    """Set the world's time; it moves on from there."""
    world.clock.set(moment(told.now.isoformat()))
    return await get_clock(world)


@router.post("/people")
async def add_people(world: WorldHere, told: People) -> JSON:
    """Make people known: each has a calendar and a Jira account."""
    for person in told.people:
        world.store.put(
            "people", person.email.lower(), {"email": person.email, "name": person.name}
        )
        _add_calendar(world, Calendar(id=person.email, name=person.name, timezone=person.timezone))
    return {"people": world.store.all("people")}


@router.post("/calendars")
async def add_calendar(world: WorldHere, told: Calendar) -> JSON:
    """Make a calendar known."""
    return _add_calendar(world, told)


@router.post("/busy")
async def add_busy(request: Request, world: WorldHere, told: Busy) -> JSON:
    """Put an event into someone's own calendar, which thereby becomes known."""
    if world.store.get("calendars", told.calendar.lower()) is None:
        _add_calendar(world, Calendar(id=told.calendar))
    events = Events(world)
    body = {
        "summary": told.summary,
        "start": {"dateTime": moment(told.start.isoformat()).isoformat()},
        "end": {"dateTime": moment(told.end.isoformat()).isoformat()},
    }
    calendar = events.calendar(told.calendar)
    return events.insert(calendar, body, told.calendar, base_url(request))


@router.post("/files")
async def add_file(request: Request, world: WorldHere, told: File) -> JSON:
    """Make a folder or a document in a person's name, shared with those who are given roles."""
    files = Files(world)
    body: JSON = {"name": told.name, "mimeType": FOLDER if told.folder else DOCUMENT}
    if told.parent:
        body["parents"] = [files.get(told.parent)["id"]]
    made = files.create_for(told.owner, body, base_url(request))
    for email, role in told.roles.items():
        grant = {"type": "user", "emailAddress": email, "role": role}
        files.share(files.get(made["id"]), grant)
    return files.get(made["id"])


@router.post("/projects")
async def add_project(world: WorldHere, told: Project) -> JSON:
    """Make a Jira project known, or set it up anew."""
    known = world.store.get("projects", told.key)
    number = known["id"] if known else str(10000 + world.store.next_number("projects"))
    project = {"id": number, "key": told.key, "name": told.name}
    world.store.put("projects", told.key, project | {"setup": told.model_dump()})
    return project


@router.get("/mails")
async def get_mails(
    world: WorldHere, to: str | None = None, kind: str | None = None, after: int = 0
) -> list[JSON]:
    """Return mails, oldest first; `after` is the id of the last one already seen."""
    return mails(world, to, kind, after)


@router.get("/events")
async def get_events(world: WorldHere, calendar: str | None = None) -> list[JSON]:
    """Return all events, cancelled ones included, each with its calendar."""
    everywhere = Events(world).everywhere()
    return [{"calendar": held, **event} for held, event in everywhere if calendar in {None, held}]


@router.get("/files")
async def get_files(world: WorldHere) -> list[JSON]:
    """Return all files, folders included: Drive's metadata."""
    return world.store.all("files")


@router.get("/documents")
async def get_documents(world: WorldHere) -> list[JSON]:
    """Return all documents: Drive's metadata, the revision and the text."""
    documents = Documents(world)
    told = []
    for file in world.store.all("files"):
        if file["mimeType"] == DOCUMENT:
            document = documents.get(file["id"])
            text = as_text(document.manuscript, "").lstrip("\ufeff").replace("\r\n", "\n")
            told.append(file | {"revisionId": document.revision, "text": text})
    return told


@router.get("/tickets")
async def get_tickets(world: WorldHere) -> list[JSON]:
    """Return all issues, with properties, comments and links."""
    return world.store.all("issues")


@router.get("/webhooks")
async def get_webhooks(world: WorldHere) -> list[JSON]:
    """Return the webhook calls made, and what became of each."""
    return world.store.all("webhooks")


def _add_calendar(world: WorldHere, calendar: Calendar) -> JSON:
    kept = {
        "kind": "calendar#calendar",
        "etag": f'"{calendar.id}"',
        "id": calendar.id,
        "summary": calendar.name or calendar.id,
        "timeZone": calendar.timezone,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }
    world.store.put("calendars", calendar.id.lower(), kept)
    if calendar.access is not None or not calendar.listed:
        roles: dict[str, str] = {"*": "owner"}
        if calendar.access is not None:
            roles = {**calendar.access}
        CalendarAccess(world).restrict(calendar.id, roles, listed=calendar.listed)
    return kept
