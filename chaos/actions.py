"""What the people of a life do next: one action at a time, read off what the case waits for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chaos import standing
from chaos.plan import Plan, Proposal
from devstack.signing import EVIDENCE
from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
)
from domain.customer_message.notices import (
    DeliveryUnknown,
    DraftWanted,
    PostingWanted,
    ReviewWanted,
)
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.notices import ConfirmationWanted
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.engine.waiting import Asked, Waiting
from domain.meeting.acts import RecordMeeting
from domain.meeting.notices import MeetingOutcome
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.ownership.notices import Appointment, Nomination

POSTED_AT = "https://status.example.com/incidents/1"


@dataclass(frozen=True)
class Action:
    """One act of one person, and how the same is said on the page behind a mail's link."""

    act: Act[Case]
    mail: str
    form: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells this action from the others of its life."""
        return f"{self.mail}:{type(self.act).__name__}:{self.act.by}"


@dataclass(frozen=True)
class Question:
    """What somebody is asked, and what they need to know to answer as planned."""

    case: Case
    plan: Plan
    waiting: Waiting
    has_arrived: bool

    @property
    def person(self) -> str:
        """Who is asked."""
        return self.waiting.person


def next_action(case: Case, plan: Plan, now: datetime, *, has_arrived: bool) -> Action | None:
    """Return what somebody should do now, or None while only time has to pass.

    `has_arrived` is whether the customers have their mail: the owner looks there when asked.
    """
    proposing = _proposing(case, plan)
    if proposing is not None:
        return proposing
    due = (each for each in standing.asked(case) if each.waiting.since <= now)
    actions = (_answer(each, Question(case, plan, each.waiting, has_arrived)) for each in due)
    return next(filter(None, actions), None)


def retry_everything(by: str) -> Action:
    """Return what operations do, once they have looked, about what a vendor refused."""
    return Action(Retry(by=by), "operations", "")


def _proposing(case: Case, plan: Plan) -> Action | None:
    owner, known = case.ownership.owner, {item.text for item in case.items}
    missing = tuple(each.row for each in plan.proposals if each.text not in known)
    if owner is None or not missing or case.meeting.held_at is not None:
        return None
    fields = {
        f"{name}-{number}": value
        for number, row in enumerate(missing, start=1)
        for name, value in row.model_dump(exclude={"id"}).items()
    }
    act = ProposeActionItems(by=owner, items=missing)
    return Action(act, Nomination.kind, act.name, fields)


def _answer(asked: Asked[Case], question: Question) -> Action | None:
    """Return what is done about a wait: by its usual act, if these people know how.

    They finish tickets in the tracker, and have nothing else to do by hand.
    """
    answer = next((_ANSWERS[act] for act in asked.spec.answered_by if act in _ANSWERS), None)
    return answer(question) if answer else None


def _ownership(asked: Question) -> Action:
    if asked.plan.first_declines and asked.person == asked.case.ownership.candidates[0]:
        no = {"answer": "no", "reason": "On leave soon"}
        act = DeclineOwnership(by=asked.person, reason=no["reason"])
        return Action(act, Nomination.kind, AcceptOwnership.name, no)
    yes = {"answer": "yes"}
    return Action(AcceptOwnership(by=asked.person), Nomination.kind, AcceptOwnership.name, yes)


def _appointment(asked: Question) -> Action:
    owner = {"owner": asked.plan.incident.participants[1].person}
    act = AppointOwner(by=asked.person, **owner)
    return Action(act, Appointment.kind, act.name, owner)


def _meeting(asked: Question) -> Action:
    act = RecordMeeting(by=asked.person, held=True)
    return Action(act, MeetingOutcome.kind, act.name, {"held": "yes", "facts_agreed": "yes"})


def _decisions(asked: Question) -> Action:
    """Decide behind the link of the mail that asked how the meeting went."""
    fields: dict[str, str] = {}
    verdicts = []
    for item in asked.case.items:
        proposal = asked.plan.proposal(item.text)
        if proposal is not None and item.decision is None:
            verdict = _verdict(item.id, proposal)
            verdicts.append(verdict)
            fields |= {
                f"{name}-{item.id}": str(value)
                for name, value in verdict.model_dump(exclude={"item"}, mode="json").items()
                if value
            }
    if not asked.case.items:
        fields = {"none": "yes"}
    act = Decide(by=asked.person, decisions=tuple(verdicts))
    return Action(act, MeetingOutcome.kind, act.name, fields)


def _verdict(item: str, proposal: Proposal) -> ItemDecision:
    against = proposal.verdict is not Verdict.ACCEPTED
    return ItemDecision(
        item=item,
        verdict=proposal.verdict,
        decided_by=proposal.leader,
        reason="It would not have helped" if against else "",
        consequence="It may happen again" if against else "",
        revisit=proposal.revisit if proposal.verdict is Verdict.DEFERRED else None,
        priority=proposal.row.priority,
        team=proposal.row.team,
    )


def _confirmation(asked: Question) -> Action:
    answers = []
    fields: dict[str, str] = {}
    for item in filter(None, map(asked.case.item, asked.waiting.items)):
        proposal = asked.plan.proposal(item.text)
        answer = proposal.answer if proposal else "confirm"
        said: dict[str, str] = {"answer": answer}
        if answer == "decline":
            said |= {"reason": "No hands", "consequence": "It stays as it is"}
        answers.append(ItemAnswer.model_validate({"item": item.id, **said}))
        fields |= {f"{name}-{item.id}": value for name, value in said.items()}
    act = ConfirmActionItem(by=asked.person, answers=tuple(answers))
    return Action(act, ConfirmationWanted.kind, act.name, fields)


def _draft(asked: Question) -> Action:
    request, plan = asked.case.message.approval, asked.plan
    is_revising = request is not None and request.decision == "changes"
    text = plan.revised if is_revising else plan.text
    act = DraftExternalMessage(by=asked.person, text=text)
    return Action(act, DraftWanted.kind, act.name, text.model_dump())


def _approval(asked: Question) -> Action | None:
    request, plan = asked.case.message.approval, asked.plan
    if request is None:
        return None
    wants = plan.wants_a_change and request.digest != plan.final_text.digest
    said = {
        "decision": "changes" if wants else "approved",
        "comment": "Say that it is over" if wants else "",
    }
    act = DecideExternalMessage.model_validate(
        {
            "by": request.liaison,
            "approval_id": request.id,
            "digest": request.digest,
            "evidence": EVIDENCE,
            "proof": "",
            **said,
        }
    )
    return Action(act, ReviewWanted.kind, "", said)


def _posting(asked: Question) -> Action:
    act = MarkPosted(by=asked.person, url=POSTED_AT)
    return Action(act, PostingWanted.kind, act.name, {"url": act.url})


def _delivery(asked: Question) -> Action:
    outcome: Literal["arrived", "send again"] = "arrived" if asked.has_arrived else "send again"
    act = SettleDelivery(by=asked.person, outcome=outcome, evidence=EVIDENCE, proof="")
    return Action(act, DeliveryUnknown.kind, act.name, {"outcome": outcome})


_ANSWERS: Mapping[type[Act[Case]], Callable[[Question], Action | None]] = {
    AcceptOwnership: _ownership,
    AppointOwner: _appointment,
    RecordMeeting: _meeting,
    Decide: _decisions,
    ConfirmActionItem: _confirmation,
    DraftExternalMessage: _draft,
    DecideExternalMessage: _approval,
    MarkPosted: _posting,
    SettleDelivery: _delivery,
}
