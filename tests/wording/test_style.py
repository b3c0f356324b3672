"""The words themselves, held against the wording checks of the process and British spelling."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from wording.templates import SHIPPED

AMERICAN = (
    r"\b\w*(?:[oi]rganiz|[a-z]nalyz|prioritiz|finaliz|apologiz|summariz|recogniz|synchroniz)\w*"
    r"|\b(?:behavior|color|favor|honor|labor|neighbor)s?\b|\b(?:center|canceled|catalog|fulfill)\b"
)
CHECKS = {
    "British spelling": AMERICAN,
    "W2 human error": r"(?:human|operator|manual) (?:error|mistake)|careless|sloppy|fat.finger",
    "W3 who and why": r"\bwho (?:approved|broke|did)\b|\bwhy did(?:n't)?\b",
    "W4 counterfactuals": r"\b(?:should|could|would) have\b|\bif only\b|\bfailed to\b",
    "W5 one root cause": r"\broot cause",
    "W6 loaded words": r"obviously|ridiculous|terribl|clearly|!",
    "W7 the word outage": r"\boutage",
    "W9 hindsight": r"in hindsight|turned out|bound to|not realising",
    "E3 stock phrases": r"inconvenience|very seriously|never happen again",
    "no blame": r"\b(?:fault|blame|guilty|culprit|forgot|neglected|ignored by|your mistake)\b",
    "our own jargon": r"\b(?:verdict|cooling.down|following.through|nominee|ladder|parked)\b",
    "polite filler": r"please note|kindly|as soon as possible|ASAP|simply|just\b",
}
BAD = {
    "British spelling": ("We organize it.", "Its color changed.", "Prioritize them."),
    "W2 human error": ("Contributing factor: human error during the failover.",),
    "W3 who and why": ("Who approved the change?", "Why didn't the on-call escalate sooner?"),
    "W4 counterfactuals": ("The team should have rolled back.",),
    "W5 one root cause": ("The root cause was a bad certificate.",),
    "W6 loaded words": ("Obviously nobody had tested it.", "It survived this!!!"),
    "W7 the word outage": ("We had a two hour outage of search.",),
    "W9 hindsight": ("The responder restarted it, not realising it was the leader.",),
    "E3 stock phrases": ("We apologise for any inconvenience.",),
    "no blame": ("Marek forgot to run the migration.", "It was nobody's fault."),
}
FOR_OPERATIONS = {"attention.ladder-climbed"}
"""Read by people who run Aftermath, in its own words."""


def _sentences(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{above}{key}.")
        elif isinstance(value, list):
            yield from ((f"{above}{key}", f"{each['label']} {each['text']}") for each in value)
        else:
            yield f"{above}{key}", value


def _shipped() -> Iterator[tuple[str, str]]:
    for path in sorted(SHIPPED.glob("words/*.toml")):
        yield from _sentences(tomllib.loads(path.read_text("utf-8")))
    for folder in ("notices", "parts", "texts", "layout"):
        for path in sorted((SHIPPED / folder).iterdir()):
            yield f"{folder}/{path.name}", path.read_text("utf-8")


def _read(text: str) -> str:
    """Return what people read of a template, without its tags, styles and style sheet."""
    text = re.sub(r"<style>.*?</style>|<!doctype html>", "", text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)


SHIPPED_WORDS = tuple((name, _read(text)) for name, text in _shipped())


@pytest.mark.parametrize("check", CHECKS)
def test_our_words_pass_the_wording_checks(check: str) -> None:
    found = {
        name: match[0]
        for name, text in SHIPPED_WORDS
        if name not in FOR_OPERATIONS
        and (match := re.search(CHECKS[check], text, flags=re.IGNORECASE))
    }
    assert not found


@pytest.mark.parametrize(("check", "bad"), [(c, each) for c, all_ in BAD.items() for each in all_])
def test_each_check_catches_its_bad_examples(check: str, bad: str) -> None:
    assert re.search(CHECKS[check], bad, flags=re.IGNORECASE)


def test_sentences_end_as_sentences_and_labels_do_not() -> None:
    sentences = {"done", "next", "journal"}
    labels = {"what", "label", "title", "button", "asked", "of_others"}
    tables = [tomllib.loads(path.read_text("utf-8")) for path in SHIPPED.glob("words/*.toml")]
    words = [
        (name, text, name.rpartition(".")[2])
        for table in tables
        for name, text in _sentences(table)
        if name.startswith(("waits.", "acts.", "phases.", "outcomes."))
    ]

    assert {part for _, _, part in words} >= sentences | labels
    assert [name for name, text, part in words if part in sentences and text[-1] != "."] == []
    assert [name for name, text, part in words if part in labels and text[-1] == "."] == []
