"""The calendar as a person sees it: an agenda for each calendar, and events with buttons."""

from datetime import date
from itertools import groupby
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from simulator.google.calendar.events import Events
from simulator.google.calendar.invitations import invite, uninvite
from simulator.google.calendar.times import instant
from simulator.pages.rendering import back_to, local_moment, page
from simulator.store import JSON
from simulator.world import WorldHere

router = APIRouter(prefix="/calendar")

SendUpdates = Annotated[str, Form()]


@router.get("")
async def agenda(request: Request, world: WorldHere) -> HTMLResponse:
    """Show every calendar's events by day."""
    calendars = [
        {"calendar": calendar, "days": _days(calendar, Events(world).of(calendar["id"]))}
        for calendar in world.store.all("calendars")
    ]
    return page(request, "calendar", calendars=calendars)


@router.get("/{calendar}/{event}")
async def show_event(request: Request, calendar: str, event: str, world: WorldHere) -> HTMLResponse:
    """Show one event."""
    held = Events(world).calendar(calendar)
    shown = _shown(held, Events(world).get(held["id"], event))
    return page(request, "event", calendar=held, shown=shown, event=shown["event"])


@router.post("/{calendar}/{event}/move")
async def move_event(  # noqa: PLR0913 - one for each field of the form
    calendar: str,
    event: str,
    world: WorldHere,
    start: Annotated[str, Form()],
    end: Annotated[str, Form()],
    zone: Annotated[str, Form()] = "UTC",
    send_updates: SendUpdates = "all",
) -> Response:
    """Move an event as its organizer would, telling the attendees."""
    events = Events(world)
    held = events.calendar(calendar)
    old = events.get(held["id"], event)
    times = {"start": start, "end": end}
    sides = {
        side: {"dateTime": local_moment(text, zone).isoformat()} for side, text in times.items()
    }
    new = events.change(held, old, sides)
    if send_updates == "all":
        invite(world, held, new, old)
    return _back(held, event)


@router.post("/{calendar}/{event}/edit")
async def edit_event(  # noqa: PLR0913 - one for each field of the form
    calendar: str,
    event: str,
    world: WorldHere,
    summary: Annotated[str | None, Form()] = None,
    description: Annotated[str | None, Form()] = None,
    invite_also: Annotated[str, Form()] = "",
    uninvite_also: Annotated[str, Form()] = "",
) -> Response:
    """Change an event's words and guests as its organizer would."""
    events = Events(world)
    held = events.calendar(calendar)
    old = events.get(held["id"], event)
    words = {"summary": summary, "description": description}
    changes: JSON = {name: text for name, text in words.items() if text is not None}
    gone = uninvite_also.strip().lower()
    guests = [each for each in old.get("attendees", []) if each["email"].lower() != gone]
    if invite_also.strip():
        guests.append({"email": invite_also.strip()})
    events.change(held, old, changes | {"attendees": guests})
    return _back(held, event)


@router.post("/{calendar}/{event}/respond")
async def respond(
    calendar: str,
    event: str,
    world: WorldHere,
    email: Annotated[str, Form()],
    response: Annotated[str, Form()],
) -> Response:
    """Answer an invitation in an attendee's name."""
    events = Events(world)
    held = events.calendar(calendar)
    events.respond(held, events.get(held["id"], event), email, response)
    return _back(held, event)


@router.post("/{calendar}/{event}/delete")
async def press_delete(
    calendar: str, event: str, world: WorldHere, send_updates: SendUpdates = "all"
) -> Response:
    """Delete an event as its organizer would, telling the attendees."""
    events = Events(world)
    held = events.calendar(calendar)
    cancelled = events.cancel(held, events.get(held["id"], event))
    if send_updates == "all":
        uninvite(world, held, cancelled)
    return _back(held, event)


def _back(calendar: JSON, event: str) -> Response:
    return back_to(f"/calendar/{quote(calendar['id'], safe='')}/{event}")


def _shown(calendar: JSON, event: JSON) -> JSON:
    zone = ZoneInfo(calendar["timeZone"])
    start, end = (
        instant(event[side], calendar["timeZone"]).astimezone(zone) for side in ("start", "end")
    )
    path = f"/calendar/{quote(calendar['id'], safe='')}/{event['id']}"
    return {"event": event, "start": start, "end": end, "path": path}


def _days(calendar: JSON, events: list[JSON]) -> list[tuple[date, list[JSON]]]:
    shown = sorted((_shown(calendar, event) for event in events), key=lambda each: each["start"])
    by_day = groupby(shown, key=lambda each: each["start"].date())
    return [(day, list(each)) for day, each in by_day]
