"""An event's life in the calendar: made, changed, answered, cancelled."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from simulator.control.clock import google_time
from simulator.errors import google_error
from simulator.google.calendar.times import checked_span, instant, told_in
from simulator.store import JSON
from simulator.world import World, random_id

_ID = re.compile(r"[a-v0-9]{5,1024}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_WRITABLE = (
    "anyoneCanAddSelf",
    "attachments",
    "attendees",
    "colorId",
    "description",
    "extendedProperties",
    "guestsCanInviteOthers",
    "guestsCanModify",
    "guestsCanSeeOtherGuests",
    "location",
    "recurrence",
    "reminders",
    "source",
    "status",
    "summary",
    "transparency",
    "visibility",
)
_RESPONSES = {"needsAction", "declined", "tentative", "accepted"}
_STATUSES = {"confirmed", "tentative", "cancelled"}


class Events:
    """All events of all calendars; an event that was deleted stays, cancelled."""

    def __init__(self, world: World) -> None:
        self._world = world

    def calendar(self, name: str) -> JSON:
        """Return a known calendar, or refuse."""
        found = self._world.store.get("calendars", name.lower())
        if found is None:
            raise google_error(404, "notFound", "Not Found")
        return found

    def get(self, calendar: str, event: str) -> JSON:
        """Return an event, cancelled ones included, or refuse."""
        found = self._world.store.get("events", f"{calendar}/{event}")
        if found is None:
            raise google_error(404, "notFound", "Not Found")
        return dict(found["event"])

    def of(self, calendar: str) -> list[JSON]:
        """Return the events of one calendar, oldest first."""
        return [e["event"] for e in self._world.store.all("events") if e["calendar"] == calendar]

    def everywhere(self) -> list[tuple[str, JSON]]:
        """Return every event with the calendar that holds it."""
        return [(each["calendar"], each["event"]) for each in self._world.store.all("events")]

    def insert(self, calendar: JSON, body: JSON, creator: str, base: str) -> JSON:
        """Put a new event into a calendar; an id serves once, even when its event is deleted."""
        name = self._free_id(calendar["id"], body)
        now = google_time(self._world.clock.now())
        event = {
            "kind": "calendar#event",
            "id": name,
            "status": "confirmed",
            "htmlLink": f"{base}/calendar/{quote(calendar['id'], safe='')}/{name}",
            "created": now,
            "creator": {"email": creator},
            "organizer": _organizer(calendar),
            "iCalUID": body.get("iCalUID") or f"{name}@google.com",
            "sequence": int(body.get("sequence", 0)),
            "reminders": {"useDefault": True},
            "eventType": "default",
        }
        return self._written(calendar, event, body)

    def change(self, calendar: JSON, event: JSON, changes: JSON) -> JSON:
        """Change the given fields; a new time raises the sequence."""
        if event["status"] == "cancelled":
            raise google_error(403, "forbidden", "Forbidden")
        zone = calendar["timeZone"]
        before = [instant(event[side], zone) for side in ("start", "end")]
        return self._written(calendar, event, changes, before)

    def respond(self, calendar: JSON, event: JSON, email: str, answer: str) -> JSON:
        """Note an attendee's answer."""
        if answer not in _RESPONSES:
            raise google_error(400, "invalid", "Invalid attendee response status.")
        attendees = [dict(attendee) for attendee in event.get("attendees", [])]
        asked = [each for each in attendees if each["email"].lower() == email.lower()]
        if not asked:
            raise google_error(404, "notFound", f"{email} is not invited.")
        asked[0]["responseStatus"] = answer
        return self.change(calendar, event, {"attendees": attendees})

    def cancel(self, calendar: JSON, event: JSON) -> JSON:
        """Cancel an event; its id stays taken."""
        if event["status"] == "cancelled":
            raise google_error(410, "deleted", "Resource has been deleted")
        return self.keep(calendar, event | {"status": "cancelled"})

    def _free_id(self, calendar: str, body: JSON) -> str:
        name = body.get("id")
        if name is None:
            return random_id(26, "abcdefghijklmnopqrstuv0123456789")
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise google_error(400, "invalid", "Invalid resource id value.")
        if self._world.store.get("events", f"{calendar}/{name}"):
            raise google_error(409, "duplicate", "The requested identifier already exists.")
        return name

    def _written(
        self, calendar: JSON, event: JSON, body: JSON, before: list[datetime] | None = None
    ) -> JSON:
        zone = calendar["timeZone"]
        merged = _merged(event, body)
        span = list(checked_span(merged, zone))
        merged |= {side: told_in(merged[side], zone) for side in ("start", "end")}
        if merged["status"] not in _STATUSES:
            raise google_error(400, "invalid", "Invalid value for: status")
        if "attendees" in merged:
            merged["attendees"] = [
                self._attendee(calendar["id"], each) for each in merged["attendees"]
            ]
        if before and before != span:
            merged["sequence"] += 1
        return self.keep(calendar, merged)

    def _attendee(self, calendar: str, given: JSON) -> JSON:
        email = given.get("email")
        if not email:
            raise google_error(400, "required", "Missing attendee email.")
        if not _ADDRESS.fullmatch(email):
            raise google_error(400, "invalid", "Invalid attendee email.")
        answer = given.get("responseStatus") or "needsAction"
        if answer not in _RESPONSES:
            raise google_error(400, "invalid", "Invalid attendee response status.")
        kept = {"email": email, "responseStatus": answer}
        kept |= {
            name: given[name] for name in ("displayName", "optional", "comment") if given.get(name)
        }
        if email.lower() == calendar.lower():
            kept |= {"organizer": True, "self": True, "responseStatus": "accepted"}
        return kept

    def keep(self, calendar: JSON, event: JSON) -> JSON:
        """Write an event down under a new etag."""
        stamp = self._world.clock.now()
        # Two changes within one tick must not share an etag.
        count = self._world.store.next_number("etags")
        event["updated"] = google_time(stamp)
        event["etag"] = f'"{int(stamp.timestamp() * 1000)}{count:06}"'
        value = {"calendar": calendar["id"], "event": event}
        self._world.store.put("events", f"{calendar['id']}/{event['id']}", value)
        return event


def _organizer(calendar: JSON) -> JSON:
    return {"email": calendar["id"], "displayName": calendar["summary"], "self": True}


def _merged(event: JSON, body: JSON) -> JSON:
    """Return the event with the body's fields over it, as a patch means them: null removes."""
    merged = dict(event)
    for name in _WRITABLE:
        if name in body:
            merged[name] = _over(merged.get(name), body[name])
    for side in ("start", "end"):
        if side in body:
            merged[side] = _time_over(merged.get(side), body[side])
    if merged.get("extendedProperties"):
        _refuse_bad_properties(merged["extendedProperties"])
    return {name: value for name, value in merged.items() if value is not None}


def _over(old: Any, new: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    both = {name: _over(old.get(name), new.get(name, old.get(name))) for name in old | new}
    return {name: value for name, value in both.items() if value is not None}


def _time_over(old: JSON | None, new: JSON | None) -> JSON | None:
    if new is None or not old:
        return new
    merged = old | new
    if new.get("dateTime"):
        merged.pop("date", None)
    if new.get("date"):
        merged = {"date": new["date"]}
    return {name: value for name, value in merged.items() if value is not None}


def _refuse_bad_properties(extended: JSON) -> None:
    for kind in ("private", "shared"):
        for name, value in (extended.get(kind) or {}).items():
            if not isinstance(value, str) or len(name) + len(value) > 44 + 1024:
                raise google_error(400, "invalid", "Invalid extended property value.")
