"""Instants, days and durations as people read them."""

import locale
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.directory_snapshot import ClockChange
from domain.calendar.instants import shown, shown_day, shown_duration, shown_with_zone

LISBON = (
    ClockChange(at=datetime(2026, 10, 25, 1, tzinfo=UTC), offset_minutes=0),
    ClockChange(at=datetime(2027, 3, 28, 1, tzinfo=UTC), offset_minutes=60),
)
WINTER = datetime(2027, 1, 7, 9, 5, tzinfo=UTC)
SUMMER = datetime(2027, 7, 8, 23, 30, tzinfo=UTC)


def test_an_instant_is_shown_by_the_clocks_of_the_zone() -> None:
    assert shown(WINTER, LISBON, "Europe/Lisbon") == "Thu 7 Jan 09:05"
    assert shown(SUMMER, LISBON, "Europe/Lisbon") == "Fri 9 Jul 00:30"


def test_an_instant_with_its_zone_names_the_year_and_the_zone() -> None:
    assert (
        shown_with_zone(WINTER, LISBON, "Europe/Lisbon") == "Thu 7 Jan 2027 09:05 (Europe/Lisbon)"
    )


def test_a_zone_that_is_not_known_is_shown_in_utc_and_says_so() -> None:
    assert shown(WINTER, (), "Mars/Base") == "Thu 7 Jan 09:05 UTC"
    assert shown_with_zone(WINTER, (), "Mars/Base") == "Thu 7 Jan 2027 09:05 (UTC)"
    assert shown(WINTER, (), "UTC") == "Thu 7 Jan 09:05"


@pytest.mark.parametrize(
    ("duration", "written"),
    [
        (timedelta(), "0 min"),
        (timedelta(seconds=20), "0 min"),
        (timedelta(seconds=-20), "0 min"),
        (timedelta(seconds=59), "1 min"),
        (timedelta(minutes=59, seconds=59), "1 h"),
        (timedelta(minutes=70), "1 h 10 min"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=51, minutes=1), "2 days 3 h 1 min"),
        (timedelta(minutes=-70), "-1 h 10 min"),
    ],
)
def test_a_duration_is_written_in_the_units_it_has(duration: timedelta, written: str) -> None:
    assert shown_duration(duration) == written


@given(st.dates(date(1900, 1, 1)))
def test_days_read_as_the_c_locale_writes_them(day: date) -> None:
    assert locale.setlocale(locale.LC_TIME) == "C"

    assert shown_day(day) == day.strftime(f"%a {day.day} %b")
