"""Slots against brute force: an oracle that looks at every quarter of an hour."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.interval import Interval
from domain.calendar.working_time import WorkCalendar, is_working
from domain.meeting.slots import STEP, SlotRequest, find_slots
from tests.domain.meeting.offices import EASTERN, HOME, TOKYO, berlin

DAY = timedelta(days=1)
PEOPLE = ("a", "b", "c", "d", "e")
MONDAY = berlin("2026-03-23 00:00")  # the clocks change on the 29th
TIMES = st.integers(0, 9 * 24 * 4).map(lambda quarter: MONDAY + quarter * STEP)
INTERVALS = st.builds(
    lambda start, quarters: Interval(start=start, end=start + quarters * STEP),
    TIMES,
    st.integers(1, 40),
)
FORTNIGHT = st.dates(date(2026, 3, 23), date(2026, 4, 3))
SOMEBODY = st.sampled_from(PEOPLE)
SOME = st.lists(SOMEBODY, max_size=3, unique=True).map(tuple)


@st.composite
def requests(draw: st.DrawFn) -> SlotRequest:
    resolved = draw(TIMES)
    earliest = resolved + draw(st.integers(0, 30)) * timedelta(hours=1)
    return SlotRequest(
        earliest=earliest,
        limit=resolved + draw(st.integers(0, 5 * 24)) * timedelta(hours=1),
        minutes=draw(st.sampled_from([15, 45, 60, 120])),
        must=draw(SOME),
        leaders=draw(SOME),
        required=draw(SOME),
        optional=draw(SOME),
        busy=draw(st.dictionaries(SOMEBODY, st.lists(INTERVALS, max_size=6).map(tuple))),
        drafting_from=earliest - draw(st.integers(0, 48)) * timedelta(hours=1),
        pre_read_before=timedelta(hours=draw(st.sampled_from([0, 4, 24, 48]))),
        resolved_at=resolved,
        started_at=draw(st.none() | st.just(resolved - timedelta(hours=5))),
        calendars=draw(st.dictionaries(SOMEBODY, st.sampled_from([HOME, EASTERN, TOKYO]))),
        home=HOME.replace(holidays=draw(st.frozensets(FORTNIGHT, max_size=3))),
    )


ZONES = {60: "Europe/Berlin", -300: "America/New_York", 540: "Asia/Tokyo"}


def clock_of(calendar: WorkCalendar, instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONES[calendar.changes[0].offset_minutes]))


def works(calendar: WorkCalendar, start: datetime, end: datetime) -> bool:
    """Look at every quarter of an hour: slow, and independent of the module's windows."""
    quarters = range((end - start) // STEP + 1)
    shown = [clock_of(calendar, start + quarter * STEP) for quarter in quarters]
    return all(
        each.weekday() < 5
        and each.date() not in calendar.holidays
        and time(9) <= each.time() <= time(17)
        for each in shown
    )


def grade(asked: SlotRequest, person: str, start: datetime) -> int:
    """0 free, 1 unreadable, 2 busy or away."""
    end = start + timedelta(minutes=asked.minutes)
    if not works(asked.calendars.get(person, asked.home), start, end):
        return 2
    if person not in asked.busy:
        return 1
    meeting = Interval(start=start, end=end)
    return 2 if any(meeting.overlaps(each) for each in asked.busy[person]) else 0


def is_tired(asked: SlotRequest, person: str, start: datetime) -> bool:
    calendar = asked.calendars.get(person, asked.home)
    at = asked.started_at or asked.resolved_at
    shown = clock_of(calendar, asked.resolved_at)
    at_night = shown.hour >= 22 or shown.hour < 6
    woken = clock_of(calendar, at) < shown.replace(hour=6, minute=0)
    return (at_night or woken) and start < asked.resolved_at + timedelta(hours=11)


def oracle(asked: SlotRequest, start: datetime) -> tuple[object, ...]:
    needed = set(asked.must) | set(asked.required)
    grades = {person: grade(asked, person, start) for person in PEOPLE}
    leading = min((grades[p] for p in asked.leaders), default=0)
    conflicts = {p for p in needed if grades[p]}
    if leading:
        conflicts |= {p for p in asked.leaders if grades[p] == leading}
    ready = asked.drafting_from
    while not works(asked.home, ready, ready):
        ready += STEP
    shown = clock_of(asked.home, ready)
    shown += DAY  # wall-clock arithmetic: the same time of day
    while not works(asked.home, shown.astimezone(UTC), shown.astimezone(UTC)):
        shown += DAY
    pre_read = max(start - asked.pre_read_before, asked.earliest)
    return (
        sum(grades[p] == 2 for p in asked.must),
        leading == 2,
        sum(grades[p] == 2 for p in conflicts),
        sum(grades[p] == 1 for p in conflicts),
        pre_read < shown.astimezone(UTC),
        start - asked.pre_read_before < asked.earliest,
        sum(is_tired(asked, p, start) for p in needed),
        not works(asked.home, pre_read, pre_read),
        clock_of(asked.home, start).date(),
        sum(grades[p] == 2 for p in set(asked.optional) - needed),
        start,
    )


def every_start(asked: SlotRequest) -> list[datetime]:
    length = timedelta(minutes=asked.minutes)
    last = asked.limit - length
    starts = (asked.earliest + n * STEP for n in range((last - asked.earliest) // STEP + 1))
    return [start for start in starts if works(asked.home, start, start + length)]


@settings(max_examples=60, deadline=None)
@given(requests())
def test_inside_the_limit_the_best_slot_is_the_one_brute_force_finds(asked: SlotRequest) -> None:
    starts = every_start(asked)

    slots = find_slots(asked)

    if starts:
        ranks = [oracle(asked, slot.start) for slot in slots]
        assert ranks[0] == min(oracle(asked, start) for start in starts)
        assert ranks == sorted(ranks)
    else:
        assert all(not slot.inside_limit for slot in slots)


@given(requests(), st.integers(1, 6))
def test_slots_keep_to_the_home_calendar_apart_from_each_other_and_to_their_word(
    asked: SlotRequest, count: int
) -> None:
    slots = find_slots(asked, count)

    assert len(slots) <= count
    assert slots == find_slots(asked, count)
    for slot in slots:
        assert is_working(slot.start, asked.home)
        assert is_working(slot.end, asked.home)
        assert slot.end - slot.start == timedelta(minutes=asked.minutes)
        assert slot.start >= asked.earliest
        assert slot.inside_limit == (slot.end <= asked.limit)
        assert asked.earliest <= slot.pre_read_at <= slot.start
        assert slot.pre_read_in_hours == is_working(slot.pre_read_at, asked.home)
    for one, other in combinations(slots, 2):
        another_day = one.start.date() != other.start.date()
        assert another_day or abs(one.start - other.start) >= timedelta(hours=2)
