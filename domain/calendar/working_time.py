"""Working hours, business days and clock changes, computed with the snapshot alone.

Instants go in with any offset and come out in UTC. Working hours include both ends: 17:00 is
still working time, 17:01 is not (ours).
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple, Self

from pydantic import model_validator

from domain.calendar.directory_snapshot import Absence, ClockChange, DirectorySnapshot, Person, Team
from domain.calendar.spans import Span, Unit
from domain.engine.remembering import remembered
from domain.engine.value import PersonId, Value

DUE_AFTER_ACCEPTANCE_DAYS = 5
"""Business days an action item has at the least, however late it was accepted (4.15, ours)."""

_DAY = timedelta(days=1)
_OFFICE_WEEKDAYS = (0, 1, 2, 3, 4)
_OFFICE_HOURS = (time(9), time(17))
_SEARCHED_DAYS = 400  # longer than any snapshot; an absence without end must not hang a case


class WorkCalendar(Value):
    """When somebody works: zone, weekdays (Monday is 0), local hours, holidays, absences.

    >>> office = WorkCalendar(holidays=frozenset({date(2027, 1, 1)}))
    >>> office.business_days_after(date(2026, 12, 31), 1)
    datetime.date(2027, 1, 4)
    """

    changes: tuple[ClockChange, ...] = ()
    weekdays: tuple[int, ...] = _OFFICE_WEEKDAYS
    hours: tuple[time, time] = _OFFICE_HOURS
    holidays: frozenset[date] = frozenset()
    absences: tuple[Absence, ...] = ()

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.hours[0] >= self.hours[1]:
            raise ValueError("Working hours end before they begin: check hours.")
        return self

    def is_business_day(self, day: date) -> bool:
        """Tell whether any work is done on a day."""
        return (
            day.weekday() in self.weekdays
            and day not in self.holidays
            and not any(away.first <= day <= away.last for away in self.absences)
        )

    def business_days_after(self, day: date, n: int) -> date:
        """Return the n-th business day after a day; for 0 the day itself, rolled forward."""
        if n == 0:
            return self.roll_forward(day)
        for _ in range(n):
            day = self.roll_forward(day + _DAY)
        return day

    def business_days_before(self, day: date, n: int) -> date:
        """Return the n-th business day before a day; for 0 the day itself, rolled back."""
        if n == 0:
            return self.roll_back(day)
        for _ in range(n):
            day = self.roll_back(day - _DAY)
        return day

    def roll_forward(self, day: date) -> date:
        """Return the day, or the first business day after it."""
        return self._nearest(day, _DAY)

    def roll_back(self, day: date) -> date:
        """Return the day, or the last business day before it."""
        return self._nearest(day, -_DAY)

    def opens_at(self, day: date) -> datetime:
        """Return the instant at which working hours begin on a day."""
        return instant_at(day, self.hours[0], self.changes)

    def closes_at(self, day: date) -> datetime:
        """Return the instant at which working hours end on a day."""
        return instant_at(day, self.hours[1], self.changes)

    def _nearest(self, day: date, step: timedelta) -> date:
        for _ in range(_SEARCHED_DAYS):
            if self.is_business_day(day):
                break
            day += step
        return day


def calendar_of_person(snapshot: DirectorySnapshot, person: PersonId) -> WorkCalendar:
    """Return when a person works; of somebody unknown, Monday to Friday 9 to 17 UTC."""
    return _calendar(snapshot, snapshot.people.get(person))


def calendar_of_team(snapshot: DirectorySnapshot, team: str) -> WorkCalendar:
    """Return when a team works; of a team unknown, Monday to Friday 9 to 17 UTC."""
    return _calendar(snapshot, snapshot.teams.get(team))


def local(instant: datetime, changes: tuple[ClockChange, ...]) -> datetime:
    """Return an instant as the clocks of a zone show it; without changes, in UTC."""
    if not changes:
        return instant.astimezone(UTC)
    clocks = _clocks(changes)
    passed = bisect_right(clocks.changed_at, instant)
    return instant.astimezone(timezone(clocks.offsets[max(passed - 1, 0)]))


def instant_at(day: date, at: time, changes: tuple[ClockChange, ...]) -> datetime:
    """Return the instant at which the clocks of a zone show a time, in UTC.

    A time that clocks skip is moved forward by what they skip; of a time shown twice, the
    first counts.
    """
    shown = datetime.combine(day, at, tzinfo=UTC)
    if not changes:
        return shown
    clocks = _clocks(changes)
    return shown - clocks.offsets[bisect_right(clocks.shown_at, shown)]


def limit(resolved_at: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """Return by when something must have happened, never before `resolved_at` (4.1, 4.3).

    The day of resolving is day 0. Business and calendar days end with the working hours of the
    last day. A calendar day without work is rolled back (4.1), unless that leaves no day after
    day 0: then forward (ours). Hours and minutes elapse.
    """
    resolved = resolved_at.astimezone(UTC)
    day_zero = local(resolved, calendar.changes).date()
    match span.unit:
        case Unit.BUSINESS_DAYS:
            last = calendar.business_days_after(day_zero, span.amount)
        case Unit.DAYS:
            named = day_zero + timedelta(days=span.amount)
            back = calendar.roll_back(named)
            last = back if back > day_zero else calendar.roll_forward(named)
        case _:
            return after(resolved, span, calendar)
    closing = calendar.closes_at(last)
    if closing < resolved:
        return calendar.closes_at(calendar.business_days_after(last, 1))
    return closing


def after(instant: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """Return the instant one span later.

    Minutes and hours elapse; days keep the local time. Business hours count while the calendar
    works, business days keep the local time of day; both begin at the next working moment.
    """
    instant = instant.astimezone(UTC)
    match span.unit:
        case Unit.MINUTES:
            return instant + timedelta(minutes=span.amount)
        case Unit.HOURS:
            return instant + timedelta(hours=span.amount)
        case Unit.DAYS:
            return _same_time(instant, span.amount, calendar)
        case Unit.BUSINESS_HOURS:
            return _worked_forward(instant, timedelta(hours=span.amount), calendar)
        case _:
            start = local(next_working_moment(instant, calendar), calendar.changes)
            day = calendar.business_days_after(start.date(), span.amount)
            return instant_at(day, start.time(), calendar.changes)


def before(instant: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """Return the instant one span earlier: 24 h before is 24 elapsed hours before (4.7).

    Business hours and days count back from the last working moment.
    """
    instant = instant.astimezone(UTC)
    match span.unit:
        case Unit.MINUTES:
            return instant - timedelta(minutes=span.amount)
        case Unit.HOURS:
            return instant - timedelta(hours=span.amount)
        case Unit.DAYS:
            return _same_time(instant, -span.amount, calendar)
        case Unit.BUSINESS_HOURS:
            return _worked_back(instant, timedelta(hours=span.amount), calendar)
        case _:
            start = local(last_working_moment(instant, calendar), calendar.changes)
            day = calendar.business_days_before(start.date(), span.amount)
            return instant_at(day, start.time(), calendar.changes)


def is_working(instant: datetime, calendar: WorkCalendar) -> bool:
    """Tell whether an instant lies in working hours, both ends included."""
    shown = local(instant, calendar.changes)
    opening, closing = calendar.hours
    return opening <= shown.time() <= closing and calendar.is_business_day(shown.date())


def next_working_moment(instant: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first working moment at or after an instant."""
    if is_working(instant, calendar):
        return instant.astimezone(UTC)
    shown = local(instant, calendar.changes)
    over = shown.time() > calendar.hours[1]
    return calendar.opens_at(calendar.roll_forward(shown.date() + over * _DAY))


def last_working_moment(instant: datetime, calendar: WorkCalendar) -> datetime:
    """Return the last working moment at or before an instant."""
    if is_working(instant, calendar):
        return instant.astimezone(UTC)
    shown = local(instant, calendar.changes)
    early = shown.time() < calendar.hours[0]
    return calendar.closes_at(calendar.roll_back(shown.date() - early * _DAY))


def next_business_morning(instant: datetime, calendar: WorkCalendar) -> datetime:
    """Return when working hours begin on the first business day after an instant's local day."""
    today = local(instant, calendar.changes).date()
    return calendar.opens_at(calendar.business_days_after(today, 1))


def due_date(
    resolved_at: datetime, days: int, accepted_at: datetime, calendar: WorkCalendar
) -> date:
    """Return when an action item is due: days after resolving, rolled forward (4.15).

    An item accepted late still has `DUE_AFTER_ACCEPTANCE_DAYS` business days.
    """
    resolved_on = local(resolved_at, calendar.changes).date()
    accepted_on = local(accepted_at, calendar.changes).date()
    return max(
        calendar.roll_forward(resolved_on + timedelta(days=days)),
        calendar.business_days_after(accepted_on, DUE_AFTER_ACCEPTANCE_DAYS),
    )


def working_windows(
    first: date, last: date, calendar: WorkCalendar
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working hours of each business day from first to last, as instants."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if calendar.is_business_day(day):
            yield calendar.opens_at(day), calendar.closes_at(day)


class _Clocks(NamedTuple):
    """The changes of a zone's clocks; the first is how they stood before.

    `shown_at` is from which shown time on an offset counts: what both offsets of a change show.
    """

    changed_at: tuple[datetime, ...]
    offsets: tuple[timedelta, ...]
    shown_at: tuple[datetime, ...]


@remembered
def _clocks(changes: tuple[ClockChange, ...]) -> _Clocks:
    offsets = tuple(timedelta(minutes=each.offset_minutes) for each in changes)
    later = map(max, offsets[1:], offsets)
    return _Clocks(
        changed_at=tuple(each.at for each in changes),
        offsets=offsets,
        shown_at=tuple(each.at + ahead for each, ahead in zip(changes[1:], later, strict=True)),
    )


def _calendar(snapshot: DirectorySnapshot, worker: Person | Team | None) -> WorkCalendar:
    if worker is None:
        return WorkCalendar()
    opening, closing = worker.hours
    return WorkCalendar(
        changes=snapshot.zones.get(worker.zone, ()),
        weekdays=worker.weekdays or _OFFICE_WEEKDAYS,
        hours=worker.hours if opening < closing else _OFFICE_HOURS,
        holidays=frozenset(snapshot.holidays.get(worker.holidays, ())),
        absences=worker.absences if isinstance(worker, Person) else (),
    )


def _same_time(instant: datetime, days: int, calendar: WorkCalendar) -> datetime:
    shown = local(instant, calendar.changes)
    return instant_at(shown.date() + timedelta(days=days), shown.time(), calendar.changes)


def _worked_forward(instant: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    moment = next_working_moment(instant, calendar)
    while True:
        day = local(moment, calendar.changes).date()
        closing = calendar.closes_at(day)
        if moment + left <= closing:
            return moment + left
        left -= closing - moment
        moment = calendar.opens_at(calendar.business_days_after(day, 1))


def _worked_back(instant: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    moment = last_working_moment(instant, calendar)
    while True:
        day = local(moment, calendar.changes).date()
        opening = calendar.opens_at(day)
        if moment - left >= opening:
            return moment - left
        left -= moment - opening
        moment = calendar.closes_at(calendar.business_days_before(day, 1))
