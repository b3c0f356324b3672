"""Every way in: no letter that obeys or hides comes in by an act, a signal or an answer."""

import json
from collections.abc import Iterator
from typing import Any, get_origin

import pytest

from domain import lifecycle
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.customer_message.state import MessageText
from domain.engine.journal import readable
from domain.engine.value import Value
from domain.incident import Incident
from domain.policy import CaseRules
from domain.preparation.document import ActionRow
from tests.playing import an_incident
from wording.samples import sample

HOSTILE = "A\x07\x1b[31mB\u202eC\x85D\u2028E\x0bF\rG\u2066\ue000H"
"""It rings, colours, turns the direction of writing, breaks lines in ways that few expect."""

OPERATORS_OWN = (CaseRules, DirectorySnapshot)
"""What the policy and the organisation file say, which is read by their own rules."""


def ways_in() -> Iterator[type[Value]]:
    yield from lifecycle.acts().values()
    yield from filter(None, (each.payload for each in lifecycle.signals().values()))
    for effect in lifecycle.effects():
        if effect.answer is not None and effect.answer not in OPERATORS_OWN:
            yield effect.answer  # type: ignore[misc]  # every answer of ours is a value


def example(kind: type[Value]) -> dict[str, Any]:
    if kind is Incident:
        return an_incident().model_dump(mode="json")
    made = sample(kind, lambda _: "x").model_dump(mode="json", warnings=False)
    tables = [
        name for name, each in kind.model_fields.items() if get_origin(each.annotation) is dict
    ]
    return {**made, **{name: {} for name in tables}}


def poisoned(told: object) -> Iterator[object]:
    """Yield a value as often as it has texts, each time with another one of them hostile."""
    if isinstance(told, str):
        yield HOSTILE
    elif isinstance(told, dict):
        for name, each in told.items():
            for bad in poisoned(each):
                yield {**told, name: bad}
    elif isinstance(told, list):
        for place, each in enumerate(told):
            for bad in poisoned(each):
                yield [*told[:place], bad, *told[place + 1 :]]


def strange(text: str) -> set[str]:
    """Return what is left of a hostile text, lines of the usual kind allowed."""
    return set(text) & set(HOSTILE) - set("ABCDEFGH[31m")


@pytest.mark.parametrize("kind", list(ways_in()), ids=lambda kind: kind.__name__)
def test_a_text_comes_in_plain_or_not_at_all(kind: type[Value]) -> None:
    kind.model_validate(example(kind))

    for told in poisoned(example(kind)):
        try:
            taken = kind.model_validate(told)
        except ValueError:
            continue
        written = json.dumps(taken.model_dump(mode="json"), ensure_ascii=False)
        assert strange(written) == set(), told


@pytest.mark.parametrize("kind", list(ways_in()), ids=lambda kind: kind.__name__)
def test_what_came_in_is_not_changed_when_it_is_carried_on(kind: type[Value]) -> None:
    for told in poisoned(example(kind)):
        try:
            taken = kind.model_validate(told)
        except ValueError:
            continue
        assert kind.model_validate(taken.model_dump(mode="json")) == taken


def test_titles_are_one_line() -> None:
    text = MessageText(subject="A\nB", summary="A\nB", what_happened="", what_we_do="")
    row = ActionRow(text="A\nB", team="A\nB", done_when="A\nB")

    assert (text.subject, text.summary) == ("A B", "A\nB")
    assert (row.text, row.team, row.done_when) == ("A B", "A B", "A B")
    assert an_incident().model_validate({**an_incident().model_dump(), "title": "A\nB"}).title == (
        "A B"
    )


def test_a_fact_of_the_journal_is_one_plain_line() -> None:
    assert readable(HOSTILE) == "ABC D E F GH"
    assert readable("x" * 1000) == "x" * 300
