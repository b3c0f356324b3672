"""Signals by themselves: taken in where they make sense, noted where not, never raised."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.engine.journal import LONGEST_FACT
from domain.engine.signal import FIELDS_NAMED, SignalSpec, told
from domain.engine.value import Value
from tests.domain.engine.drill import NOW, Drill


class Smoke(Value):
    """Where somebody saw smoke, and how much."""

    floor: int
    room: str
    thick: bool = False


class Crowded(Value):
    """More fields than are worth naming."""

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int


def seen(case: Drill, smoke: Smoke, _now: datetime) -> Drill:
    return case.replace(rung=(*case.rung, smoke.room))


def over(case: Drill, _nothing: None, _now: datetime) -> Drill:
    return case.replace(rung=())


SPECS = {
    each.name: each
    for each in (
        SignalSpec("smoke_seen", Smoke, seen),
        SignalSpec("all_clear", None, over),
        SignalSpec("crowded", Crowded, over),
    )
}
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(), max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def noted(name: str, *args: object) -> tuple[str, dict[str, str]]:
    (anomaly,) = told(Drill(), SPECS, name, args, NOW).anomalies
    return anomaly.kind, anomaly.facts


def test_what_makes_sense_is_taken_in() -> None:
    case = told(Drill(), SPECS, "smoke_seen", [{"floor": 3, "room": "kitchen"}], NOW)

    assert case.rung == ("kitchen",)
    assert told(case, SPECS, "all_clear", [], NOW).rung == ()
    assert not case.anomalies


def test_a_signal_that_nobody_knows_is_noted_by_the_beginning_of_its_name() -> None:
    assert noted("x" * 100) == ("signal-unknown", {"signal": "x" * 60})


def test_a_wrong_number_of_arguments_is_noted() -> None:
    assert noted("smoke_seen") == ("signal-arguments", {"signal": "smoke_seen", "count": "0"})
    assert noted("all_clear", {}) == ("signal-arguments", {"signal": "all_clear", "count": "1"})


def test_what_is_wrong_is_named_without_what_was_sent() -> None:
    kind, facts = noted("smoke_seen", {"floor": "SECRET", "room": "kitchen", "coffee": "SECRET"})

    assert kind == "signal-not-understood"
    assert facts == {"signal": "smoke_seen", "fields": "floor, coffee"}


def test_not_more_fields_are_named_than_anybody_reads() -> None:
    _, facts = noted("crowded", {})

    assert facts["fields"] == "a, b, c, d, e"
    assert len(facts["fields"].split(", ")) == FIELDS_NAMED


def test_an_argument_of_another_kind_is_wrong_as_a_whole() -> None:
    assert noted("smoke_seen", 7)[1]["fields"] == "all of it"


@given(name=st.sampled_from(list(SPECS)) | st.text(st.characters()), args=st.lists(json))
def test_no_signal_ever_raises(name: str, args: list[Any]) -> None:
    case = told(Drill(), SPECS, name, args, NOW)

    assert Drill.model_validate_json(case.model_dump_json()) == case
    assert all(len(fact) <= LONGEST_FACT for a in case.anomalies for fact in a.facts.values())
