"""The meeting as a value: given a time, moved, and booked again."""

from datetime import datetime, timedelta

from domain.case import Case, Meeting, Move
from domain.invitation import meeting_minutes


def begun(meeting: Meeting, start: datetime, end: datetime, now: datetime) -> Meeting:
    """Return the meeting with a time: a new version of everything that depends on it."""
    return meeting.replace(start=start, end=end, booked=meeting.booked + 1, booked_at=now)


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
    return case.replace(meeting=there.replace(moves=(*meeting.moves, move)))


def length(case: Case) -> timedelta:
    """Return how long the meeting is, or will be."""
    start, end = case.meeting.start, case.meeting.end
    return end - start if start and end else timedelta(minutes=meeting_minutes(case))


def booked_again(case: Case, now: datetime) -> Case:
    """Return the case looking for another time: in the same event, unless that was deleted."""
    meeting = case.meeting if case.meeting.gone_at is None else _with_new_event(case.meeting)
    return case.replace(meeting=meeting.replace(start=None, end=None, slots=(), wanted_from=now))


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
