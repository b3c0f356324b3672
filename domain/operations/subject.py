"""Operations: limits that pass, effects that were refused, and what somebody mended."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from domain.case import Case
from domain.engine.act import OPERATIONS as FROM_THE_COMMAND_LINE
from domain.engine.act import Act
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.ledger import Status
from domain.engine.subject import Attention, Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting, WaitSpec
from domain.meeting.state import EVENT
from domain.moments import meeting_limit, report_limit
from domain.operations.notices import Escalation, Reminder, StillWaiting
from domain.people import commander, process_owner

A_MOMENT = timedelta(seconds=1)
"""A limit is kept until it is over."""


class Retry(Act[Case]):
    """Operations mended something: carry out what was parked, and clear the flag.

    With `effect` only that one. A customer message of unknown fate is never sent again by this:
    `settle_delivery` says whether it arrived.
    """

    name: ClassVar[str] = "retry"
    while_set_up: ClassVar[bool] = True

    effect: str = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Operations, and the owner and commander who may have mended the cause."""
        able = (case.ownership.owner, commander(case), process_owner(case), FROM_THE_COMMAND_LINE)
        return frozenset(filter(None, able))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While another system has refused something."""
        return any(each.status is Status.REFUSED for each in case.ledger.values())

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse when nothing waits for a retry."""
        if self.effect and self.effect not in case.ledger:
            return f"'{self.effect}' is no effect of this case; `aftermath show` lists them."
        unsettled = any(each.settled_at is None for each in case.anomalies)
        if not self._parked(case) and (self.effect or not unsettled):
            return "Nothing is parked; there is nothing to retry."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Forget the outcomes in the way, so that their effects are due again.

        What made no sense is settled, and kept.
        """
        parked = self._parked(case)
        ledger = {key: each for key, each in case.ledger.items() if key not in parked}
        case = case.replace(ledger=ledger)
        if self.effect:
            return case
        settled = (
            each if each.settled_at else each.replace(settled_at=now) for each in case.anomalies
        )
        return case.replace(anomalies=tuple(settled))

    def noted_as(self) -> dict[str, str]:
        """Return which effect they named."""
        return {"effect": self.effect}

    def _parked(self, case: Case) -> frozenset[str]:
        waiting = {Status.REFUSED, Status.UNAVAILABLE}
        return frozenset(
            key
            for key, each in case.ledger.items()
            if each.status in waiting and self.effect in ("", key)
        )


class PassALimit(Transition[Case]):
    """A limit of the policy has passed, so that operations see who is late."""

    name: ClassVar[str] = "pass-a-limit"

    what: str

    def applied(self, case: Case, now: datetime) -> Case:
        """Change nothing: lateness is seen by looking."""
        return case

    def noted_as(self) -> dict[str, str]:
        """Return which limit it is."""
        return {"limit": self.what}


def entries(case: Case) -> Iterator[Entry]:
    """Look up when a limit of the policy has passed."""
    passing = {
        "meeting": meeting_limit(case) if case.meeting.held_at is None else None,
        "report": report_limit(case) if case.published_at is None else None,
    }
    for what, limit in passing.items():
        if limit is not None:
            late = PassALimit(key=f"turn:late:{what}", version=limit.isoformat(), what=what)
            yield Entry(limit + A_MOMENT, late)


def _parked(case: Case) -> Iterator[Waiting]:
    """Yield who has to see what a system refused mended; the event is booked by hand."""
    refused = [
        each.at
        for key, each in case.ledger.items()
        if each.status is Status.REFUSED and key != EVENT
    ]
    person = process_owner(case)
    if person is not None and refused:
        yield Waiting("mending", person, min(refused))


def _attention(case: Case) -> Iterator[Attention]:
    kinds = {Status.REFUSED: "effect-refused", Status.UNKNOWN: "effect-unknown"}
    for key, each in case.ledger.items():
        if each.status in kinds:
            yield Attention(kinds[each.status], {"effect": key, "reason": each.reason})


OPERATIONS = Subject(
    name="operations",
    entries=entries,
    waits=(WaitSpec(name="mending", on=_parked, answered_by=(Retry,)),),
    acts=(Retry,),
    notices=(Reminder, Escalation, StillWaiting),
    attention=_attention,
)
