"""The agenda by itself: ranks, readings, what is too late, put off, parked or settled."""

from datetime import timedelta

import pytest

from domain.engine.agenda import FRESH, due, wake_at
from domain.engine.entry import Chase, Entry
from domain.engine.ledger import Status
from tests.domain.engine.drill import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    Drill,
    Evacuate,
    keys,
    life,
    outcome,
    ring,
    warn,
)


def with_outcomes(**outcomes: object) -> Drill:
    return Drill.model_validate({"ledger": outcomes})


# --- ranks ----------------------------------------------------------------------------------


def test_a_step_of_the_case_comes_first_and_alone_whatever_its_rank() -> None:
    wanted = life(Entry(NOW, ring()), Entry(NOW, Evacuate(), rank=5), Entry(NOW, warn()))

    assert keys(due(wanted, NOW)) == ["turn:evacuate"]


def test_of_several_steps_the_first_is_taken() -> None:
    wanted = life(Entry(NOW, Evacuate(key="one")), Entry(NOW, Evacuate(key="two")))

    assert keys(due(wanted, NOW)) == ["one"]


def test_a_higher_rank_waits_for_the_lower_ones_and_no_longer() -> None:
    early, late = Entry(NOW, ring("early")), Entry(NOW, ring("late"), rank=1)

    assert keys(due(life(late, early), NOW)) == ["early"]
    assert keys(due(life(late), NOW)) == ["late"]
    assert keys(due(life(late, early, case=with_outcomes(early=outcome())), NOW)) == ["late"]


def test_a_lower_rank_that_is_put_off_holds_up_nobody() -> None:
    away = with_outcomes(early=outcome(Status.UNAVAILABLE, again_at=NOW + HOUR))

    wanted = life(Entry(NOW, ring("early")), Entry(NOW, ring("late"), rank=1), case=away)

    assert keys(due(wanted, NOW)) == ["late"]
    assert wake_at(wanted, NOW) == NOW + HOUR


def test_a_lower_rank_whose_reading_is_parked_holds_up_nobody() -> None:
    parked = with_outcomes(news=outcome(Status.REFUSED, at=NOW - DAY))
    stuck = Entry(NOW, warn(), needs=("news",))

    wanted = life(
        stuck, Entry(NOW, ring("late"), rank=1), case=parked, readings=[ring("news", "2")]
    )

    assert keys(due(wanted, NOW)) == ["late"]


def test_each_key_is_carried_out_once_in_a_moment() -> None:
    wanted = life(Entry(NOW, ring(version="1")), Entry(NOW - HOUR, ring(version="2")))

    assert [(each.key, each.version) for each in due(wanted, NOW)] == [("bell", "1")]


# --- time -----------------------------------------------------------------------------------


def test_what_lies_ahead_is_not_due_and_wakes_the_case() -> None:
    wanted = life(Entry(NOW + HOUR, ring("b")), Entry(NOW + MINUTE, ring("a")))

    assert due(wanted, NOW) == ()
    assert wake_at(wanted, NOW) == NOW + MINUTE


def test_from_until_on_it_is_too_late() -> None:
    wanted = life(Entry(NOW, ring(), until=NOW + HOUR))

    assert keys(due(wanted, NOW + HOUR - MINUTE)) == ["bell"]
    assert due(wanted, NOW + HOUR) == ()


def test_what_will_be_too_late_when_it_may_be_tried_wakes_nobody() -> None:
    away = with_outcomes(bell=outcome(Status.UNAVAILABLE, again_at=NOW + DAY))

    assert wake_at(life(Entry(NOW, ring(), until=NOW + HOUR), case=away), NOW) is None


def test_who_is_chased_is_chased_at_work_and_once_on_a_day() -> None:
    case = Drill(reminded={"ana": NOW - HOUR})
    chase = Chase(
        NOW, lambda: warn(chases="drill"), key="warn", version="1", waiting="drill", to="ana"
    )
    wanted = life(chase, case=case)

    assert due(wanted, NOW) == ()
    assert wake_at(wanted, NOW) == NOW.replace(hour=9) + DAY


# --- settled --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.DONE, Status.REFUSED, Status.UNKNOWN])
def test_what_has_an_outcome_in_this_version_is_not_due_again(status: Status) -> None:
    case = with_outcomes(bell=outcome(status))

    assert due(life(Entry(NOW, ring()), case=case), NOW) == ()
    assert keys(due(life(Entry(NOW, ring(version="2")), case=case), NOW)) == ["bell"]


def test_what_was_away_is_due_again_when_it_may_be_tried() -> None:
    case = with_outcomes(bell=outcome(Status.UNAVAILABLE, again_at=NOW + HOUR))
    wanted = life(Entry(NOW, ring()), case=case)

    assert due(wanted, NOW + HOUR - MINUTE) == ()
    assert keys(due(wanted, NOW + HOUR)) == ["bell"]


def test_another_version_of_what_is_away_waits_as_long() -> None:
    case = with_outcomes(bell=outcome(Status.UNAVAILABLE, again_at=NOW + HOUR))

    assert due(life(Entry(NOW, ring(version="2")), case=case), NOW) == ()


# --- readings -------------------------------------------------------------------------------

NEWS = ring("news", "today")


def test_a_reading_comes_before_what_wants_it_first() -> None:
    wanted = life(Entry(NOW, warn(), after=("news",)), readings=[NEWS])

    assert keys(due(wanted, NOW)) == ["news"]


def test_notices_of_a_moment_wait_for_its_readings_and_other_effects_do_not() -> None:
    wanted = life(
        Entry(NOW, warn("ana"), after=("news",)),
        Entry(NOW, warn("ben")),
        Entry(NOW, ring()),
        readings=[NEWS],
    )

    assert keys(due(wanted, NOW)) == ["news", "bell"]


def test_a_fresh_reading_is_not_repeated_and_an_old_one_is() -> None:
    def wanted(read_at: timedelta) -> list[str]:
        case = with_outcomes(news=outcome(at=NOW - read_at))
        entry = Entry(NOW - DAY, warn(), after=("news",))
        return keys(due(life(entry, case=case, readings=[NEWS]), NOW))

    assert wanted(FRESH) == ["notice:warn:ana"]
    assert wanted(FRESH + MINUTE) == ["news"]


def test_a_reading_from_before_the_entrys_time_is_yesterdays_news() -> None:
    case = with_outcomes(news=outcome(at=NOW - MINUTE))

    wanted = life(Entry(NOW, warn(), after=("news",)), case=case, readings=[NEWS])

    assert keys(due(wanted, NOW)) == ["news"]


def test_what_cannot_be_read_at_all_is_not_waited_for() -> None:
    wanted = life(Entry(NOW, warn(), after=("news",), needs=("more",)))

    assert keys(due(wanted, NOW)) == ["notice:warn:ana"]


@pytest.mark.parametrize("status", [Status.UNAVAILABLE, Status.REFUSED])
def test_a_reading_that_was_tried_is_enough_unless_it_is_needed(status: Status) -> None:
    case = with_outcomes(news=outcome(status, version="old", again_at=None))
    after = life(Entry(NOW, warn(), after=("news",)), case=case, readings=[NEWS])
    needs = life(Entry(NOW, warn(), needs=("news",)), case=case, readings=[NEWS])

    assert keys(due(after, NOW)) == ["notice:warn:ana"]
    assert keys(due(needs, NOW)) == ([] if status is Status.REFUSED else ["news"])


def test_what_needs_a_reading_waits_while_its_vendor_is_away() -> None:
    case = with_outcomes(news=outcome(Status.UNAVAILABLE, again_at=NOW + HOUR))
    wanted = life(Entry(NOW, warn(), needs=("news",)), case=case, readings=[NEWS])

    assert due(wanted, NOW) == ()
    assert wake_at(wanted, NOW) == NOW + HOUR
    assert keys(due(wanted, NOW + HOUR)) == ["news"]
