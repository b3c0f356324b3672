"""What a case wants of the calendar: a free time, one event, and how people left it."""

from datetime import datetime, timedelta
from typing import ClassVar

from domain.calendar.interval import Interval
from domain.case import Case
from domain.engine.effect import Effect, Transition
from domain.engine.journal import Door, Happening
from domain.engine.value import PersonId, Value, fingerprint
from domain.meeting.booking import booked_again, missed, moved, with_time
from domain.meeting.event import EventFacts, ObservedEvent
from domain.meeting.state import CALLED_OFF, EVENT, READ_EVENT
from domain.people import attendees, name_of


class Busy(Value):
    """When people are busy; who is absent is unknown."""

    times: dict[str, tuple[Interval, ...]]


class ReadBusy(Effect[Case, Busy]):
    """Ask when people are busy."""

    activity: ClassVar[str] = "read_busy_times"
    summary: ClassVar[str] = "find a time"
    answer: ClassVar[type[Busy]] = Busy

    key: str = "busy"
    people: tuple[PersonId, ...]
    within: Interval

    def learned(self, case: Case, answer: Busy, now: datetime) -> Case:
        """Hold the best time."""
        return with_time(case, answer.times, now)


class PutEvent(Effect[Case, ObservedEvent]):
    """Bring the calendar event to the wanted state."""

    activity: ClassVar[str] = "put_event"
    summary: ClassVar[str] = "hold the time, or invite"
    answer: ClassVar[type[ObservedEvent]] = ObservedEvent
    noteworthy: ClassVar[bool] = True

    key: str = EVENT
    event: EventFacts

    def learned(self, case: Case, answer: ObservedEvent, now: datetime) -> Case:
        """Remember who is invited, and follow what people did meanwhile."""
        if self.event.key != event_key(case):
            return case
        invited = self.reached() or case.meeting.invited
        believed = Interval(start=self.event.start, end=self.event.end)
        known = case.replace(meeting=case.meeting.replace(invited=invited))
        return _event_seen(known, answer, believed, now)

    def noted_as(self) -> dict[str, str]:
        """Return what the event is for now, and when."""
        about = "invitation" if self.event.inviting else "hold"
        return {"about": about, "start": self.event.start.isoformat()}

    def reached(self) -> tuple[str, ...]:
        """Return who is on the event."""
        return tuple(each.person for each in self.event.attendees)


class ReadEvent(Effect[Case, ObservedEvent]):
    """Read the calendar event as people left it; `believed` is the time it had last."""

    activity: ClassVar[str] = "read_event"
    summary: ClassVar[str] = "read the calendar event"
    answer: ClassVar[type[ObservedEvent]] = ObservedEvent

    key: str = READ_EVENT
    event_key: str
    believed: Interval | None = None
    people: tuple[PersonId, ...]

    def learned(self, case: Case, answer: ObservedEvent, now: datetime) -> Case:
        """Follow what people did; an event that is not the present one tells nothing."""
        if self.event_key != event_key(case):
            return case
        return _event_seen(case, answer, self.believed, now)


class CallOffEvent(Effect[Case, None]):
    """Call the calendar event off; one that is not there is as good."""

    activity: ClassVar[str] = "call_off_event"
    summary: ClassVar[str] = "call the meeting off"
    noteworthy: ClassVar[bool] = True

    key: str = CALLED_OFF
    event_key: str


class ChooseTime(Transition[Case]):
    """Without a calendar the best time by working hours alone is taken."""

    name: ClassVar[str] = "choose-time"

    key: str = "turn:choose-time"

    def applied(self, case: Case, now: datetime) -> Case:
        """Hold it."""
        return with_time(case, {}, now)


class BookAgain(Transition[Case]):
    """Nobody said what the deletion of the event means: another time is booked (2.5)."""

    name: ClassVar[str] = "book-again"

    key: str = "turn:book-again"

    def applied(self, case: Case, now: datetime) -> Case:
        """Look for another time."""
        return booked_again(case, now)


class MissMeeting(Transition[Case]):
    """A time passed, and nobody said what came of it or booked it: it counts as missed (2.5)."""

    name: ClassVar[str] = "miss-meeting"

    key: str = "turn:miss-meeting"

    def applied(self, case: Case, now: datetime) -> Case:
        """Look for another time, or leave it to the commander."""
        return missed(case, now)


def event_key(case: Case) -> str:
    """Return the key of the calendar event; only a deleted one is followed by another."""
    generation = case.meeting.generation
    return case.outside_key("meeting" if generation == 1 else f"meeting-{generation}")


def event_facts(case: Case, *, inviting: bool) -> EventFacts | None:
    """Return the event as it should be now; nobody is on it until people are invited."""
    meeting = case.meeting
    if meeting.start is None or meeting.end is None or case.rules is None or case.incident is None:
        return None
    event = EventFacts(
        key=event_key(case), start=meeting.start, end=meeting.end, incident=case.facts
    )
    if not inviting:
        return event
    return event.replace(
        inviting=True,
        attendees=attendees(case),
        agenda=scaled_agenda(case.rules.meeting.agenda, meeting.end - meeting.start),
        opening=case.rules.document.opening,
        facilitator=name_of(case, meeting.facilitator),
        document_url=case.document.url,
    )


def scaled_agenda(
    agenda: tuple[tuple[int, str], ...], length: timedelta
) -> tuple[tuple[int, str], ...]:
    """Return the agenda with its minutes scaled to the meeting's length, in order (S0, S1)."""
    whole = sum(share for share, _ in agenda)
    minutes = length / timedelta(minutes=1)
    return tuple((round(share * minutes / whole), text) for share, text in agenda)


def putting(event: EventFacts) -> PutEvent:
    """Return the effect that brings the event to this state."""
    return PutEvent(version=fingerprint(event), event=event)


def _event_seen(case: Case, seen: ObservedEvent, believed: Interval | None, now: datetime) -> Case:
    """Follow what people did in the calendar; the time that it had already changes nothing.

    Meanwhile somebody may have moved the meeting on the page: that stands, since the calendar
    is only behind.
    """
    start = case.meeting.start
    case = case.replace(meeting=case.meeting.replace(read_at=now, changed_at=None))
    if not seen.exists and start is not None and now < start:
        gone = case.replace(meeting=case.meeting.replace(gone_at=now))
        return gone.with_anomaly(now, "event-deleted")
    if not seen.exists:
        return case
    meeting = case.meeting.replace(
        url=seen.url, conference_url=seen.conference_url, responses=seen.responses
    )
    case = case.replace(meeting=meeting)
    if seen.start is None or seen.end is None:
        return case
    there = Interval(start=seen.start, end=seen.end)
    case = case.replace(meeting=case.meeting.replace(in_calendar=there))
    return case if there == believed else _moved_by_hand(case, there, now)


def _moved_by_hand(case: Case, there: Interval, now: datetime) -> Case:
    if case.directory is None or not case.directory.covers(there.start):
        return case.with_anomaly(now, "moved-beyond-calendars")
    after = moved(case, there.start, there.end, "calendar", now)
    if after.meeting.booked == case.meeting.booked:
        return after
    facts = {"start": there.start.isoformat()}
    return after.with_line(now, Happening.ACT, "move_meeting", through=Door.CALENDAR, facts=facts)
