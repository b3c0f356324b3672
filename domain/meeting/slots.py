"""When to hold the meeting: every quarter of an hour is ranked, the best few are named.

What gives way, and in which order, when not everything can be had (design 5.5, ours): first the
leader who can commit, then the people who must come, last the limit. Inside that, from the
heaviest to the lightest: conflicts of required people, calendars that cannot be read, a business
day for drafting, notice for the pre-read, rest after a night's work, a pre-read in working hours,
an early day, conflicts of optional people, an early hour.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime, Field

from domain.calendar.interval import Interval
from domain.calendar.spans import Span, Unit
from domain.calendar.working_time import (
    WorkCalendar,
    after,
    instant_at,
    is_working,
    local,
    working_windows,
)
from domain.engine.value import PersonId, Value

STEP = timedelta(minutes=15)
"""Meetings begin this far apart, counted from the start of working hours (ours)."""

APART = timedelta(hours=2)
"""Alternatives on one day differ by at least this (ours)."""

REST = timedelta(hours=11)
"""Rest after a night's work: the daily rest of directive 2003/88/EC, article 3."""

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
"""Local hours in which work on an incident counts as a night's work (ours)."""

DRAFTING = Span(amount=1, unit=Unit.BUSINESS_DAYS)
"""What an owner should have for drafting before the pre-read (ours)."""

LATE_DAYS = 10
"""Business days searched beyond the limit when nothing is left inside it (ours)."""

_SEARCHED_DAYS = 20  # business days: no limit is longer, and a search must stay quick
_DAY = timedelta(days=1)


class SlotRequest(Value):
    """Who should meet, for how many minutes, between when and when, and what is known of them.

    `busy` lacks people whose calendar cannot be read. People without a calendar of working hours
    are taken to work as `home` does, the calendar of the owner's team.
    """

    earliest: AwareDatetime
    limit: AwareDatetime
    minutes: int
    must: tuple[PersonId, ...] = ()
    leaders: tuple[PersonId, ...] = ()
    required: tuple[PersonId, ...] = ()
    optional: tuple[PersonId, ...] = ()
    busy: dict[PersonId, tuple[Interval, ...]] = Field(default_factory=dict)
    drafting_from: AwareDatetime
    pre_read_before: timedelta
    resolved_at: AwareDatetime
    started_at: AwareDatetime | None = None
    calendars: dict[PersonId, WorkCalendar] = Field(default_factory=dict)
    home: WorkCalendar


class SlotReason(StrEnum):
    """What speaks for or against a time."""

    PAST_LIMIT = "past-limit"
    ALL_FREE = "all-free"
    BUSY = "busy"
    OUTSIDE_HOURS = "outside-hours"
    UNREADABLE = "unreadable"
    NO_LEADER = "no-leader"
    DAY_TO_DRAFT = "day-to-draft"
    HURRIED_DRAFT = "hurried-draft"
    PRE_READ_IN_HOURS = "pre-read-in-hours"
    PRE_READ_OUTSIDE_HOURS = "pre-read-outside-hours"
    PRE_READ_SHORT = "pre-read-short"
    AFTER_NIGHT_WORK = "after-night-work"
    OPTIONAL_MISSING = "optional-missing"


class Reason(Value):
    """One thing that speaks for or against a time, as facts: about whom, and how long.

    `span` is by how much the pre-read goes ahead, or how long people rest after a night's work.
    """

    kind: SlotReason
    people: tuple[PersonId, ...] = ()
    span: timedelta | None = None


class Slot(Value):
    """A time for the meeting, in UTC, with what speaks for and against it.

    `conflicts` are people who must come or are required and are busy, outside their working
    hours or unreadable, and the leaders where none is free. `pre_read_at` is at once where the
    notice is too short.
    """

    start: AwareDatetime
    end: AwareDatetime
    conflicts: tuple[PersonId, ...] = ()
    inside_limit: bool
    pre_read_at: AwareDatetime
    pre_read_in_hours: bool
    reasons: tuple[Reason, ...] = ()


def find_slots(request: SlotRequest, count: int = 3) -> tuple[Slot, ...]:
    """Return the best times inside the limit, best first; if it leaves none, times soon after.

    There may be fewer than `count`, and none where the meeting is longer than working hours.
    """
    for inside in (True, False):
        starts = list(_starts(request, inside=inside))
        if starts:
            search = _Search(request, starts)
            ranked = sorted(map(search.assessed, starts), key=_by_rank if inside else _by_day)
            best = _apart(ranked, count)
            return tuple(search.slot(each, inside=inside) for each in best)
    return ()


class _State(Enum):
    FREE = None
    UNKNOWN = SlotReason.UNREADABLE
    BUSY = SlotReason.BUSY
    AWAY = SlotReason.OUTSIDE_HOURS

    @property
    def prevents(self) -> bool:
        return self in (_State.BUSY, _State.AWAY)


class _Rank(NamedTuple):
    """What is wrong with a time, the heaviest first; the smallest is the best."""

    must_missing: int
    no_leader: bool
    taken: int
    unreadable: int
    hurried: bool
    short_notice: bool
    tired: int
    pre_read_closed: bool
    day: date
    optional_missing: int
    start: datetime


class _Assessed(NamedTuple):
    rank: _Rank
    conflicts: dict[PersonId, _State]
    pre_read_at: datetime
    tired: tuple[PersonId, ...]
    optional_missing: tuple[PersonId, ...]


class _Diary(NamedTuple):
    """One person's working hours and appointments, sorted for bisection."""

    opens: list[datetime]
    closes: list[datetime]
    readable: bool
    taken_from: list[datetime]
    taken_until: list[datetime]
    rested_at: datetime | None

    def state(self, start: datetime, end: datetime) -> _State:
        window = bisect_right(self.opens, start) - 1
        if window < 0 or self.closes[window] < end:
            return _State.AWAY
        if not self.readable:
            return _State.UNKNOWN
        last = bisect_left(self.taken_from, end) - 1
        return _State.BUSY if last >= 0 and self.taken_until[last] > start else _State.FREE


class _Search:
    """One request, with everybody's diary opened for the days in question."""

    def __init__(self, request: SlotRequest, starts: list[datetime]) -> None:
        self._request = request
        self._length = timedelta(minutes=request.minutes)
        self._needed = tuple(dict.fromkeys((*request.must, *request.required)))
        self._optional = tuple(p for p in request.optional if p not in self._needed)
        self._earliest = request.earliest.astimezone(UTC)
        self._drafted_at = after(request.drafting_from, DRAFTING, request.home)
        first, last = starts[0].date() - _DAY, starts[-1].date() + _DAY
        people = dict.fromkeys((*self._needed, *request.leaders, *self._optional))
        self._diaries = {person: _diary(request, person, first, last) for person in people}

    def assessed(self, start: datetime) -> _Assessed:
        """Judge one time."""
        request, end = self._request, start + self._length
        states = {person: diary.state(start, end) for person, diary in self._diaries.items()}
        conflicts = {p: states[p] for p in self._needed if states[p] is not _State.FREE}
        conflicts |= _without_leader({p: states[p] for p in request.leaders})
        pre_read_at = max(start - request.pre_read_before, self._earliest)
        tired = tuple(p for p in self._needed if self._is_tired(p, start))
        missed = tuple(p for p in self._optional if states[p].prevents)
        taken = sum(state.prevents for state in conflicts.values())
        rank = _Rank(
            must_missing=sum(states[p].prevents for p in dict.fromkeys(request.must)),
            no_leader=bool(request.leaders) and all(states[p].prevents for p in request.leaders),
            taken=taken,
            unreadable=len(conflicts) - taken,
            hurried=pre_read_at < self._drafted_at,
            short_notice=start - request.pre_read_before < self._earliest,
            tired=len(tired),
            pre_read_closed=not is_working(pre_read_at, request.home),
            day=local(start, request.home.changes).date(),
            optional_missing=len(missed),
            start=start,
        )
        return _Assessed(rank, conflicts, pre_read_at, tired, missed)

    def slot(self, assessed: _Assessed, *, inside: bool) -> Slot:
        """Describe one time, for people to choose from."""
        rank = assessed.rank
        return Slot(
            start=rank.start,
            end=rank.start + self._length,
            conflicts=tuple(assessed.conflicts),
            inside_limit=inside,
            pre_read_at=assessed.pre_read_at,
            pre_read_in_hours=not rank.pre_read_closed,
            reasons=tuple(self._reasons(assessed, inside=inside)),
        )

    def _reasons(self, assessed: _Assessed, *, inside: bool) -> Iterator[Reason]:
        rank, ahead = assessed.rank, self._request.pre_read_before
        if not inside:
            yield Reason(kind=SlotReason.PAST_LIMIT)
        yield from _attendance(assessed.conflicts)
        if rank.no_leader:
            yield Reason(kind=SlotReason.NO_LEADER)
        drafting = SlotReason.HURRIED_DRAFT if rank.hurried else SlotReason.DAY_TO_DRAFT
        yield Reason(kind=drafting)
        yield Reason(kind=_pre_read(rank), span=ahead)
        if assessed.tired:
            yield Reason(kind=SlotReason.AFTER_NIGHT_WORK, people=assessed.tired, span=REST)
        if assessed.optional_missing:
            yield Reason(kind=SlotReason.OPTIONAL_MISSING, people=assessed.optional_missing)

    def _is_tired(self, person: PersonId, start: datetime) -> bool:
        rested_at = self._diaries[person].rested_at
        return rested_at is not None and start < rested_at


def _attendance(conflicts: dict[PersonId, _State]) -> Iterator[Reason]:
    """Yield that everybody is free, or who is held up by what."""
    if not conflicts:
        yield Reason(kind=SlotReason.ALL_FREE)
    for kind in (SlotReason.BUSY, SlotReason.OUTSIDE_HOURS, SlotReason.UNREADABLE):
        held_up = tuple(person for person, state in conflicts.items() if state.value is kind)
        if held_up:
            yield Reason(kind=kind, people=held_up)


def _pre_read(rank: _Rank) -> SlotReason:
    if rank.short_notice:
        return SlotReason.PRE_READ_SHORT
    if rank.pre_read_closed:
        return SlotReason.PRE_READ_OUTSIDE_HOURS
    return SlotReason.PRE_READ_IN_HOURS


def _starts(request: SlotRequest, *, inside: bool) -> Iterator[datetime]:
    home, length = request.home, timedelta(minutes=request.minutes)
    begin = request.earliest if inside else max(request.earliest, request.limit - length)
    first = local(begin, home.changes).date()
    if inside:
        horizon = home.business_days_after(first, _SEARCHED_DAYS)
        last = min(local(request.limit, home.changes).date(), horizon)
    else:
        last = home.business_days_after(local(max(begin, request.limit), home.changes).date(), 0)
        last = home.business_days_after(last, LATE_DAYS)
    for opens, closes in working_windows(first, last, home):
        start = opens
        while start + length <= closes:
            if start >= request.earliest and (start + length <= request.limit) is inside:
                yield start
            start += STEP


def _diary(request: SlotRequest, person: PersonId, first: date, last: date) -> _Diary:
    calendar = request.calendars.get(person, request.home)
    windows = list(working_windows(first, last, calendar))
    taken = _merged(request.busy.get(person, ()))
    return _Diary(
        opens=[opens for opens, _ in windows],
        closes=[closes for _, closes in windows],
        readable=person in request.busy,
        taken_from=[start for start, _ in taken],
        taken_until=[end for _, end in taken],
        rested_at=request.resolved_at + REST if _worked_at_night(request, calendar) else None,
    )


def _merged(intervals: Iterable[Interval]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted((each.start, each.end) for each in intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def _worked_at_night(request: SlotRequest, calendar: WorkCalendar) -> bool:
    resolved = local(request.resolved_at, calendar.changes)
    if resolved.time() >= NIGHT_BEGINS:
        return True
    night_over = instant_at(resolved.date(), NIGHT_ENDS, calendar.changes)
    return (request.started_at or request.resolved_at) < night_over


def _without_leader(leaders: dict[PersonId, _State]) -> dict[PersonId, _State]:
    """Return the leaders who hold up a time: nobody where one is free, else those nearest to it."""
    if _State.FREE in leaders.values():
        return {}
    perhaps = {person: state for person, state in leaders.items() if not state.prevents}
    return perhaps or leaders


def _by_rank(assessed: _Assessed) -> _Rank:
    return assessed.rank


def _by_day(assessed: _Assessed) -> tuple[object, ...]:
    """Past the limit an early day weighs more than anything but the people who must come."""
    rank = assessed.rank
    needs = (rank.must_missing, rank.no_leader, rank.short_notice, rank.tired)
    return (*needs, rank.day, rank)


def _apart(ranked: Iterable[_Assessed], count: int) -> list[_Assessed]:
    chosen: list[_Assessed] = []
    for each in ranked:
        if len(chosen) == count:
            break
        if all(_differ(each.rank, other.rank) for other in chosen):
            chosen.append(each)
    return chosen


def _differ(one: _Rank, other: _Rank) -> bool:
    return one.day != other.day or abs(one.start - other.start) >= APART
