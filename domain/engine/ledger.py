"""The ledger: what became of every effect; and all that the engine keeps on a case."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Generic, Self, TypeVar

from pydantic import AwareDatetime

from domain.calendar.interval import Interval
from domain.engine.editions import NEWEST
from domain.engine.journal import (
    ANOMALIES_KEPT,
    LINES_CARRIED,
    LINES_KEPT,
    Anomaly,
    Door,
    Happening,
    Line,
    readable,
    short,
)
from domain.engine.value import PersonId, Value

MINUTES_AFTER_TRIES = (1, 5, 15, 60)
"""Minutes until an effect whose system is away is tried again; the last one repeats."""

SOONEST, LONGEST_PAUSE = timedelta(seconds=1), timedelta(days=1)
"""Between which a vendor's own word on when to come back is taken."""


class Status(StrEnum):
    """How an effect ended."""

    DONE = "done"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Outcome(Value):
    """What became of one effect, in the version that was wanted then.

    `again_at` is set while the effect waits for a vendor to come back; a refused or unknown
    one waits for a person.
    """

    version: str
    status: Status
    at: AwareDatetime
    tries: int = 1
    again_at: AwareDatetime | None = None
    reason: str = ""


class Report(Value):
    """What an activity says of one effect."""

    key: str
    status: Status = Status.DONE
    reason: str = ""
    retry_after: timedelta | None = None


A = TypeVar("A")


class Told(Value, Generic[A]):
    """What an activity says of one effect among several: how it went, and what it brought back."""

    report: Report
    answer: A | None = None


class Outcomes(Value, Generic[A]):
    """What became of all effects of one kind in a moment; none of them raises."""

    each: tuple[Told[A], ...]


class Progress(Value):
    """What the engine keeps on a case, whatever the case is about.

    `holds` are the stretches in which everything stands still. `journal` ends with the newest
    line. `reminded` tells when a person was chased last.
    """

    id: str = ""
    edition: int = NEWEST
    ledger: dict[str, Outcome] = {}
    under_way: tuple[str, ...] = ()
    reminded: dict[PersonId, AwareDatetime] = {}
    holds: tuple[Interval, ...] = ()
    journal: tuple[Line, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    closed_at: AwareDatetime | None = None

    @property
    def revision(self) -> int:
        """Which case of this id it is, counted from 1."""
        return 1

    @property
    def is_set_up(self) -> bool:
        """Tell whether the case knows enough to go on by itself and to let people act."""
        return True

    @property
    def is_ending(self) -> bool:
        """Tell whether somebody has cancelled the case, so that only its end is left."""
        return False

    def done(self, key: str) -> bool:
        """Tell whether an effect of this key was carried out in any version."""
        outcome = self.ledger.get(key)
        return outcome is not None and outcome.status is Status.DONE

    def with_outcome(self, key: str, outcome: Outcome) -> Self:
        """Return the case with what became of an effect."""
        return self.replace(ledger={**self.ledger, key: outcome})

    def with_line(  # noqa: PLR0913 - a line has that many parts
        self,
        now: datetime,
        what: Happening,
        name: str,
        *,
        by: PersonId | None = None,
        through: Door | None = None,
        people: tuple[PersonId, ...] = (),
        facts: Mapping[str, str] | None = None,
    ) -> Self:
        """Return the case with a line in its journal; the same for other people joins the last."""
        last = self.journal[-1] if self.journal else None
        number = last.number + 1 if last else 1
        line = Line(
            number=number,
            at=now,
            what=what,
            name=name,
            by=by,
            through=through,
            facts=short(facts or {}),
            people=people,
        )
        if last and people and line.replace(number=last.number, people=last.people) == last:
            joined = last.replace(people=(*last.people, *people))
            return self.replace(journal=(*self.journal[:-1], joined))
        return self.replace(journal=(*self.journal[-(LINES_KEPT - 1) :], line))

    def with_anomaly(self, now: datetime, kind: str, **facts: str) -> Self:
        """Return the case with a note of something that made no sense, for operations to see."""
        kept = {name: readable(fact) for name, fact in facts.items()}
        noted = Anomaly(at=now, kind=kind, facts=kept)
        return self.replace(anomalies=(*self.anomalies[-(ANOMALIES_KEPT - 1) :], noted))

    def carried(self) -> Self:
        """Return the case as its next run takes it over."""
        return self.replace(journal=self.journal[-LINES_CARRIED:], under_way=())


C = TypeVar("C", bound=Progress)
"""A case, whatever it is about."""


def outcome_of(before: Outcome | None, version: str, report: Report, now: datetime) -> Outcome:
    """Return what a report means for the ledger, given what was there.

    An effect whose system is away is due again after the longer of the vendor's own word and the
    ladder of tries, so that a vendor who always says "a minute" is not asked every minute. One
    that an attempt did not come to was not tried: no pause was asked for, and none is made.
    """
    away = report.status is Status.UNAVAILABLE
    again = before is not None and before.status is Status.UNAVAILABLE
    untried = report.retry_after == timedelta()
    tries = before.tries + 1 if before is not None and away and again and not untried else 1
    pause = timedelta(minutes=MINUTES_AFTER_TRIES[min(tries, len(MINUTES_AFTER_TRIES)) - 1])
    if report.retry_after is not None:
        asked_for = min(max(report.retry_after, SOONEST), LONGEST_PAUSE)
        pause = asked_for if untried else max(pause, asked_for)
    return Outcome(
        version=version,
        status=report.status,
        at=now,
        tries=tries,
        again_at=_full_minute(now + pause) if away else None,
        reason=readable(report.reason),
    )


def _full_minute(instant: datetime) -> datetime:
    """Round up to a minute, so that what waits for the same system is tried together."""
    return instant + (-(instant - datetime.min.replace(tzinfo=UTC)) % timedelta(minutes=1))
