"""Decisions: after the meeting leaders decide each proposal, and the owning teams confirm."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.decisions.acts import ConfirmActionItem, Decide, ProposeActionItems
from domain.decisions.notices import (
    ConfirmationWanted,
    DecisionRecorded,
    DecisionsWanted,
    VerdictFacts,
)
from domain.decisions.state import Confirmation, Decision, Verdict
from domain.engine.clock import due_at
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.ledger import Status
from domain.engine.notice import Ask, notice_key, sending
from domain.engine.subject import Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Lapse, Waiting, WaitSpec
from domain.meeting.state import OUTCOME_NOTICE, READ_EVENT
from domain.people import chair, commander, confirmer, home_calendar, leaders_of, name_of
from domain.preparation.state import DOCUMENT


class DropUndecided(Transition[Case]):
    """Nobody recorded the missing verdicts: those proposals are deferred, visibly (2.3)."""

    name: ClassVar[str] = "drop-undecided"

    key: str = "turn:undecided"

    def applied(self, case: Case, now: datetime) -> Case:
        """Defer what nobody decided; the consequence stays blank."""
        deferred = _deferred(case, "no decision taken", now)
        items = tuple(
            item if item.decision else item.replace(decision=deferred) for item in case.items
        )
        return case.replace(items=items, decided_at=now)


class ConfirmByDefault(Transition[Case]):
    """The team says nothing, and a leader of theirs had committed to it: that is a yes (2.3)."""

    name: ClassVar[str] = "confirm-by-default"

    item: str

    def applied(self, case: Case, now: datetime) -> Case:
        """Take silence for a yes."""
        silent = Confirmation(at=now)
        items = (
            item.replace(confirmation=silent) if item.id == self.item else item
            for item in case.items
        )
        return case.replace(items=tuple(items))

    def noted_as(self) -> dict[str, str]:
        """Return the item."""
        return {"item": self.item}


class DropUnconfirmed(Transition[Case]):
    """The team says nothing, and nobody of theirs had committed to it: it is deferred."""

    name: ClassVar[str] = "drop-unconfirmed"

    item: str

    def applied(self, case: Case, now: datetime) -> Case:
        """Defer it, visibly."""
        deferred = _deferred(case, "not confirmed by the owning team", now)
        items = (
            item.replace(decision=deferred) if item.id == self.item else item for item in case.items
        )
        return case.replace(items=tuple(items))

    def noted_as(self) -> dict[str, str]:
        """Return the item."""
        return {"item": self.item}


def _deferred(case: Case, reason: str, now: datetime) -> Decision:
    by = commander(case) or case.ownership.owner or "nobody"
    return Decision(verdict=Verdict.DEFERRED, by=by, at=now, reason=reason)


def entries(case: Case) -> Iterator[Entry]:
    """Tell leaders what counts as theirs; drop what nobody could be asked to confirm."""
    yield from _recorded(case)
    for item in case.items:
        if item.unconfirmed and item.decision is not None and confirmer(case, item) is None:
            lapse = _silence(case, item, item.decision)
            at = item.decision.at
            for span in lapse.spans:
                at = due_at(at, span, lapse.calendar, case.holds)
            yield Entry(at, lapse.transition)


def _recorded(case: Case) -> Iterator[Entry]:
    """Tell leaders what others wrote down as their decision, unless they are asked about it."""
    written: dict[tuple[PersonId, PersonId, datetime], list[VerdictFacts]] = {}
    for item in case.items:
        decision = item.decision
        if decision is None or decision.recorded_by is None or _knows(case, item, decision):
            continue
        key = (decision.by, decision.recorded_by, decision.at)
        said = VerdictFacts(id=item.id, text=item.text, verdict=decision.verdict)
        written.setdefault(key, []).append(said)
    for (person, recorder, at), verdicts in written.items():
        by = name_of(case, recorder)
        notice = DecisionRecorded(incident=case.facts, recorded_by=by, verdicts=tuple(verdicts))
        yield sending(notice, person, at, about=_moment(at))


def _knows(case: Case, item: ActionItem, decision: Decision) -> bool:
    """Tell whether who decided wrote it down, or is asked to confirm it."""
    asked = item.accepted and confirmer(case, item) == decision.by
    return asked or decision.by == decision.recorded_by


def _undecided(case: Case) -> Iterator[Waiting]:
    held_at, person = case.meeting.held_at, chair(case)
    if person is None or held_at is None or case.decided_at is not None:
        return
    # A proposal that was typed after the verdicts waits from then on.
    proposed = (item.proposed_at for item in case.items if item.decision is None)
    since = max(held_at, min(filter(None, proposed), default=held_at))
    yield Waiting("decisions", person, since)


def _ask_for_decisions(case: Case, waiting: Waiting) -> Ask | None:
    """Ask for the decisions whoever was not asked for the outcome of the meeting, nor told it."""
    if case.meeting.recorded_by == waiting.person:
        return None
    both, ended = case.ledger.get(notice_key(OUTCOME_NOTICE, waiting.person)), case.meeting.end
    tried = both is not None and both.status is not Status.UNAVAILABLE
    if both and ended and tried and both.version == ended.isoformat():
        return None
    undecided = tuple(item.facts for item in case.items if item.decision is None)
    return Ask(DecisionsWanted(incident=case.facts, undecided=undecided))


def _deferring(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    drop = DropUndecided(version=waiting.round)
    yield Lapse((case.binding.patience.decisions,), home_calendar(case), drop)


def _unconfirmed(case: Case) -> Iterator[Waiting]:
    """Yield, once per person and moment, the items that wait for their team's confirmation."""
    accepted: dict[tuple[PersonId, datetime], list[str]] = {}
    for item in case.items:
        person = confirmer(case, item)
        if item.unconfirmed and item.decision is not None and person is not None:
            accepted.setdefault((person, item.decision.at), []).append(item.id)
    for (person, since), items in accepted.items():
        about = f"{person}:{_moment(since)}"
        yield Waiting("confirmation", person, since, about=about, items=tuple(items))


def _ask_to_confirm(case: Case, waiting: Waiting) -> Ask:
    items = tuple(item.facts for item in case.items if item.id in waiting.items)
    cool_down = case.binding.action_items.cool_down
    notice = ConfirmationWanted(incident=case.facts, items=items, cool_down=cool_down)
    return Ask(notice, about=_moment(waiting.since))


def _moment(since: datetime) -> str:
    """Return what tells one person's waits of the same kind apart: when they began."""
    return f"{since:%Y%m%dT%H%M%S%f}"


def _confirming(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    for item in case.items:
        if item.id in waiting.items and item.decision is not None:
            yield _silence(case, item, item.decision)


def _silence(case: Case, item: ActionItem, decision: Decision) -> Lapse:
    """Take silence for a yes only where a leader of the owning team committed to it (2.3).

    Otherwise the item is dropped after another cool-down.
    """
    cool_down, version = case.binding.action_items.cool_down, decision.at.isoformat()
    calendar = home_calendar(case)
    if decision.committed_by in leaders_of(case, item.team):
        key = f"turn:confirm:{item.id}"
        confirm = ConfirmByDefault(key=key, version=version, item=item.id)
        return Lapse((cool_down,), calendar, confirm)
    key = f"turn:unconfirmed:{item.id}"
    drop = DropUnconfirmed(key=key, version=version, item=item.id)
    return Lapse((cool_down, cool_down), calendar, drop)


DECISIONS = Subject(
    name="decisions",
    entries=entries,
    waits=(
        WaitSpec(
            name="decisions",
            on=_undecided,
            asks=_ask_for_decisions,
            answered_by=(Decide,),
            lapses=_deferring,
            reads_first=(READ_EVENT, DOCUMENT),
        ),
        WaitSpec(
            name="confirmation",
            on=_unconfirmed,
            asks=_ask_to_confirm,
            answered_by=(ConfirmActionItem,),
            lapses=_confirming,
        ),
    ),
    acts=(ProposeActionItems, Decide, ConfirmActionItem),
    notices=(DecisionsWanted, ConfirmationWanted, DecisionRecorded),
)
