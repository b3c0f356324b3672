"""The book of words: every table of `wording/words/`, with the type that each entry must have."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field, ValidationError

from domain.engine.value import Value
from wording.errors import WordingError
from wording.templates import Files

Phrases = dict[str, str]


class PhaseWords(Value):
    """What people call a phase, and what happens next."""

    label: str
    next: str


class WaitWords(Value):
    """How a wait is put: to whoever is asked, to others, in a reminder; `since` or `from` when."""

    asked: str
    of_others: str
    reminder: str
    since: str


class ActWords(Value):
    """How an act is offered, what is said when it is done, and its line in the journal.

    `labels` are those of the fields of an act that has no form of its own.
    """

    title: str
    button: str
    done: str
    journal: str
    labels: Phrases = Field(default_factory=dict)


class OutcomeWords(Value):
    """What an activity is about, and what the journal says when it is done."""

    what: str
    done: str


class MailWords(Value):
    """What is said around the notices of a mail, and of people whom nobody can name."""

    more: str
    somebody: str


class Labelled(Value):
    """A label and the text beside or below it."""

    label: str
    text: str


class SendingWords(Value):
    """The word that people type to send a form; who presses everything does not know it."""

    word: str
    label: str


class DocumentWords(Value):
    """Our own parts of the document."""

    title: str
    header: tuple[Labelled, ...]
    facts: tuple[Labelled, ...]
    decision: str


class Book(Value):
    """All words that are not a file of their own, by table and name."""

    phases: dict[str, PhaseWords]
    waits: dict[str, WaitWords]
    acts: dict[str, ActWords]
    transitions: Phrases
    outcomes: dict[str, OutcomeWords]
    failures: Phrases
    signals: Phrases
    doors: Phrases
    notices: Phrases
    anomalies: Phrases
    attention: Phrases
    item_states: Phrases
    ticket_states: Phrases
    verdicts: Phrases
    slots: Phrases
    mail: MailWords
    sending: SendingWords
    document: DocumentWords


def read(files: Files) -> Book:
    """Return the book: what ships, each entry once, and over it what a deployment says instead.

    Raises:
        WordingError: a table cannot be read, says something twice, or lacks an entry's part.
    """
    words: dict[str, Any] = {}
    for name, text in files.shipped_words():
        table = _table(name, text)
        _say_once(name, words, table)
        words = _over(words, table)
    for name, text in files.own_words():
        words = _over(words, _table(name, text))
    try:
        return Book.model_validate(words)
    except ValidationError as error:
        raise WordingError(f"words/*.toml: {'; '.join(_faults(error))}") from error


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordingError(f"{name}: {error}") from error


def _faults(error: ValidationError) -> Iterator[str]:
    for each in error.errors():
        yield f"{'.'.join(map(str, each['loc']))}: {each['msg']}"


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables laid over each other: the upper wins, entry by entry."""
    laid = dict(below)
    for key, value in above.items():
        under = below.get(key)
        tables = isinstance(under, dict) and isinstance(value, dict)
        laid[key] = _over(below[key], value) if tables else value
    return laid


def _say_once(name: str, said: Mapping[str, Any], table: Mapping[str, Any]) -> None:
    twice = sorted(set(_entries(said)) & set(_entries(table)))
    if twice:
        raise WordingError(f"{name}: {twice[0]} is said in another file of words already.")


def _entries(table: Mapping[str, Any], above: str = "") -> Iterable[str]:
    for key, value in table.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            yield from _entries(value, f"{name}.")
        else:
            yield name
