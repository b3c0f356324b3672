"""The catalogue: what phases, waits, acts and the like are called, and the sentences about them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, Template

from domain.action_items.state import ItemFacts, ItemState
from domain.action_items.ticket import IssueState
from domain.decisions.state import Verdict
from domain.engine.journal import Anomaly, Door, Happening, Line
from domain.engine.ledger import Status
from domain.engine.subject import Attention
from domain.engine.value import PersonId
from wording import book, dates
from wording.book import ActWords, PhaseWords, SendingWords, WaitWords
from wording.environment import Reader, language
from wording.errors import WordingError
from wording.facts import checked
from wording.sealing import opened_as_text
from wording.templates import Files

W = TypeVar("W")

_LINE: Mapping[str, None] = dict.fromkeys(("by", "people", "facts", "name_of", "reader", "what"))
"""What a sentence of the journal may speak of; which `facts` there are, each line knows."""

_TABLES: Mapping[Happening, str] = {
    Happening.ACT: "acts",
    Happening.TRANSITION: "transitions",
    Happening.SIGNAL: "signals",
}
"""Where the sentences of the journal stand."""

_SEVERAL: Mapping[str, None] = dict.fromkeys(("subject", "count"))

_KNOWN: Mapping[str, Collection[str]] = {
    "item_states": tuple(ItemState),
    "ticket_states": tuple(IssueState),
    "verdicts": tuple(Verdict),
    "doors": tuple(Door),
    "failures": tuple(each for each in Status if each is not Status.DONE),
}
"""Tables whose names need not be told."""


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that there must be words for; of some, which facts their sentences may use."""

    phases: Collection[str]
    waits: Collection[str]
    acts: Collection[str]
    transitions: Collection[str]
    outcomes: Collection[str]
    signals: Collection[str]
    notices: Collection[str]
    slots: Mapping[str, Collection[str]]
    anomalies: Mapping[str, Collection[str]]
    attention: Mapping[str, Collection[str]]


class Catalogue:
    """Words by the name of what they are about; a name without words is an error, never a guess."""

    def __init__(self, words: book.Book) -> None:
        self._words = words
        self._language = language()
        self._language.filters.update(
            notice=self.notice, ticket_state=lambda state: self.ticket_state(IssueState(state))
        )
        self._sentences = dict(_sentences(self._language, words))

    def check(self, names: Names) -> None:
        """Hold the catalogue against all that there is, in both directions.

        Raises:
            WordingError: words are missing, are about nothing, or speak of an unknown fact.
        """
        told = {field: getattr(names, field) for field in Names.__dataclass_fields__}
        faults = [
            fault
            for table, wanted in {**_KNOWN, **told}.items()
            for fault in _differences(table, getattr(self._words, table).keys(), wanted)
        ]
        if faults:
            raise WordingError(f"words/*.toml: {' '.join(faults)}")
        for table in ("slots", "anomalies", "attention"):
            for name, facts in told[table].items():
                source = getattr(self._words, table)[name]
                checked(self._language, f"words: {table}.{name}", source, dict.fromkeys(facts))

    def phase(self, name: str) -> PhaseWords:
        """Return what people call a phase, and what happens next."""
        return _found("phases", self._words.phases, name)

    def wait(self, name: str) -> WaitWords:
        """Return how a wait is put."""
        return _found("waits", self._words.waits, name)

    def act(self, name: str) -> ActWords:
        """Return how an act is offered."""
        return _found("acts", self._words.acts, name)

    def notice(self, kind: str) -> str:
        """Return what a kind of mail is called, where people read that somebody got it."""
        return _found("notices", self._words.notices, kind)

    def item_state(self, state: ItemState) -> str:
        """Return what people call the state of an action item."""
        return _found("item_states", self._words.item_states, state.value)

    def standing(self, item: ItemFacts) -> str:
        """Say where an action item stands: once it has a ticket, by that."""
        if item.ticket and item.ticket_state is not None:
            return f"{item.ticket}: {self.ticket_state(item.ticket_state)}"
        return self.item_state(item.state)

    def ticket_state(self, state: IssueState) -> str:
        """Return what people call the state of a ticket."""
        return _found("ticket_states", self._words.ticket_states, state.value)

    def verdict(self, verdict: Verdict) -> str:
        """Return what people call a verdict."""
        return _found("verdicts", self._words.verdicts, verdict.value)

    def door(self, door: Door) -> str:
        """Say through which door somebody came in."""
        return _found("doors", self._words.doors, door.value)

    def subject_of_several(self, subject: str, others: int) -> str:
        """Return the subject of a mail with several notices, from that of the first."""
        return self._say("mail", "more", {"subject": subject, "count": others})

    @property
    def sending(self) -> SendingWords:
        """The word that sends a form, and how it is asked for."""
        return self._words.sending

    @property
    def document(self) -> book.DocumentWords:
        """The templates of our own parts of the document."""
        return self._words.document

    def asked(self, wait: str, items: Sequence[ItemFacts] = ()) -> str:
        """Say to the reader what is asked of them."""
        return f"{self.wait(wait).asked}{_about(items)}"

    def asked_of(self, person: str, wait: str, items: Sequence[ItemFacts] = ()) -> str:
        """Say to others what is asked of a person, by name."""
        return f"{person}: {self.wait(wait).of_others}{_about(items)}"

    def since(self, wait: str, at: datetime, zone: str) -> str:
        """Say since when, or from when on, something is waited for."""
        return f"{self.wait(wait).since} {dates.instant(at, zone)}"

    def anomaly(self, anomaly: Anomaly) -> str:
        """Say what made no sense."""
        return self._say("anomalies", anomaly.kind, anomaly.facts)

    def attention(self, attention: Attention) -> str:
        """Say what operations must look at; what made no sense, as the anomaly that it is."""
        known = ("attention", attention.kind) in self._sentences
        return self._say("attention" if known else "anomalies", attention.kind, attention.facts)

    def slot(self, reason: str, facts: Mapping[str, str]) -> str:
        """Say what speaks for or against a time for the meeting."""
        return self._say("slots", reason, facts)

    def line(self, line: Line, name_of: Callable[[PersonId], str], zone: str = "UTC") -> str:
        """Say one line of the journal, without its time.

        Raises:
            LookupError: nobody wrote words for what it tells of.
        """
        facts = {
            "by": name_of(line.by) if line.by else self._words.mail.somebody,
            "people": _listed([name_of(each) for each in line.people]),
            "facts": _Lenient(line.facts),
            "name_of": name_of,
            "reader": Reader(zone=zone),
        }
        if line.what is Happening.OUTCOME:
            return self._outcome(line, facts)
        return self._say(_TABLES[line.what], line.name, facts)

    def _outcome(self, line: Line, facts: Mapping[str, Any]) -> str:
        words = _found("outcomes", self._words.outcomes, line.name)
        status = line.facts.get("status", Status.DONE)
        if status == Status.DONE:
            return self._say("outcomes", line.name, facts)
        return self._say("failures", status, {**facts, "what": words.what})

    def _say(self, table: str, name: str, facts: Mapping[str, Any]) -> str:
        template = _found(table, self._sentences, (table, name))
        return " ".join(opened_as_text(template.render(facts)).split())


@lru_cache
def catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue, with a deployment's own words over those that ship."""
    return Catalogue(book.read(Files(folder)))


class _Lenient(dict[str, str]):
    """The facts of a line, which an older release may have written: what is not there is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _sentences(
    language: Environment, words: book.Book
) -> Iterable[tuple[tuple[str, str], Template]]:
    """Yield every sentence by table and name, those of the journal held against its facts."""
    journal = {
        "acts": {name: each.journal for name, each in words.acts.items()},
        "outcomes": {name: each.done for name, each in words.outcomes.items()},
        **{each: getattr(words, each) for each in ("transitions", "signals", "failures")},
    }
    for table, entries in journal.items():
        for name, source in entries.items():
            yield (table, name), checked(language, f"words: {table}.{name}", source, _LINE).template
    several = checked(language, "words: mail.more", words.mail.more, _SEVERAL)
    yield ("mail", "more"), several.template
    for table in ("anomalies", "attention", "slots"):
        for name, source in getattr(words, table).items():
            yield (table, name), language.from_string(source)


def _differences(table: str, there: Collection[str], wanted: Collection[str]) -> Iterable[str]:
    for name in sorted(set(wanted) - set(there)):
        yield f"[{table}] has no words for '{name}'."
    for name in sorted(set(there) - set(wanted)):
        yield f"[{table}] has words for '{name}', which there is not."


def _found(table: str, entries: Mapping[Any, W], name: Any) -> W:  # noqa: ANN401 - a key of any table
    if name not in entries:
        raise LookupError(f"There are no words for {name!r} in [{table}] of words/*.toml.")
    return entries[name]


def _about(items: Sequence[ItemFacts]) -> str:
    named = [f"{item.id}, {item.ticket}" if item.ticket else item.id for item in items]
    return f" ({'; '.join(named)})" if named else ""


def _listed(names: Sequence[str]) -> str:
    """Return names as people list them."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last
