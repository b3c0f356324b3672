"""The journal and the anomalies: short lines of ids and facts, bounded, never erased."""

from hypothesis import given
from hypothesis import strategies as st

from domain.engine.journal import (
    ANOMALIES_KEPT,
    LINES_CARRIED,
    LONGEST_FACT,
    Door,
    Happening,
    readable,
)
from tests.domain.engine.drill import HOUR, NOW, Drill

LINE = (Happening.OUTCOME, "send_notices")


def test_lines_are_numbered_from_one_and_stand_in_their_order() -> None:
    case = Drill().with_line(NOW, Happening.SIGNAL, "smoke").with_line(NOW, *LINE)

    assert [(line.number, line.name) for line in case.journal] == [
        (1, "smoke"),
        (2, "send_notices"),
    ]


def test_a_line_says_who_did_it_and_through_which_door() -> None:
    case = Drill().with_line(
        NOW, Happening.ACT, "ring", by="ana", through=Door.PAGE, facts={"bell": "tower", "x": ""}
    )

    (line,) = case.journal
    assert (line.by, line.through, line.facts) == ("ana", Door.PAGE, {"bell": "tower"})


def test_the_same_for_other_people_joins_the_line_before() -> None:
    case = Drill()
    for person in ("ana", "ben", "cleo"):
        case = case.with_line(NOW, *LINE, people=(person,), facts={"notice": "warn"})

    (line,) = case.journal
    assert line.people == ("ana", "ben", "cleo")
    assert line.number == 1


def test_another_moment_another_fact_or_nobody_begins_a_new_line() -> None:
    case = Drill().with_line(NOW, *LINE, people=("ana",), facts={"notice": "warn"})

    later = case.with_line(NOW + HOUR, *LINE, people=("ben",), facts={"notice": "warn"})
    other = case.with_line(NOW, *LINE, people=("ben",), facts={"notice": "all-clear"})
    nobody = case.with_line(NOW, *LINE, facts={"notice": "warn"})

    assert [len(each.journal) for each in (later, other, nobody)] == [2, 2, 2]


def test_the_same_twice_of_nobody_is_two_lines() -> None:
    case = Drill().with_line(NOW, *LINE).with_line(NOW, *LINE)

    assert [line.number for line in case.journal] == [1, 2]


def test_a_renewed_run_carries_the_newest_lines_and_goes_on_counting() -> None:
    case = Drill()
    for _ in range(LINES_CARRIED + 7):
        case = case.with_line(NOW, Happening.SIGNAL, "smoke")

    carried = case.carried().with_line(NOW, Happening.SIGNAL, "smoke")

    assert len(case.journal) == LINES_CARRIED + 7
    assert carried.journal[0].number == 8
    assert carried.journal[-1].number == LINES_CARRIED + 8


# --- bounded --------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=3 * LONGEST_FACT))
def test_a_fact_from_outside_is_bounded_and_can_be_written_down(text: str) -> None:
    kept = readable(text)

    assert len(kept) <= LONGEST_FACT
    assert kept.encode().decode() == kept
    case = Drill().with_line(NOW, *LINE, facts={"said": text}).with_anomaly(NOW, "odd", said=text)
    assert Drill.model_validate_json(case.model_dump_json()) == case


def test_half_a_character_is_replaced_and_not_refused() -> None:
    assert readable("a\ud800b") == "a?b"


def test_of_anomalies_the_newest_are_kept() -> None:
    case = Drill()
    for number in range(ANOMALIES_KEPT + 3):
        case = case.with_anomaly(NOW, "odd", number=str(number))

    assert len(case.anomalies) == ANOMALIES_KEPT
    assert case.anomalies[-1].facts == {"number": str(ANOMALIES_KEPT + 2)}
    assert case.anomalies[0].settled_at is None
