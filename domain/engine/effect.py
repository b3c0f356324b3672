"""What a case wants done, as values: outside by an activity, or in itself by a transition.

Each effect has a key (what it is about) and the version that is wanted; its outcome is noted
with that version, and it is due while wanted differs from done.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from domain.engine.journal import Happening
from domain.engine.ledger import C, Outcome, Report, Status, outcome_of
from domain.engine.value import Value

A = TypeVar("A", bound=BaseModel | None)
"""What an activity answers, where it has more to say than that it is done."""


class Effect(Value, Generic[C, A]):
    """Something to be carried out by one activity.

    `summary` is what operations read in the Temporal UI. One that is `once` must not be repeated
    by itself: a lost answer leaves it unknown. Effects that go `together` are handed over in one
    activity per moment. A `local` one only reads what the worker has at hand, and asks no other
    system. A `noteworthy` one leaves a line in the journal.
    """

    activity: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    answer: ClassVar[type[BaseModel] | None] = None
    once: ClassVar[bool] = False
    together: ClassVar[bool] = False
    local: ClassVar[bool] = False
    noteworthy: ClassVar[bool] = False

    key: str
    version: str = "1"

    def request(self, case: C, now: datetime) -> Value:
        """Return what the activity is given: the effect itself, unless it needs more."""
        return self

    @classmethod
    def requested_together(cls, case: C, effects: Sequence[Any], now: datetime) -> Value:
        """Return what the activity is given for all effects of one moment.

        Raises:
            NotImplementedError: these effects do not go together.
        """
        raise NotImplementedError(cls.__name__)

    def learned(self, case: C, answer: A, now: datetime) -> C:
        """Return the case with what the answer taught; only called when it is done."""
        return case

    def noted_as(self) -> dict[str, str]:
        """Return the facts of the journal's line about it."""
        return {}

    def reached(self) -> tuple[str, ...]:
        """Return the people whom it reached, for the journal."""
        return ()


def noted(case: C, effect: Effect[C, Any], report: Report, answer: Any, now: datetime) -> C:  # noqa: ANN401 - of the effect's own type
    """Return the case with an effect's outcome in its ledger, and what it taught taken in.

    An answer is taken in even where the effect is not done: what is there is there.
    """
    before = case.ledger.get(effect.key)
    outcome = outcome_of(before, effect.version, report, now)
    case = case.with_outcome(effect.key, outcome)
    if report.status is Status.DONE or answer is not None:
        case = effect.learned(case, answer, now)
    return _journalled(case, effect, before, outcome)


def _journalled(case: C, effect: Effect[C, Any], before: Outcome | None, outcome: Outcome) -> C:
    """Note what people would want to know: what was done, and what somebody has to mend."""
    again = before is not None and before.status is outcome.status is not Status.DONE
    waits = outcome.status is Status.UNAVAILABLE
    done_quietly = outcome.status is Status.DONE and not effect.noteworthy
    if again or waits or done_quietly:
        return case
    facts = {"status": outcome.status.value, "reason": outcome.reason, **effect.noted_as()}
    return case.with_line(
        outcome.at, Happening.OUTCOME, effect.activity, people=effect.reached(), facts=facts
    )


class Transition(Effect[C, None]):
    """A step that a case takes by itself when its time has come; nothing outside is touched."""

    name: ClassVar[str]

    @abstractmethod
    def applied(self, case: C, now: datetime) -> C:
        """Return the case after the step."""


def taken(case: C, transition: Transition[C], now: datetime) -> C:
    """Return the case after one of its own steps, noted as done and in the journal."""
    done = Outcome(version=transition.version, status=Status.DONE, at=now)
    case = transition.applied(case, now).with_outcome(transition.key, done)
    return case.with_line(
        now,
        Happening.TRANSITION,
        transition.name,
        people=transition.reached(),
        facts=transition.noted_as(),
    )
