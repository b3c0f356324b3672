"""The case's clock: the one place where a span becomes an instant.

Nothing that is due is ever stored as a date: it is computed from since when, how long and whose
calendar, so that a changed severity, calendar or hold moves it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.calendar import working_time
from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar


def due_at(
    since: datetime, span: Span, calendar: WorkCalendar, holds: Sequence[Interval] = ()
) -> datetime:
    """Return when a span is over that began at an instant, in somebody's calendar, in UTC.

    What was held meanwhile does not count: it is added at the end.
    """
    return _held_up(since, working_time.after(since, span, calendar), holds)


def limit_at(
    since: datetime, span: Span, calendar: WorkCalendar, holds: Sequence[Interval] = ()
) -> datetime:
    """Return by when something must have happened: days end with working hours (4.1, 4.3)."""
    return _held_up(since, working_time.limit(since, span, calendar), holds)


def ahead_of(instant: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """Return the instant one span before something that has its time, in UTC."""
    return working_time.before(instant, span, calendar)


def _held_up(since: datetime, due: datetime, holds: Sequence[Interval]) -> datetime:
    for hold in sorted(holds, key=lambda each: each.start):
        if hold.start < due and hold.end > since:
            due += max(hold.end - max(hold.start, since), timedelta())
    return due
