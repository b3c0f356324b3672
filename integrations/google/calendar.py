"""GoogleCalendar: busy times, and one event per key in a shared calendar."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from domain.calendar.interval import Interval
from domain.engine.value import PersonId
from domain.meeting.event import DesiredEvent, ObservedEvent, Response
from integrations.errors import Refused, Unavailable
from integrations.google import event as google_event
from integrations.google.http import Changed, Exists, Gone, GoogleAccess, Missing, call, stranger
from integrations.http import understanding
from integrations.ports import Address

CALENDARS_PER_QUERY = 50
ATTEMPTS_AGAINST_OTHERS = 3

_CANCELLED = {"status": "cancelled"}

_RESPONSES = {
    "needsAction": Response.NEEDS_ACTION,
    "accepted": Response.ACCEPTED,
    "declined": Response.DECLINED,
    "tentative": Response.TENTATIVE,
}


class GoogleCalendar:
    """One calendar of Google's, such as `primary` or a shared one."""

    def __init__(self, access: GoogleAccess, calendar_id: str = "primary") -> None:
        service = access.service("calendar", "v3")
        self._events = service.events()
        self._freebusy = service.freebusy()
        self._calendar_id = calendar_id

    @understanding("Google Calendar")
    def busy(
        self, people: Mapping[PersonId, Address], within: Interval
    ) -> Mapping[PersonId, tuple[Interval, ...]]:
        """Return each person's busy times; who is absent from the answer is unknown, not free."""
        found: dict[PersonId, tuple[Interval, ...]] = {}
        for some in _chunks(people):
            calendars = self._busy_calendars([each.email for each in some.values()], within)
            for person, address in some.items():
                told = calendars.get(address.email)
                if told is not None and not told.get("errors"):
                    found[person] = tuple(_interval(each) for each in told.get("busy", []))
        return found

    @understanding("Google Calendar")
    def put_event(self, wanted: DesiredEvent, people: Mapping[PersonId, Address]) -> ObservedEvent:
        """Create the event of this key, or bring it to the wanted state, exactly once.

        The id is derived from the key, so a repeat after a lost answer finds the first event;
        a change names the version that it read, and what stands already is not sent again.
        What people did in the calendar stays: their answers, guests they added or removed,
        and the time, title or text they changed since we last wrote ours.
        """
        event = self._found(wanted.key) or self._inserted(wanted, people)
        for _ in range(ATTEMPTS_AGAINST_OTHERS):
            if event.get("status") == "cancelled":
                raise Refused(
                    "Somebody deleted the meeting from the calendar. Restore it from the "
                    "calendar's bin, or book the meeting by hand."
                )
            changes = google_event.needed_patch(event, wanted, people)
            if not changes:
                return _reading(event, people)
            try:
                return _reading(self._patched(event, changes), people)
            except Changed:
                event = self._found(wanted.key) or dict(_CANCELLED)
        raise Unavailable("The meeting is being changed by somebody else.")

    @understanding("Google Calendar")
    def read_event(self, key: str, people: Mapping[PersonId, Address]) -> ObservedEvent:
        """Return the event of this key as it stands."""
        event = self._found(key)
        if event is None or event.get("status") == "cancelled":
            return ObservedEvent(exists=False)
        return _reading(event, people)

    @understanding("Google Calendar")
    def call_off(self, key: str) -> None:
        """Take the event of this key off everybody's calendar; what is not there is as good.

        Google mails nobody: who was invited hears from us why, once.
        """
        event = self._found(key)
        if event is None or event.get("status") == "cancelled":
            return
        request = self._events.patch(
            calendarId=self._calendar_id, eventId=event["id"], body=_CANCELLED, sendUpdates="none"
        )
        call(request, "call the event off")

    def _busy_calendars(self, emails: Sequence[str], within: Interval) -> dict[str, Any]:
        query = {
            "timeMin": within.start.astimezone(UTC).isoformat(),
            "timeMax": within.end.astimezone(UTC).isoformat(),
            "items": [{"id": email} for email in emails],
        }
        answer = call(self._freebusy.query(body=query), "look for busy times", reading=True)
        return dict(answer.get("calendars", {}))

    def _found(self, key: str) -> dict[str, Any] | None:
        request = self._events.get(calendarId=self._calendar_id, eventId=google_event.id_of(key))
        try:
            event = call(request, "read the event")
        except Gone:
            return dict(_CANCELLED)
        except Missing:
            return None
        if event["id"] == google_event.id_of(key) and event.get("status") == "cancelled":
            # Of an event that was deleted Google may tell little else.
            return event
        if not google_event.is_ours(event, key):
            raise Refused(
                "The id of our event belongs to another event in this calendar. Book the meeting "
                "by hand."
            )
        return event

    def _inserted(self, wanted: DesiredEvent, people: Mapping[PersonId, Address]) -> dict[str, Any]:
        body = google_event.body(wanted, people)
        request = self._events.insert(
            calendarId=self._calendar_id,
            body=body,
            conferenceDataVersion=1,
            sendUpdates="all" if body["attendees"] else "none",
        )
        try:
            event = call(request, "create the event")
        except Exists:
            found = self._found(wanted.key)
        else:
            if not google_event.is_ours(event, wanted.key):
                raise stranger("create the event")
            return event
        if found is None:
            raise Unavailable("The calendar knows our event but does not show it yet.")
        return found

    def _patched(self, event: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        guests = event.get("attendees") or changes.get("attendees")
        told = bool(guests) and google_event.is_told(changes)
        request = self._events.patch(
            calendarId=self._calendar_id,
            eventId=event["id"],
            body=changes,
            conferenceDataVersion=1,
            sendUpdates="all" if told else "none",
        )
        request.headers["If-Match"] = event["etag"]
        return call(request, "change the event")


def _chunks(people: Mapping[PersonId, Address]) -> Iterator[dict[PersonId, Address]]:
    rest = iter(people.items())
    while some := dict(islice(rest, CALENDARS_PER_QUERY)):
        yield some


def _interval(told: Mapping[str, str]) -> Interval:
    return Interval(
        start=datetime.fromisoformat(told["start"]), end=datetime.fromisoformat(told["end"])
    )


def _reading(event: Mapping[str, Any], people: Mapping[PersonId, Address]) -> ObservedEvent:
    person_at = {address.email.casefold(): person for person, address in people.items()}
    answers = {
        person_at.get(each.get("email", "").casefold()): each.get("responseStatus", "needsAction")
        for each in event.get("attendees", [])
    }
    return ObservedEvent(
        exists=True,
        event_id=event["id"],
        url=event.get("htmlLink", ""),
        conference_url=_conference_url(event),
        start=google_event.instant(event.get("start")),
        end=google_event.instant(event.get("end")),
        responses={
            person: _RESPONSES.get(answer, Response.NEEDS_ACTION)
            for person, answer in answers.items()
            if person is not None
        },
    )


def _conference_url(event: Mapping[str, Any]) -> str:
    entries = event.get("conferenceData", {}).get("entryPoints", [])
    video = (each.get("uri", "") for each in entries if each.get("entryPointType") == "video")
    return event.get("hangoutLink") or next(video, "")
