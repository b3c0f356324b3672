"""Acts about proposals: making them, deciding them, confirming them for a team."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.action_items.state import ActionItem, ItemState
from domain.calendar.directory_snapshot import Team
from domain.case import Case
from domain.decisions.state import Confirmation, Decision, Verdict
from domain.engine.act import OPERATIONS, Act
from domain.engine.value import PersonId, Value
from domain.moments import is_publishing
from domain.people import chair, commander, deciders, involved_teams, name_of
from domain.preparation.document import ActionRow
from domain.proposals import decisions_closed, with_proposals

Sentence = Annotated[str, Field(max_length=500)]
PRIORITIES = ("P0", "P1", "P2", "P3")


def changeable(case: Case) -> tuple[str, ...]:
    """Return the ids of the items whose verdict is missing, or may still be another."""
    return tuple(item.id for item in case.items if item.confirmation is None and item.issue is None)


class ProposeActionItems(Act[Case]):
    """The owner adds proposals on the page, or confirms the rows of the document."""

    name: ClassVar[str] = "propose_action_items"

    items: Annotated[tuple[ActionRow, ...], Field(max_length=50)]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner stands behind the proposals; everybody else writes them into the document."""
        return frozenset(filter(None, (case.ownership.owner, OPERATIONS)))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """Until the report is out."""
        return not is_publishing(case)

    def not_yours(self, case: Case) -> str:
        """Say how to propose something all the same."""
        return "Only the owner does this here. Write your proposal into the document's table."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse proposals for a case that is published."""
        if is_publishing(case):
            return "The report is published; open a ticket in your team's backlog instead."
        if any(not each.text.strip() for each in self.items):
            return "A proposal has no text. Say in one sentence what should be done."
        unknown = [each.id for each in self.items if each.id and case.item(each.id) is None]
        if unknown:
            return f"There is no action item {unknown[0][:20]}. Reload the page."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Add what is new, and correct what has the same id or text."""
        return with_proposals(case, self.items, now, by=self.by)

    def noted_as(self) -> dict[str, str]:
        """Return how many they were."""
        return {"count": str(len(self.items))}


class ItemDecision(Value):
    """One verdict as the facilitator records it; `decided_by` is the leader behind it."""

    item: str
    verdict: Verdict
    decided_by: PersonId
    reason: Sentence = ""
    consequence: Sentence = ""
    revisit: date | None = None
    priority: str = ""
    team: str = ""


class Decide(Act[Case]):
    """The verdicts of the meeting, recorded by the facilitator or the owner (S0)."""

    name: ClassVar[str] = "decide"

    decisions: tuple[ItemDecision, ...]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who leads the meeting; where they say nothing, the owner and the commander."""
        able = (chair(case), case.ownership.owner, commander(case), OPERATIONS)
        return frozenset(filter(None, able))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """After the meeting, while a verdict is missing or may still be another."""
        running = case.meeting.held_at is not None and not is_publishing(case)
        return running and bool(changeable(case))

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the facilitator, the owner and the incident commander record the decisions."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse verdicts before the meeting, by the facilitator, or without their reasons."""
        if case.meeting.held_at is None:
            return "Record first that the meeting was held; verdicts come after it."
        if is_publishing(case):
            return "The report is published with its decisions."
        named = [each.item for each in self.decisions]
        if twice := next((each for each in named if named.count(each) > 1), None):
            return f"{twice} has two verdicts. Choose one."
        return next(filter(None, (_wrong(case, each) for each in self.decisions)), None)

    def applied(self, case: Case, now: datetime) -> Case:
        """Note each verdict; when none is missing the decisions are closed.

        The customer message was written for the old verdicts: changing one ends the request
        for its approval, and an approval that was given.
        """
        verdicts = {each.item: each for each in self.decisions}
        items = tuple(
            self._decided(item, verdicts[item.id], now) if item.id in verdicts else item
            for item in case.items
        )
        pairs = zip(case.items, items, strict=True)
        if any(before.decision is not None and before != after for before, after in pairs):
            case = case.replace(message=case.message.superseded(now))
        return decisions_closed(case.replace(items=items), now)

    def noted_as(self) -> dict[str, str]:
        """Return each item with its verdict."""
        return {each.item: each.verdict.value for each in self.decisions}

    def _decided(self, item: ActionItem, verdict: ItemDecision, now: datetime) -> ActionItem:
        """Return the item with its verdict; the same one again changes nothing.

        Writing down somebody's decision is not their team's confirmation, for P0 neither.
        """
        accepted = verdict.verdict is Verdict.ACCEPTED
        priority, team = verdict.priority or item.priority, verdict.team or item.team
        before = item.decision
        decision = Decision(
            verdict=verdict.verdict,
            by=verdict.decided_by,
            at=now,
            recorded_by=self.by,
            reason=verdict.reason,
            consequence=verdict.consequence,
            revisit=verdict.revisit,
            committed_by=verdict.decided_by if accepted else None,
        )
        same = before is not None and before.replace(at=now, recorded_by=self.by) == decision
        if same and (priority, team) == (item.priority, item.team):
            return item
        return item.replace(decision=decision, priority=priority, team=team)


def _wrong(case: Case, verdict: ItemDecision) -> str | None:
    item = case.item(verdict.item)
    if item is None:
        return f"There is no action item {verdict.item}. Reload the page."
    if verdict.decided_by == case.meeting.facilitator:
        return "The facilitator takes no decisions: name the leader who did."
    if item.issue is not None or item.confirmation is not None:
        return f"{item.id} is confirmed already; its verdict cannot change."
    return _not_explained(case, verdict, item) or _not_theirs(case, verdict, item)


def _not_theirs(case: Case, verdict: ItemDecision, item: ActionItem) -> str | None:
    able = deciders(case, verdict.team or item.team)
    if verdict.decided_by in able:
        return None
    names = " or ".join(name_of(case, each) for each in able) or "nobody whom we know"
    return f"{item.id} is decided by a leader of its team: {names}. Name who did."


def _not_explained(case: Case, verdict: ItemDecision, item: ActionItem) -> str | None:
    if verdict.verdict is Verdict.ACCEPTED:
        return _not_ready_to_accept(case, verdict, item)
    if not verdict.reason.strip():
        return f"{item.id} is {verdict.verdict}: say why."
    if verdict.verdict is not Verdict.ALREADY_DONE and not verdict.consequence.strip():
        return f"{item.id} is {verdict.verdict}: say what follows from not doing it now."
    if verdict.verdict is Verdict.DEFERRED and verdict.revisit is None:
        return f"{item.id} is deferred: say on which date to look at it again."
    return None


def _not_ready_to_accept(case: Case, verdict: ItemDecision, item: ActionItem) -> str | None:
    if (verdict.priority or item.priority) not in PRIORITIES:
        return f"{item.id} needs a priority: {', '.join(PRIORITIES)}."
    team = verdict.team or item.team
    if case.directory is None or team not in case.directory.teams:
        return f"{item.id} needs a team of the organisation file that owns it."
    return None


class ItemAnswer(Value):
    """A team's answer for one accepted item."""

    item: str
    answer: Literal["confirm", "defer", "decline"]
    reason: Sentence = ""
    consequence: Sentence = ""
    revisit: date | None = None


class ConfirmActionItem(Act[Case]):
    """The owning team confirms accepted items, or takes them back with a reason."""

    name: ClassVar[str] = "confirm_action_item"

    answers: tuple[ItemAnswer, ...]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who leads or belongs to a team that has items, or that was hit; and the commander."""
        directory = case.directory
        named = (directory.teams.get(item.team) for item in case.items) if directory else iter(())
        teams = [*filter(None, named), *involved_teams(case)]
        people = (person for team in teams for person in _of_team(team))
        return frozenset(filter(None, (commander(case), *people)))

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the team that would do the work confirms it."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse other teams' items, items that wait for nothing, and silent withdrawals."""
        return next(filter(None, (self._wrong_answer(case, each) for each in self.answers)), None)

    def applied(self, case: Case, now: datetime) -> Case:
        """Note each answer; of two for one item the first counts."""
        answers = {each.item: each for each in reversed(self.answers)}
        items = (
            self._answered(item, answers[item.id], now) if item.id in answers else item
            for item in case.items
        )
        return case.replace(items=tuple(items))

    def _answered(self, item: ActionItem, answer: ItemAnswer, now: datetime) -> ActionItem:
        if answer.answer == "confirm":
            return item.replace(confirmation=Confirmation(at=now, by=self.by))
        verdict = Verdict.DEFERRED if answer.answer == "defer" else Verdict.DECLINED
        decision = Decision(
            verdict=verdict,
            by=self.by,
            at=now,
            reason=answer.reason,
            consequence=answer.consequence,
            revisit=answer.revisit,
        )
        return item.replace(decision=decision)

    def _wrong_answer(self, case: Case, answer: ItemAnswer) -> str | None:
        item = case.item(answer.item)
        if item is None or case.directory is None:
            return f"There is no action item {answer.item}. Reload the page."
        team = case.directory.teams.get(item.team)
        if self.by not in (_of_team(team) if team else (commander(case),)):
            name = team.name if team else item.team
            return f"{item.id} belongs to {name}; only that team confirms it."
        if not item.unconfirmed:
            return f"{item.id} is not waiting for a confirmation: {_where(item)}."
        if answer.answer == "confirm":
            return None
        if not answer.reason.strip() or not answer.consequence.strip():
            return f"{item.id}: say why it is taken back and what follows from that."
        if answer.answer == "defer" and answer.revisit is None:
            return f"{item.id}: say on which date to look at it again."
        return None

    def noted_as(self) -> dict[str, str]:
        """Return each item with its answer."""
        return {each.item: each.answer for each in self.answers}


def _of_team(team: Team) -> tuple[PersonId | None, ...]:
    """Return who may speak for a team: whoever leads it or belongs to it."""
    return team.engineering_manager, team.product_manager, *team.members


def _where(item: ActionItem) -> str:
    """Say where an item stands."""
    ticket = item.issue.key if item.issue and item.state is ItemState.TICKETED else ""
    return f"its ticket is {ticket}" if ticket else item.state.value
