"""The case's clock: spans become instants, and what was held does not count."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.interval import Interval
from domain.engine.clock import ahead_of, due_at, limit_at
from tests.domain.engine.drill import DAY, HOUR, NOW, OFFICE, span


def hold(start: timedelta, end: timedelta) -> Interval:
    return Interval(start=NOW + start, end=NOW + end)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("90m", NOW + timedelta(minutes=90)),
        ("24h", NOW + DAY),
        ("2d", NOW + 2 * DAY),
        ("8bh", NOW.replace(hour=10) + DAY),
        ("4bd", NOW + 6 * DAY),  # a weekend lies between
    ],
)
def test_a_span_is_over_in_the_calendar_that_counts(written: str, due: datetime) -> None:
    assert due_at(NOW, span(written), OFFICE) == due


def test_a_limit_of_days_ends_with_working_hours() -> None:
    assert limit_at(NOW, span("1bd"), OFFICE) == NOW.replace(hour=17) + DAY


def test_before_something_that_has_its_time_spans_count_back() -> None:
    assert ahead_of(NOW, span("24h"), OFFICE) == NOW - DAY
    assert ahead_of(NOW, span("2bh"), OFFICE) == NOW.replace(hour=16) - DAY


# --- holds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "later"),
    [
        ((), timedelta()),
        ((hold(HOUR, 3 * HOUR),), 2 * HOUR),
        ((hold(-5 * HOUR, 2 * HOUR),), 2 * HOUR),  # only what lies after the beginning counts
        ((hold(-5 * HOUR, -HOUR),), timedelta()),
        ((hold(25 * HOUR, 30 * HOUR),), timedelta()),
        ((hold(23 * HOUR, 26 * HOUR),), 3 * HOUR),
        ((hold(23 * HOUR, 26 * HOUR), hold(26 * HOUR, 28 * HOUR)), 5 * HOUR),
        ((hold(26 * HOUR, 28 * HOUR), hold(23 * HOUR, 26 * HOUR)), 5 * HOUR),
    ],
)
def test_what_was_held_is_added_at_the_end(holds: tuple[Interval, ...], later: timedelta) -> None:
    assert due_at(NOW, span("24h"), OFFICE, holds) == NOW + DAY + later


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 50)), max_size=5),
    st.sampled_from(["10m", "24h", "4bh", "3bd", "7d"]),
)
def test_a_hold_never_makes_anything_due_sooner(pairs: list[tuple[int, int]], of: str) -> None:
    holds = [hold(start * HOUR, (start + long) * HOUR) for start, long in pairs]

    plain = due_at(NOW, span(of), OFFICE)

    assert due_at(NOW, span(of), OFFICE, holds) >= plain
    total = sum((each.end - each.start for each in holds), timedelta())
    assert due_at(NOW, span(of), OFFICE, holds) <= plain + total


def test_a_limit_moves_with_a_hold_too() -> None:
    held = (hold(HOUR, 3 * HOUR),)

    assert limit_at(NOW, span("1bd"), OFFICE, held) == NOW.replace(hour=19) + DAY
