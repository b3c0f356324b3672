"""The meeting as a value: given a time, moved, booked again; and the best time for it."""

from datetime import datetime, timedelta

from domain.calendar.interval import Interval
from domain.case import Case
from domain.engine.clock import ahead_of, due_at
from domain.engine.ledger import Status
from domain.meeting.slots import Slot, SlotRequest, find_slots
from domain.meeting.state import BOOK_BY_HAND, Meeting, Move
from domain.moments import meeting_limit
from domain.people import attendees, calendar_of, commander, home_calendar, leaders

BEYOND_THE_LIMIT = timedelta(days=21)
"""How far past the limit calendars are read, so that ten business days fit in."""

LONGEST_MINUTES = 120

MOVES_KEPT = 20
"""Of a meeting that is moved without end the newest are kept; the journal tells of the others."""


def begun(meeting: Meeting, start: datetime, end: datetime, now: datetime) -> Meeting:
    """Return the meeting with a time: a new version of everything that depends on it."""
    there = meeting.replace(start=start, end=end, booked=meeting.booked + 1, booked_at=now)
    return there.replace(missed_at=None)


def moved(  # noqa: PLR0913 - a move has that many parts
    case: Case, start: datetime, end: datetime | None, by: str, now: datetime, *, reason: str = ""
) -> Case:
    """Return the case with the meeting at another time, its length kept unless an end is given.

    A meeting that was deleted from the calendar gets a new event, even at the same time.
    """
    meeting = case.meeting if case.meeting.gone_at is None else _with_new_event(case.meeting)
    ends = end if end is not None and end > start else start + length(case)
    if start == meeting.start and case.meeting.gone_at is None:
        return case.replace(meeting=meeting.replace(end=ends))
    move = Move(start=start, at=now, by=by, reason=reason)
    there = begun(meeting, start, ends, now)
    return case.replace(meeting=there.replace(moves=(*meeting.moves[-(MOVES_KEPT - 1) :], move)))


def booked_again(case: Case, now: datetime) -> Case:
    """Return the case looking for another time: in the same event, unless that was deleted."""
    meeting = case.meeting if case.meeting.gone_at is None else _with_new_event(case.meeting)
    nowhere = meeting.replace(start=None, end=None, slots=(), missed_at=None)
    return case.replace(meeting=nowhere.replace(wanted_from=now))


def missed(case: Case, now: datetime) -> Case:
    """Return the case after a time that passed in silence: booked again so often, by policy.

    Then the commander decides (2.3). A time that nobody was asked to book does not count.
    """
    meeting = case.meeting
    if meeting.stands or _was_to_be_booked(case):
        meeting = meeting.replace(missed=meeting.missed + 1)
    if meeting.missed > case.binding.meeting.booked_again_in_silence:
        return case.replace(meeting=meeting.replace(missed_at=now))
    return booked_again(case.replace(meeting=meeting), now)


def _with_new_event(meeting: Meeting) -> Meeting:
    return meeting.replace(
        generation=meeting.generation + 1,
        gone_at=None,
        invited=(),
        responses={},
        url="",
        conference_url="",
        in_calendar=None,
        read_at=None,
    )


def with_time(case: Case, busy: dict[str, tuple[Interval, ...]], now: datetime) -> Case:
    """Return the case with the best time held for its meeting, unless somebody chose one."""
    if case.meeting.start is not None:
        return case
    slots = best_slots(case, busy, now)
    if not slots:
        without = case.replace(meeting=case.meeting.replace(missed_at=now))
        return without.with_anomaly(now, "no-time-found")
    best = slots[0]
    meeting = case.meeting.replace(slots=slots)
    return case.replace(meeting=begun(meeting, best.start, best.end, now))


def _was_to_be_booked(case: Case) -> bool:
    """Tell whether somebody was asked to book the present time by hand."""
    version, kind = str(case.meeting.booked), f"notice:{BOOK_BY_HAND}:"
    asked = (each for key, each in case.ledger.items() if key.startswith(kind))
    return any(e.version == version and e.status is not Status.UNAVAILABLE for e in asked)


def length(case: Case) -> timedelta:
    """Return how long the meeting is, or will be."""
    start, end = case.meeting.start, case.meeting.end
    return end - start if start and end else timedelta(minutes=meeting_minutes(case))


def meeting_minutes(case: Case) -> int:
    """Return the meeting's length: by severity, longer after a long incident (PM, S4)."""
    if case.incident is None or case.rules is None:
        return 60
    rules, began = case.rules, case.incident.began_at
    is_long = case.incident.resolved_at > due_at(
        began, rules.meeting.long_incident, home_calendar(case)
    )
    added = rules.meeting.long_incident_adds_minutes if is_long else 0
    return min(LONGEST_MINUTES, rules.severity.meeting_minutes + added)


def allowed_window(case: Case) -> Interval | None:
    """Return from the resolution up to the policy's limit (S2), in the home team's calendar."""
    limit = meeting_limit(case)
    if case.incident is None or limit is None:
        return None
    return Interval(start=case.incident.resolved_at, end=limit)


def search_window(case: Case) -> Interval | None:
    """Return when to look for a time: up to the limit, and some weeks more if need be."""
    window, start = allowed_window(case), case.meeting.wanted_from or case.opened_at
    if window is None or start is None:
        return None
    return Interval(start=start, end=max(start, window.end) + BEYOND_THE_LIMIT)


def best_slots(
    case: Case, busy: dict[str, tuple[Interval, ...]], now: datetime
) -> tuple[Slot, ...]:
    """Return the best times for the meeting, best first; the first one is held."""
    window = allowed_window(case)
    if window is None or case.rules is None or not case.is_set_up or case.incident is None:
        return ()
    invited = attendees(case)
    owner = case.ownership.owner or case.ownership.nominee
    needed = (owner, commander(case), case.meeting.facilitator)
    asked = {each.person for each in invited}
    home = home_calendar(case)
    began = max(_earliest(case, now), window.start)
    request = SlotRequest(
        earliest=began,
        limit=window.end,
        minutes=meeting_minutes(case),
        must=tuple(dict.fromkeys(person for person in needed if person in asked)),
        leaders=leaders(case),
        required=tuple(each.person for each in invited if not each.optional),
        optional=tuple(each.person for each in invited if each.optional),
        busy=busy,
        drafting_from=began,
        pre_read_before=began - ahead_of(began, case.rules.meeting.pre_read_before, home),
        resolved_at=case.incident.resolved_at,
        started_at=case.incident.began_at,
        calendars={each.person: calendar_of(case, each.person) for each in invited},
        home=home,
    )
    return find_slots(request)


def _earliest(case: Case, now: datetime) -> datetime:
    """Return from when on a time is looked for: a new one leaves the pre-read all of its time."""
    if case.meeting.booked == 0:
        return now
    return due_at(now, case.binding.meeting.pre_read_before, home_calendar(case))
