"""Google Calendar v3, as far as it is used: free and busy, calendars, events."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from simulator.errors import google_error
from simulator.google.accounts.bearer import BearerHere, Caller
from simulator.google.calendar.access import CalendarAccess, refuse_guests_of_robots
from simulator.google.calendar.conference import with_conference
from simulator.google.calendar.events import Events
from simulator.google.calendar.free_busy import free_busy
from simulator.google.calendar.invitations import invite, uninvite
from simulator.google.calendar.times import instant, parameter_instant
from simulator.google.paging import one_page
from simulator.google.partial_answers import masked
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Body, World, WorldHere, base_url

router = APIRouter(prefix="/calendar/v3")

_MOST_RESULTS = 250
_QUIET = {"none", "false", None}
_Events = "/calendars/{calendar}/events"
_TIME = {"dateTime": str, "date": str, "timeZone": str}
_GUEST = {"email": str, "displayName": str, "optional": bool, "responseStatus": str, "comment": str}
_CONFERENCE = {"createRequest": {"requestId": str, "conferenceSolutionKey": {"type": str}}}
_EVENT = {
    "id": str,
    "iCalUID": str,
    "sequence": int,
    "summary": str,
    "description": str,
    "location": str,
    "status": str,
    "transparency": str,
    "visibility": str,
    "start": _TIME,
    "end": _TIME,
    "attendees": [_GUEST],
    "extendedProperties": {"private": {...: str}, "shared": {...: str}},
    "conferenceData": _CONFERENCE,
    "reminders": {"useDefault": bool, "overrides": [{"method": str, "minutes": int}]},
    "recurrence": [str],
    "guestsCanModify": bool,
    "guestsCanInviteOthers": bool,
    "guestsCanSeeOtherGuests": bool,
    "anyoneCanAddSelf": bool,
    "attachments": [{"fileUrl": str, "title": str}],
    "source": {"url": str, "title": str},
}
_QUERY = {"timeMin": str, "timeMax": str, "timeZone": str, "items": [{"id": str}]}


async def _events(world: WorldHere, _caller: Caller) -> Events:
    return Events(world)


async def _calendar(calendar: str, world: WorldHere, bearer: BearerHere) -> JSON:
    found = Events(world).calendar(bearer.email if calendar == "primary" else calendar)
    CalendarAccess(world).demand(found, bearer, "freeBusyReader")
    return found


async def _writable(
    calendar: Annotated[JSON, Depends(_calendar)], world: WorldHere, bearer: BearerHere
) -> JSON:
    CalendarAccess(world).demand(calendar, bearer, "writer")
    return calendar


async def _event_body(body: Body, bearer: BearerHere) -> JSON:
    if place := misfit(body, _EVENT):
        raise google_error(400, "badRequest", f"Invalid value at '{place}'.")
    refuse_guests_of_robots(bearer, body)
    return body


EventsHere = Annotated[Events, Depends(_events)]
Calendar = Annotated[JSON, Depends(_calendar)]
WritableCalendar = Annotated[JSON, Depends(_writable)]
EventBody = Annotated[JSON, Depends(_event_body)]
Fields = Annotated[str | None, Query()]


@dataclass
class _Options:
    """What a call may say beside its body."""

    fields: Fields = None
    send_updates: Annotated[str | None, Query(alias="sendUpdates")] = None
    conference_version: Annotated[int, Query(alias="conferenceDataVersion")] = 0
    if_match: Annotated[str | None, Header()] = None

    @property
    def tells(self) -> bool:
        """Say whether attendees are to be told."""
        return self.send_updates not in _QUIET


Options = Annotated[_Options, Depends()]


@router.post("/freeBusy")
async def query_free_busy(
    world: WorldHere, bearer: BearerHere, body: Body, fields: Fields = None
) -> JSON:
    """Tell the busy times of calendars."""
    if place := misfit(body, _QUERY):
        raise google_error(400, "badRequest", f"Invalid value at '{place}'.")
    return masked(free_busy(world, body, bearer.email), fields)


@router.get("/calendars/{calendar}")
async def get_calendar(calendar: Calendar, fields: Fields = None) -> JSON:
    """Return a calendar."""
    return masked(calendar, fields)


@router.get("/users/me/calendarList/{calendar}")
async def get_listed_calendar(
    calendar: Calendar, world: WorldHere, bearer: BearerHere, fields: Fields = None
) -> JSON:
    """Return a calendar of the caller's list, and what the caller may do in it."""
    access = CalendarAccess(world)
    if not access.is_listed(calendar["id"]):
        raise google_error(404, "notFound", "Not Found")
    told = {
        "kind": "calendar#calendarListEntry",
        "etag": calendar["etag"],
        "id": calendar["id"],
        "summary": calendar["summary"],
        "timeZone": calendar["timeZone"],
        "accessRole": access.role(calendar["id"], bearer.email),
        "defaultReminders": [],
        "conferenceProperties": calendar["conferenceProperties"],
        "selected": True,
    }
    return masked(told, fields)


@router.get(_Events)
async def list_events(  # noqa: PLR0913 - one for each thing the vendor hears
    request: Request,
    world: WorldHere,
    bearer: BearerHere,
    calendar: Calendar,
    events: EventsHere,
    fields: Fields = None,
) -> JSON:
    """List a calendar's events by start, cancelled ones only on request."""
    found = _selected(request, calendar, events.of(calendar["id"]))
    items, token = one_page(request, found, "maxResults", _MOST_RESULTS)
    answer = {
        "kind": "calendar#events",
        "etag": f'"{len(found)}"',
        "summary": calendar["summary"],
        "updated": max((event["updated"] for event in found), default="1970-01-01T00:00:00.000Z"),
        "timeZone": calendar["timeZone"],
        "accessRole": CalendarAccess(world).role(calendar["id"], bearer.email),
        "defaultReminders": [],
        "items": items,
    }
    return masked(answer | token, fields)


@router.post(_Events)
async def insert_event(  # noqa: PLR0913 - one for each thing the vendor hears
    request: Request,
    world: WorldHere,
    caller: Caller,
    calendar: WritableCalendar,
    events: EventsHere,
    body: EventBody,
    options: Options,
) -> JSON:
    """Create an event, under the caller's id if it gives one."""
    event = events.insert(calendar, body, caller, base_url(request))
    if options.conference_version and body.get("conferenceData"):
        event = events.keep(calendar, with_conference(event, body["conferenceData"]))
    if options.tells:
        invite(world, calendar, event)
    return masked(event, options.fields)


@router.get(_Events + "/{event}")
async def get_event(
    event: str, calendar: Calendar, events: EventsHere, fields: Fields = None
) -> JSON:
    """Return an event; a deleted one has the status cancelled."""
    return masked(events.get(calendar["id"], event), fields)


@router.patch(_Events + "/{event}")
async def patch_event(  # noqa: PLR0913 - one for each thing the vendor hears
    event: str,
    world: WorldHere,
    calendar: WritableCalendar,
    events: EventsHere,
    body: EventBody,
    options: Options,
) -> JSON:
    """Change an event, if it is still the one that If-Match names."""
    old = events.get(calendar["id"], event)
    _refuse_stale(old, options.if_match)
    new = events.change(calendar, old, body)
    if options.conference_version and "conferenceData" in body:
        new = events.keep(calendar, with_conference(new, body["conferenceData"]))
    if options.tells:
        _tell_of_change(world, calendar, old, new)
    return masked(new, options.fields)


@router.delete(_Events + "/{event}", status_code=204)
async def delete_event(
    event: str, world: WorldHere, calendar: WritableCalendar, events: EventsHere, options: Options
) -> Response:
    """Cancel an event."""
    old = events.get(calendar["id"], event)
    _refuse_stale(old, options.if_match)
    events.cancel(calendar, old)
    if options.tells:
        uninvite(world, calendar, old)
    return Response(status_code=204)


def _refuse_stale(event: JSON, if_match: str | None) -> None:
    if if_match not in {None, "*", event["etag"]}:
        raise google_error(412, "conditionNotMet", "Precondition Failed", ("header", "If-Match"))


def _tell_of_change(world: World, calendar: JSON, old: JSON, new: JSON) -> None:
    if new["status"] == "cancelled":
        uninvite(world, calendar, old)
    else:
        invite(world, calendar, new, old)


def _selected(request: Request, calendar: JSON, events: list[JSON]) -> list[JSON]:
    asked = request.query_params
    zone = calendar["timeZone"]
    if asked.get("showDeleted") != "true":
        events = [event for event in events if event["status"] != "cancelled"]
    if text := asked.get("timeMin"):
        least = parameter_instant(text, "timeMin")
        events = [event for event in events if instant(event["end"], zone) > least]
    if text := asked.get("timeMax"):
        most = parameter_instant(text, "timeMax")
        events = [event for event in events if instant(event["start"], zone) < most]
    if text := asked.get("q"):
        events = [
            e
            for e in events
            if text.lower() in f"{e.get('summary')} {e.get('description')}".lower()
        ]
    if text := asked.get("iCalUID"):
        events = [event for event in events if event["iCalUID"] == text]
    for kind in ("private", "shared"):
        for pair in asked.getlist(f"{kind}ExtendedProperty"):
            events = [event for event in events if _has_property(event, kind, pair)]
    return sorted(events, key=lambda event: instant(event["start"], zone))


def _has_property(event: JSON, kind: str, pair: str) -> bool:
    name, _, value = pair.partition("=")
    found: str | None = event.get("extendedProperties", {}).get(kind, {}).get(name)
    return found == value
