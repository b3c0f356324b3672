"""Slots: what is preferred to what, and a brute-force oracle for the whole order."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.directory_snapshot import Absence, ClockChange
from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar, is_working, limit
from domain.meeting.slots import STEP, Slot, SlotRequest, find_slots

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def office(*changes: tuple[str, int]) -> WorkCalendar:
    """Read instants in UTC and the offset in minutes from then on."""
    parsed = ((datetime.fromisoformat(at).replace(tzinfo=UTC), offset) for at, offset in changes)
    return WorkCalendar(
        changes=tuple(ClockChange(at=at, offset_minutes=offset) for at, offset in parsed)
    )


HOME = office(("2025-10-26 01:00", 60), ("2026-03-29 01:00", 120))
EASTERN = office(("2025-11-02 06:00", -300), ("2026-03-08 07:00", -240))
TOKYO = office(("2025-01-01 00:00", 540))
DAY = timedelta(days=1)


def berlin(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=BERLIN).astimezone(UTC)


def busy(*spans: str) -> tuple[Interval, ...]:
    """Read `10 09:00/12:00`: March 2026, Berlin time."""
    parts = (span.replace(" ", "/").split("/") for span in spans)
    return tuple(
        Interval(start=berlin(f"2026-03-{day} {start}"), end=berlin(f"2026-03-{day} {end}"))
        for day, start, end in parts
    )


def all_day(*days: str) -> tuple[Interval, ...]:
    return busy(*(f"{day} 09:00/17:00" for day in days))


def request(
    busy: Mapping[str, tuple[Interval, ...] | None] | None = None,
    now: str = "2026-03-09 10:00",
    limit: str = "2026-03-12 17:00",
    **fields: object,
) -> SlotRequest:
    """Monday 9 March 2026 10:00 in Berlin, limit Thursday 17:00, one hour, everybody free."""
    free = ("owner", "commander", "manager", "director", "responder", "guest")
    diaries = {**dict.fromkeys(free, ()), **(busy or {})}
    usual: dict[str, object] = {
        **dict.fromkeys(("earliest", "drafting_from", "resolved_at"), berlin(now)),
        "limit": berlin(limit),
        "minutes": 60,
        "must": ("owner", "commander"),
        "leaders": ("manager", "director"),
        "required": ("responder",),
        "busy": {person: taken for person, taken in diaries.items() if taken is not None},
        "pre_read_before": timedelta(hours=24),
        "home": HOME,
    }
    return SlotRequest.model_validate({**usual, **fields})


def best(asked: SlotRequest) -> Slot:
    return find_slots(asked)[0]


def test_the_worked_example_holds_the_meeting_on_wednesday_at_eleven() -> None:
    resolved = datetime(2026, 3, 6, 16, tzinfo=NEW_YORK)
    accepted = datetime(2026, 3, 9, 9, 30, tzinfo=NEW_YORK)
    wednesday = datetime(2026, 3, 11, tzinfo=NEW_YORK)
    taken = (Interval(start=wednesday.replace(hour=9), end=wednesday.replace(hour=11)),)
    asked = request(busy={"owner": taken}, home=EASTERN, resolved_at=resolved).replace(
        earliest=accepted,
        drafting_from=accepted,
        limit=limit(resolved, Span.model_validate("3bd"), EASTERN),
    )

    slot = best(asked)

    assert slot.start == wednesday.replace(hour=11)
    assert slot.pre_read_at == datetime(2026, 3, 10, 11, tzinfo=NEW_YORK)
    assert slot.pre_read_in_hours
    assert slot.inside_limit
    assert slot.why == (
        "Everybody required is free.",
        "At least one business day is left for drafting.",
        "The pre-read goes out 1 day before, in working hours.",
    )


def test_with_everybody_free_the_first_time_after_a_day_of_drafting_and_of_reading_wins() -> None:
    assert best(request()).start == berlin("2026-03-11 10:00")


def test_alternatives_are_two_hours_or_a_day_apart() -> None:
    starts = [slot.start for slot in find_slots(request())]

    assert starts == [berlin(f"2026-03-11 {clock}") for clock in ("10:00", "12:00", "14:00")]


def test_a_meeting_never_outlasts_working_hours_or_the_limit() -> None:
    taken = {"owner": busy("11 09:00/16:01", "12 09:00/16:01")}
    asked = request(busy=taken, limit="2026-03-12 16:30")

    assert all(slot.end <= berlin("2026-03-12 16:30") for slot in find_slots(asked, 20))
    assert best(asked).start == berlin("2026-03-10 10:00")


def test_one_free_leader_is_enough_and_a_busy_one_is_then_no_conflict() -> None:
    slot = best(request(busy={"director": all_day("11")}))

    assert slot.start == berlin("2026-03-11 10:00")
    assert slot.conflicts == ()


def test_a_free_leader_weighs_more_than_a_day_of_drafting() -> None:
    away = busy("10 12:00/17:00") + all_day("11", "12")

    slot = best(request(busy={"manager": away, "director": away}))

    assert slot.start == berlin("2026-03-10 10:00")
    assert "Less than one business day is left for drafting." in slot.why


def test_the_leader_gives_way_before_the_people_who_must_come() -> None:
    week = all_day("09", "10", "11", "12")
    taken = {"manager": week, "director": week, "owner": all_day("11")}

    slot = best(request(busy=taken))

    assert slot.start == berlin("2026-03-12 09:00")
    assert slot.conflicts == ("manager", "director")
    assert "No leader who can commit is free." in slot.why


def test_the_people_who_must_come_give_way_before_the_limit() -> None:
    taken = {"owner": all_day("09", "10", "11", "12")}

    slot = best(request(busy=taken, names={"owner": "Ada"}))

    assert slot.inside_limit
    assert slot.conflicts == ("owner",)
    assert "Busy: Ada." in slot.why


def test_fewer_conflicts_of_required_people_weigh_more_than_drafting() -> None:
    late_week = busy("10 14:00/17:00") + all_day("11", "12")

    assert best(request(busy={"responder": late_week})).start == berlin("2026-03-10 10:00")


def test_an_unreadable_calendar_is_better_than_one_known_to_be_away() -> None:
    slot = best(request(busy={"responder": None}, calendars={"responder": EASTERN}))

    assert slot.start == berlin("2026-03-11 14:00")
    assert slot.conflicts == ("responder",)
    assert "Calendar cannot be read: responder." in slot.why


def test_an_unreadable_leader_is_named_only_while_no_leader_is_known_to_be_free() -> None:
    week = all_day("09", "10", "11", "12")

    one_free = best(request(busy={"manager": None}))
    none_free = best(request(busy={"manager": None, "director": week}))

    assert one_free.conflicts == ()
    assert none_free.conflicts == ("manager",)
    assert "No leader who can commit is free." not in none_free.why


def test_somebody_outside_working_hours_is_a_conflict_even_if_unreadable() -> None:
    slot = best(request(calendars={"responder": TOKYO}, busy={"responder": None}))

    assert slot.conflicts == ("responder",)
    assert "Outside working hours: responder." in slot.why


def test_the_meeting_goes_where_working_hours_of_two_continents_overlap() -> None:
    slot = best(request(calendars={"responder": EASTERN}))

    assert slot.start == berlin("2026-03-11 14:00")


def test_somebody_absent_is_a_conflict() -> None:
    away = HOME.replace(absences=(Absence(first=date(2026, 3, 11), last=date(2026, 3, 11)),))

    assert best(request(calendars={"owner": away})).start == berlin("2026-03-12 09:00")


def test_nobody_meets_within_eleven_hours_of_a_nights_work_where_it_can_be_helped() -> None:
    asked = request(now="2026-03-09 03:00", limit="2026-03-09 17:00")

    assert best(asked).start == berlin("2026-03-09 14:00")


def test_a_night_that_ended_in_the_morning_counts_too() -> None:
    began = berlin("2026-03-08 23:00")

    slot = best(request(now="2026-03-09 07:00", limit="2026-03-09 17:00", started_at=began))

    assert slot.start == berlin("2026-03-09 09:00")
    assert "Less than 11 h after a night's work: owner, commander, responder." in slot.why


def test_an_evening_incident_for_one_is_a_nights_work_for_another() -> None:
    tokyo = {"responder": TOKYO}

    slot = best(request(now="2026-03-09 15:00", limit="2026-03-09 17:00", calendars=tokyo))

    assert "Less than 11 h after a night's work: responder." in slot.why


def test_a_pre_read_in_working_hours_is_preferred_and_one_on_a_sunday_is_said() -> None:
    friday = {"owner": all_day("06")}

    tuesday = best(request(busy=friday, now="2026-03-05 09:00", limit="2026-03-10 17:00"))
    monday = best(request(busy=friday, now="2026-03-05 09:00", limit="2026-03-09 17:00"))

    assert tuesday.start == berlin("2026-03-10 09:00")
    assert tuesday.pre_read_in_hours
    assert monday.start == berlin("2026-03-09 09:00")
    assert not monday.pre_read_in_hours
    assert "The pre-read, 1 day before, falls outside working hours." in monday.why


def test_too_little_notice_sends_the_pre_read_at_once() -> None:
    slot = best(request(limit="2026-03-09 17:00"))

    assert slot.start == berlin("2026-03-09 10:00")
    assert slot.pre_read_at == berlin("2026-03-09 10:00")
    assert "The pre-read goes out less than 1 day before." in slot.why


def test_an_optional_person_moves_the_meeting_within_its_day_only() -> None:
    morning = best(request(optional=("guest",), busy={"guest": busy("11 09:00/12:00")}))
    whole_day = best(request(optional=("guest",), busy={"guest": all_day("11")}))

    assert morning.start == berlin("2026-03-11 12:00")
    assert whole_day.start == berlin("2026-03-11 10:00")
    assert "Optional and not free: guest." in whole_day.why


def test_when_the_limit_has_passed_the_first_good_day_after_it_is_found() -> None:
    slots = find_slots(request(limit="2026-03-09 09:30"))

    assert [slot.inside_limit for slot in slots] == [False, False, False]
    assert slots[0].start == berlin("2026-03-10 10:00")
    assert slots[0].why[0] == "It is past the limit: no time was left inside it."


def test_past_the_limit_ten_business_days_are_searched_and_no_more() -> None:
    asked = request(limit="2026-03-09 09:30", minutes=480)

    slots = find_slots(asked, 30)

    assert max(slot.start for slot in slots) == berlin("2026-03-23 09:00")
    assert len(slots) == 10  # today it is too late for eight hours


def test_a_meeting_longer_than_the_working_day_has_no_slot() -> None:
    assert find_slots(request(minutes=481)) == ()


def test_holidays_of_the_home_calendar_are_left_out_even_when_all_else_is_worse() -> None:
    home = HOME.replace(holidays=frozenset({date(2026, 3, 10), date(2026, 3, 11)}))

    days = {slot.start.date() for slot in find_slots(request(home=home), 20)}

    assert days == {date(2026, 3, 9), date(2026, 3, 12)}


def test_overlapping_and_touching_appointments_count_as_one() -> None:
    taken = busy("11 09:00/15:00", "11 10:00/11:00", "11 15:00/15:30", "11 16:00/16:00")

    assert best(request(busy={"owner": taken})).start == berlin("2026-03-11 15:30")


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


def test_a_slot_survives_being_written_and_read() -> None:
    slot = best(request(busy={"owner": all_day("11")}))

    assert Slot.model_validate_json(slot.model_dump_json()) == slot
