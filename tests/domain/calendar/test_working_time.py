"""Working time: the date vectors of the domain notes, roll rules, and properties."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays as public_holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.calendar.directory_snapshot import Absence, ClockChange, DirectorySnapshot, Person, Team
from domain.calendar.spans import Span
from domain.calendar.working_time import (
    WorkCalendar,
    after,
    before,
    calendar_of_person,
    calendar_of_team,
    due_date,
    instant_at,
    is_working,
    last_working_moment,
    limit,
    local,
    next_business_morning,
    next_working_moment,
    working_windows,
)

FROM = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
ZONES = (
    *("America/New_York", "Europe/Berlin", "Europe/London", "Asia/Jerusalem"),
    *("Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Auckland"),
)


@cache
def clock_changes(zone: str) -> tuple[ClockChange, ...]:
    """Find the changes; each lies on a whole or half hour of UTC."""
    clock = ZoneInfo(zone)
    changes: list[ClockChange] = []
    at = FROM - timedelta(days=1)
    while at < UNTIL:
        offset = at.astimezone(clock).utcoffset() or timedelta()
        minutes = offset // timedelta(minutes=1)
        if not changes or changes[-1].offset_minutes != minutes:
            changes.append(ClockChange(at=at, offset_minutes=minutes))
        at += timedelta(minutes=30)
    return tuple(changes)


def calendar(zone: str, **fields: object) -> WorkCalendar:
    return WorkCalendar.model_validate({"changes": clock_changes(zone), **fields})


def london() -> WorkCalendar:
    days = public_holidays.country_holidays("GB", subdiv="ENG", years=(2026, 2027))
    return calendar("Europe/London", holidays=frozenset(days))


def new_york() -> WorkCalendar:
    return calendar("America/New_York")


def jerusalem() -> WorkCalendar:
    return calendar("Asia/Jerusalem", weekdays=(6, 0, 1, 2, 3))


def span(written: str) -> Span:
    return Span.model_validate(written)


def at(zone: str, written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


OFFICES = {"Europe/London": london, "Asia/Jerusalem": jerusalem}
LENGTHS = ("3bd", "5bd", "3d", "1bd")
VECTORS = [
    ("America/New_York", "2026-03-06 16:00", "2026-03-11 2026-03-13 2026-03-09 2026-03-09"),
    ("America/New_York", "2026-03-07 03:00", "2026-03-11 2026-03-13 2026-03-10 2026-03-09"),
    ("Europe/Berlin", "2026-03-09 09:00", "2026-03-12 2026-03-16 2026-03-12 2026-03-10"),
    # Three calendar days end on Saturday the 26th, which rolls back.
    ("Europe/London", "2026-12-23 23:30", "2026-12-30 2027-01-04 2026-12-24 2026-12-24"),
    ("Asia/Jerusalem", "2026-03-26 10:00", "2026-03-31 2026-04-02 2026-03-29 2026-03-29"),
]


@pytest.mark.parametrize(("zone", "resolved", "days"), VECTORS)
def test_limits_are_the_ends_of_working_hours_on_the_days_of_the_vector(
    zone: str, resolved: str, days: str
) -> None:
    office = OFFICES[zone]() if zone in OFFICES else calendar(zone)

    limits = [limit(at(zone, resolved), span(length), office) for length in LENGTHS]

    assert limits == [at(zone, f"{day} 17:00") for day in days.split()]


def test_the_limit_in_hours_elapses_even_over_a_clock_change() -> None:
    by = limit(at("America/New_York", "2026-03-07 12:00"), span("24h"), new_york())

    assert by == at("America/New_York", "2026-03-08 13:00")


def test_a_calendar_limit_that_would_roll_back_to_the_day_of_resolving_rolls_forward() -> None:
    by = limit(at("Europe/London", "2026-12-24 16:30"), span("1d"), london())

    assert by == at("Europe/London", "2026-12-29 17:00")


def test_a_limit_of_no_days_is_today_or_after_hours_the_next_business_day() -> None:
    in_hours = limit(at("Europe/London", "2026-03-06 16:00"), span("0bd"), london())
    in_the_evening = limit(at("Europe/London", "2026-03-06 18:00"), span("0d"), london())

    assert in_hours == at("Europe/London", "2026-03-06 17:00")
    assert in_the_evening == at("Europe/London", "2026-03-09 17:00")


def test_the_first_nag_of_the_worked_example_counts_one_hour_on_friday_and_one_on_monday() -> None:
    nag = after(at("America/New_York", "2026-03-06 16:00"), span("2bh"), new_york())

    assert nag == at("America/New_York", "2026-03-09 10:00")


def test_the_other_moments_of_the_worked_example_hold() -> None:
    ny = "America/New_York"
    meeting = at(ny, "2026-03-11 11:00")
    resolved = at(ny, "2026-03-06 16:00")

    assert before(meeting, span("48h"), new_york()) == at(ny, "2026-03-09 11:00")
    assert before(meeting, span("24h"), new_york()) == at(ny, "2026-03-10 11:00")
    assert before(meeting, span("4h"), new_york()) == at(ny, "2026-03-11 07:00")
    assert next_working_moment(at(ny, "2026-03-09 22:00"), new_york()) == at(ny, "2026-03-10 09:00")
    assert after(at(ny, "2026-03-11 12:00"), span("1bd"), new_york()) == at(ny, "2026-03-12 12:00")
    assert after(resolved, span("7d"), new_york()) == at(ny, "2026-03-13 16:00")
    assert due_date(resolved, 15, meeting, new_york()) == date(2026, 3, 23)


def test_twenty_four_hours_before_a_meeting_after_jerusalems_change_is_nine_the_day_before() -> (
    None
):
    meeting = at("Asia/Jerusalem", "2026-03-27 10:00")

    assert before(meeting, span("24h"), jerusalem()) == at("Asia/Jerusalem", "2026-03-26 09:00")
    assert before(meeting, span("1d"), jerusalem()) == at("Asia/Jerusalem", "2026-03-26 10:00")


def test_the_pre_read_of_a_monday_meeting_falls_on_sunday_outside_working_hours() -> None:
    berlin = calendar("Europe/Berlin")

    pre_read = before(at("Europe/Berlin", "2026-03-09 09:00"), span("24h"), berlin)

    assert pre_read == at("Europe/Berlin", "2026-03-08 09:00")
    assert not is_working(pre_read, berlin)


def test_due_dates_on_a_weekend_roll_forward() -> None:
    resolved = at("America/New_York", "2026-03-06 16:00")

    assert due_date(resolved, 15, resolved, new_york()) == date(2026, 3, 23)
    assert due_date(resolved, 30, resolved, new_york()) == date(2026, 4, 6)


def test_an_item_accepted_late_still_has_five_business_days() -> None:
    resolved = at("Europe/London", "2026-12-01 10:00")
    accepted = at("Europe/London", "2026-12-23 10:00")

    assert due_date(resolved, 15, accepted, london()) == date(2027, 1, 4)


def test_rolling_goes_to_the_nearest_business_day_in_its_direction() -> None:
    christmas = date(2026, 12, 26)

    assert london().roll_forward(christmas) == date(2026, 12, 29)
    assert london().roll_back(christmas) == date(2026, 12, 24)
    assert london().business_days_after(christmas, 0) == date(2026, 12, 29)
    assert london().business_days_before(christmas, 0) == date(2026, 12, 24)
    assert london().business_days_after(date(2026, 12, 24), 0) == date(2026, 12, 24)


def test_absences_are_no_business_days_and_both_their_ends_count() -> None:
    three_days = Absence(first=date(2026, 3, 9), last=date(2026, 3, 11))
    away = calendar("Europe/Berlin", absences=(three_days,))

    assert away.roll_forward(date(2026, 3, 9)) == date(2026, 3, 12)
    assert away.roll_back(date(2026, 3, 11)) == date(2026, 3, 6)


def test_a_search_ends_even_for_somebody_away_for_ever() -> None:
    gone = WorkCalendar(absences=(Absence(first=date(2026, 1, 1), last=date(9999, 12, 31)),))

    assert after(datetime(2026, 3, 9, tzinfo=UTC), span("1bh"), gone).year == 2027


def test_moments_outside_working_hours_move_to_the_nearest_working_moment() -> None:
    berlin = calendar("Europe/Berlin")
    saturday = at("Europe/Berlin", "2026-03-07 12:00")
    early = at("Europe/Berlin", "2026-03-09 07:00")
    late = at("Europe/Berlin", "2026-03-09 19:00")

    assert next_working_moment(saturday, berlin) == at("Europe/Berlin", "2026-03-09 09:00")
    assert last_working_moment(saturday, berlin) == at("Europe/Berlin", "2026-03-06 17:00")
    assert next_working_moment(early, berlin) == at("Europe/Berlin", "2026-03-09 09:00")
    assert last_working_moment(early, berlin) == at("Europe/Berlin", "2026-03-06 17:00")
    assert next_working_moment(late, berlin) == at("Europe/Berlin", "2026-03-10 09:00")
    assert last_working_moment(late, berlin) == at("Europe/Berlin", "2026-03-09 17:00")
    assert next_business_morning(early, berlin) == at("Europe/Berlin", "2026-03-10 09:00")
    assert next_business_morning(saturday, berlin) == at("Europe/Berlin", "2026-03-09 09:00")


def test_working_hours_include_both_ends() -> None:
    berlin = calendar("Europe/Berlin")

    assert is_working(at("Europe/Berlin", "2026-03-09 09:00"), berlin)
    assert is_working(at("Europe/Berlin", "2026-03-09 17:00"), berlin)
    assert not is_working(at("Europe/Berlin", "2026-03-09 17:00:01"), berlin)


def test_business_hours_and_days_count_back_too() -> None:
    berlin = calendar("Europe/Berlin")
    monday = at("Europe/Berlin", "2026-03-09 10:00")

    assert before(monday, span("2bh"), berlin) == at("Europe/Berlin", "2026-03-06 16:00")
    assert before(monday, span("2bd"), berlin) == at("Europe/Berlin", "2026-03-05 10:00")
    assert before(monday, span("30m"), berlin) == at("Europe/Berlin", "2026-03-09 09:30")


def test_business_days_from_a_weekend_begin_on_monday_morning() -> None:
    saturday = at("America/New_York", "2026-03-07 03:00")

    assert after(saturday, span("1bd"), new_york()) == at("America/New_York", "2026-03-10 09:00")
    assert after(saturday, span("0bd"), new_york()) == at("America/New_York", "2026-03-09 09:00")


def test_days_keep_the_local_time_and_hours_do_not_over_a_clock_change() -> None:
    eve = at("America/New_York", "2026-03-07 12:00")

    assert after(eve, span("1d"), new_york()) == at("America/New_York", "2026-03-08 12:00")
    assert after(eve, span("24h"), new_york()) == at("America/New_York", "2026-03-08 13:00")
    assert after(eve, span("10m"), new_york()) == eve + timedelta(minutes=10)


def test_a_time_that_clocks_skip_moves_forward_and_of_a_time_shown_twice_the_first_counts() -> None:
    changes = clock_changes("America/New_York")

    skipped = instant_at(date(2026, 3, 8), time(2, 30), changes)
    twice = instant_at(date(2026, 11, 1), time(1, 30), changes)

    assert local(skipped, changes).time() == time(3, 30)
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_calendars_come_from_the_directory_snapshot() -> None:
    one_day = Absence(first=date(2026, 3, 9), last=date(2026, 3, 9))
    zone = "Europe/London"
    people = (
        Person(id="ada", name="Ada", zone=zone, holidays="GB-ENG", absences=(one_day,)),
        Person(id="night", name="Nyx", zone="Nowhere", hours=(time(22), time(6))),
    )
    core = Team(id="core", name="Core", zone=zone, engineering_manager="ada", weekdays=())
    snapshot = DirectorySnapshot(
        valid_from=FROM,
        valid_until=UNTIL,
        people={each.id: each for each in people},
        teams={"core": core},
        zones={zone: clock_changes(zone)},
        holidays={"GB-ENG": {date(2026, 12, 25): "Christmas Day"}},
    )

    ada = calendar_of_person(snapshot, "ada")

    assert ada.changes == clock_changes(zone)
    assert not ada.is_business_day(date(2026, 12, 25))
    assert not ada.is_business_day(date(2026, 3, 9))
    assert calendar_of_team(snapshot, "core").is_business_day(date(2026, 3, 9))
    assert calendar_of_person(snapshot, "nobody") == WorkCalendar()
    assert calendar_of_team(snapshot, "nobody") == WorkCalendar()
    assert calendar_of_person(snapshot, "night") == WorkCalendar()


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValidationError, match="end before they begin"):
        WorkCalendar(hours=(time(17), time(9)))


def test_working_windows_are_the_hours_of_the_business_days() -> None:
    windows = list(working_windows(date(2026, 3, 6), date(2026, 3, 9), new_york()))

    assert [opens for opens, _ in windows] == [
        at("America/New_York", "2026-03-06 09:00"),
        at("America/New_York", "2026-03-09 09:00"),
    ]
    assert all(closes - opens == timedelta(hours=8) for opens, closes in windows)


INSTANTS = st.datetimes(
    datetime(2026, 1, 10),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2026, 12, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    timezones=st.just(UTC),
)
CALENDARS = st.builds(
    lambda zone, weekdays, hours, days: calendar(
        zone, weekdays=tuple(sorted(weekdays)), hours=hours, holidays=frozenset(days)
    ),
    st.sampled_from(ZONES),
    st.sets(st.integers(0, 6), min_size=1),
    st.sampled_from([(time(9), time(17)), (time(6, 30), time(23)), (time(12), time(12, 30))]),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)


def spans(*units: str) -> st.SearchStrategy[Span]:
    return st.builds(lambda n, unit: span(f"{n}{unit}"), st.integers(0, 12), st.sampled_from(units))


@given(INSTANTS, st.sampled_from(ZONES))
def test_local_time_agrees_with_the_zone_database(instant: datetime, zone: str) -> None:
    shown = local(instant, clock_changes(zone))

    assert shown == instant
    assert shown.replace(tzinfo=None) == instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(
    st.dates(date(2026, 1, 3), date(2026, 12, 29)),
    st.times().map(lambda each: each.replace(fold=0)),
    st.sampled_from(ZONES),
)
def test_instants_agree_with_the_zone_database(day: date, clock: time, zone: str) -> None:
    expected = datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert instant_at(day, clock, clock_changes(zone)) == expected


@given(INSTANTS, INSTANTS, spans("bh", "bd"), CALENDARS)
def test_a_later_start_never_ends_earlier(
    one: datetime, other: datetime, length: Span, office: WorkCalendar
) -> None:
    first, second = sorted((one, other))

    assert after(first, length, office) <= after(second, length, office)
    assert before(first, length, office) <= before(second, length, office)


@given(INSTANTS, spans("bh", "bd"), CALENDARS)
def test_business_spans_end_in_working_time_and_never_before_they_begin(
    instant: datetime, length: Span, office: WorkCalendar
) -> None:
    assert is_working(after(instant, length, office), office)
    assert is_working(before(instant, length, office), office)
    assert before(instant, length, office) <= instant <= after(instant, length, office)


@given(INSTANTS, st.integers(0, 6), st.integers(0, 6), CALENDARS)
def test_business_hours_add_up(instant: datetime, n: int, m: int, office: WorkCalendar) -> None:
    in_two_steps = after(after(instant, span(f"{n}bh"), office), span(f"{m}bh"), office)
    at_once = after(instant, span(f"{n + m}bh"), office)

    # The end of one day and the opening of the next are the same point of working time.
    assert after(in_two_steps, span("1bh"), office) == after(at_once, span("1bh"), office)


@given(INSTANTS, spans("m", "h", "d", "bh", "bd"), CALENDARS)
def test_no_limit_lies_before_the_incident_was_resolved(
    instant: datetime, length: Span, office: WorkCalendar
) -> None:
    assert limit(instant, length, office) >= instant


@given(INSTANTS, CALENDARS)
def test_working_moments_are_found_once_and_lie_on_their_side(
    instant: datetime, office: WorkCalendar
) -> None:
    later = next_working_moment(instant, office)
    earlier = last_working_moment(instant, office)

    assert earlier <= instant <= later
    assert next_working_moment(later, office) == later
    assert last_working_moment(earlier, office) == earlier
    assert is_working(later, office)
    assert is_working(earlier, office)
    assert next_business_morning(instant, office) > instant


@given(INSTANTS, st.integers(0, 60), INSTANTS, CALENDARS)
def test_items_are_due_on_business_days_after_acceptance(
    resolved: datetime, days: int, accepted: datetime, office: WorkCalendar
) -> None:
    due = due_date(resolved, days, accepted, office)
    accepted_on = local(accepted, office.changes).date()

    assert office.is_business_day(due)
    assert due >= office.business_days_after(accepted_on, 5)
    assert due >= local(resolved, office.changes).date() + timedelta(days=days)
