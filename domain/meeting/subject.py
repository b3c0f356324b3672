"""The meeting: a time is found and held from the first minute; people are invited with an owner."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.calendar.interval import Interval
from domain.calendar.working_time import next_business_morning
from domain.case import Case
from domain.engine.clock import due_at
from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.notice import Ask
from domain.engine.signal import SignalSpec
from domain.engine.subject import Subject
from domain.engine.waiting import Lapse, Waiting, WaitSpec
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting, Waive
from domain.meeting.booking import search_window
from domain.meeting.effects import (
    BookAgain,
    CallOffEvent,
    ChooseTime,
    MissMeeting,
    PutEvent,
    ReadBusy,
    ReadEvent,
    event_facts,
    event_key,
    putting,
)
from domain.meeting.notices import BookByHand, MeetingDeleted, MeetingOutcome, MissedMeeting
from domain.meeting.state import EVENT, READ_EVENT
from domain.people import attendees, chair, commander, home_calendar
from domain.preparation.state import DOCUMENT


def entries(case: Case) -> Iterator[Entry]:
    """Find a time and hold it from the first minute; invite when there is an owner."""
    opened, window, meeting = case.opened_at, search_window(case), case.meeting
    if opened is None or window is None or case.rules is None or meeting.held_at is not None:
        return
    if (standing_still := _fell_into_a_hold(case)) is not None:
        yield Entry(standing_still, BookAgain(version=standing_still.isoformat()))
    if (passed := _passed_unbooked(case)) is not None:
        yield Entry(passed, MissMeeting(version=str(meeting.booked)))
    if meeting.missed_at is not None or meeting.gone_at is not None:
        return
    if meeting.start is None:
        yield _search(case, window)
    elif case.has_calendar and meeting.booked_by_hand != meeting.booked:
        at_the_latest = due_at(
            opened, case.rules.meeting.invite_after, home_calendar(case), case.holds
        )
        invite_at = min(filter(None, (case.ownership.accepted_at, at_the_latest)))
        yield from _calendar_event(case, opened, invite_at)


def ending(case: Case) -> Iterator[Entry]:
    """Call the event off, unless the meeting is over or somebody deleted it."""
    word, meeting = case.steering.cancelled, case.meeting
    there = EVENT in case.ledger and meeting.held_at is None and meeting.gone_at is None
    if word is not None and there and case.has_calendar:
        yield Entry(word.at, CallOffEvent(event_key=event_key(case)))


def _fell_into_a_hold(case: Case) -> datetime | None:
    """Return the end of a hold that the meeting's time fell into, so that it gets another."""
    start = case.meeting.start
    if start is None or not case.meeting.ahead:
        return None
    return next((each.end for each in case.holds if each.start <= start < each.end), None)


def _passed_unbooked(case: Case) -> datetime | None:
    """Return when a time counts as passed that nobody is known to have booked.

    Where it was to be done by hand, people may have met without saying so, and can record it.
    """
    meeting = case.meeting
    if not meeting.ahead or meeting.stands or meeting.end is None:
        return None
    if not meeting.to_be_booked_by_hand(case.has_calendar, case.ledger):
        return meeting.start
    patience = case.binding.patience.meeting_outcome
    return due_at(meeting.end, patience, home_calendar(case), case.holds)


def _search(case: Case, window: Interval) -> Entry:
    version = str(case.meeting.booked)
    if not case.has_calendar:
        return Entry(window.start, ChooseTime(version=version))
    people = tuple(sorted(each.person for each in attendees(case)))
    return Entry(window.start, ReadBusy(version=version, people=people, within=window))


def _calendar_event(case: Case, opened: datetime, invite_at: datetime) -> Iterator[Entry]:
    """Keep exactly one event: held without guests at first, with them from the invitation on."""
    held, inviting = event_facts(case, inviting=False), event_facts(case, inviting=True)
    if held is None or inviting is None:
        return
    yield Entry(opened, putting(held), until=invite_at)
    yield Entry(invite_at, putting(inviting))
    if look := _look_at_event(case):
        yield look


def _look_at_event(case: Case) -> Entry | None:
    """Read the event each business morning, and as soon as the calendar tells of a change."""
    event, seen = event_facts(case, inviting=True), case.meeting.read_at
    if event is None or seen is None or not case.meeting.ahead:
        return None
    told = case.meeting.changed_at
    read = ReadEvent(
        version=(told or seen).isoformat(),
        event_key=event.key,
        people=tuple(each.person for each in event.attendees),
        believed=case.meeting.in_calendar,
    )
    at = told or next_business_morning(seen, home_calendar(case))
    return Entry(at, read, until=event.start)


def _readings(case: Case) -> Iterator[Effect[Case, Any]]:
    if case.has_calendar and (look := _look_at_event(case)):
        yield look.effect


def meeting_changed(case: Case, _payload: None, now: datetime) -> Case:
    """The calendar says that the event changed: look at it again."""
    return case.replace(meeting=case.meeting.replace(changed_at=now))


def _who_decides(case: Case) -> str | None:
    return case.ownership.owner or commander(case)


def _gone(case: Case) -> Iterator[Waiting]:
    gone_at, person = case.meeting.gone_at, _who_decides(case)
    if gone_at is not None and person is not None and case.meeting.held_at is None:
        yield Waiting("deleted-meeting", person, gone_at)


def _ask_about_deletion(case: Case, waiting: Waiting) -> Ask:
    patience = case.binding.patience.deleted_meeting
    notice = MeetingDeleted(incident=case.facts, meeting_at=case.meeting.start, patience=patience)
    return Ask(notice)


def _booking_again(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    again = BookAgain(version=waiting.round)
    yield Lapse((case.binding.patience.deleted_meeting,), home_calendar(case), again)


def _unbooked(case: Case) -> Iterator[Waiting]:
    """Yield who books the meeting where no calendar does, or where it refuses to.

    It waits since the meeting has its time; that the calendar refuses once more changes nothing.
    """
    meeting, accepted = case.meeting, case.ownership.accepted_at
    person = case.ownership.owner or (commander(case) if case.has_calendar else None)
    since = max(filter(None, (accepted, meeting.booked_at)), default=None)
    if person and since and meeting.to_be_booked_by_hand(case.has_calendar, case.ledger):
        yield Waiting("book-by-hand", person, since, version=str(meeting.booked))


def _ask_to_book(case: Case, waiting: Waiting) -> Ask:
    event = event_facts(case, inviting=True)
    return Ask(BookByHand(incident=case.facts, meeting_at=case.meeting.start, event=event))


def _over(case: Case) -> Iterator[Waiting]:
    """Yield who says what came of the meeting, which people knew of."""
    meeting, person = case.meeting, chair(case)
    if person is not None and meeting.end is not None and meeting.ahead and meeting.stands:
        yield Waiting("meeting-outcome", person, meeting.end)


def _missing(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    miss = MissMeeting(version=waiting.round)
    yield Lapse((case.binding.patience.meeting_outcome,), home_calendar(case), miss)


def _missed(case: Case) -> Iterator[Waiting]:
    """Yield the commander, once every time that the policy allows has passed in silence."""
    missed_at, person = case.meeting.missed_at, commander(case)
    if missed_at is not None and person is not None and case.meeting.held_at is None:
        yield Waiting("missed-meeting", person, missed_at)


def _ask_what_becomes_of_it(case: Case, waiting: Waiting) -> Ask:
    return Ask(MissedMeeting(incident=case.facts, meeting_at=case.meeting.start))


def _ask_for_outcome(case: Case, waiting: Waiting) -> Ask:
    undecided = tuple(item.facts for item in case.items if item.decision is None)
    return Ask(MeetingOutcome(incident=case.facts, undecided=undecided))


MEETING = Subject(
    name="meeting",
    entries=entries,
    ending=ending,
    waits=(
        WaitSpec(
            name="deleted-meeting",
            on=_gone,
            asks=_ask_about_deletion,
            answered_by=(MoveMeeting,),
            lapses=_booking_again,
        ),
        WaitSpec(
            name="book-by-hand", on=_unbooked, asks=_ask_to_book, answered_by=(RecordBooking,)
        ),
        WaitSpec(
            name="meeting-outcome",
            on=_over,
            asks=_ask_for_outcome,
            answered_by=(RecordMeeting,),
            lapses=_missing,
            reads_first=(READ_EVENT, DOCUMENT),
        ),
        WaitSpec(
            name="missed-meeting",
            on=_missed,
            asks=_ask_what_becomes_of_it,
            answered_by=(RecordMeeting, Waive, MoveMeeting),
        ),
    ),
    acts=(MoveMeeting, RecordMeeting, Waive, RecordBooking),
    effects=(ReadBusy, PutEvent, ReadEvent, CallOffEvent),
    notices=(MeetingDeleted, BookByHand, MeetingOutcome, MissedMeeting),
    signals=(SignalSpec("meeting_changed", None, meeting_changed),),
    readings=_readings,
)
