"""The journal: what happened to a case, in short lines of ids and facts, and what made no sense.

A line holds no text of the postmortem. Nothing erases a line: a renewed run carries the newest,
and the record keeps the rest.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime

from domain.engine.value import PersonId, Value
from domain.plain_text import one_line

LINES_CARRIED = 200
"""How many lines a renewed run carries; the record keeps the others."""

LINES_KEPT = 2 * LINES_CARRIED
"""How many lines a run keeps; those before stand in the record by then."""

LONGEST_FACT = 300
LONGEST_LINE = 2000
"""Characters of a line's facts; what does not fit stands elsewhere on the case."""


class Happening(StrEnum):
    """What a line tells of."""

    SIGNAL = "signal"
    ACT = "act"
    TRANSITION = "transition"
    OUTCOME = "outcome"


class Door(StrEnum):
    """How somebody, or something, came in."""

    PAGE = "page"
    REVIEW_LINK = "review link"
    STOP_LINK = "stop link"
    COMMAND_LINE = "command line"
    CALENDAR = "calendar"
    DOCUMENT = "document"
    TRACKER = "tracker"
    TEMPORAL = "temporal"


class Line(Value):
    """One line: what happened, when, by whom and through which door, about what.

    `number` counts from 1 over the whole life, so that lines carried and lines kept in a record
    can be put together. `people` are those whom it reached.
    """

    number: int
    at: AwareDatetime
    what: Happening
    name: str
    by: PersonId | None = None
    through: Door | None = None
    facts: dict[str, str] = {}
    people: tuple[PersonId, ...] = ()


class Anomaly(Value):
    """Something that made no sense: its kind, and the facts that its words need.

    It needs attention until somebody settles it, and is kept all the same.
    """

    at: AwareDatetime
    kind: str
    facts: dict[str, str] = {}
    settled_at: AwareDatetime | None = None


ANOMALIES_KEPT = 20
"""A tool gone mad must not fill the case; the newest are kept."""


def short(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts of a line as far as they fit into it; empty ones say nothing."""
    kept: dict[str, str] = {}
    room = LONGEST_LINE
    for name, told in facts.items():
        fact = readable(told)
        room -= len(name) + len(fact)
        if fact and room >= 0:
            kept[name] = fact
    return kept


def readable(text: str) -> str:
    """Return a fact from outside as it may be kept: one plain line, valid Unicode, and bounded."""
    return one_line(text.encode(errors="replace").decode())[:LONGEST_FACT]
