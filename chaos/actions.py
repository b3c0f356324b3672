"""What the people of a life do next: one action at a time, read off what the case waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chaos import standing
from chaos.plan import Plan, Proposal
from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
)
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.engine.waiting import Waiting
from domain.meeting.acts import RecordMeeting
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership

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

    @property
    def needs_code(self) -> bool:
        """Whether the page asks for the code that stands only in the mail."""
        return isinstance(self.act, DecideExternalMessage)


def next_action(case: Case, plan: Plan, now: datetime, *, has_arrived: bool) -> Action | None:
    """Return what somebody should do now, or None while only time has to pass.

    `has_arrived` is whether the customers have their mail: the owner looks there when asked.
    """
    proposing = _proposing(case, plan)
    if proposing is not None:
        return proposing
    due = (each for each in standing.waiting(case) if each.since <= now)
    actions = (_answer(case, plan, each, has_arrived=has_arrived) for each in due)
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
    return Action(act, "nomination", "propose_action_items", fields)


def _answer(case: Case, plan: Plan, waiting: Waiting, *, has_arrived: bool) -> Action | None:
    person = waiting.person
    match waiting.what:
        case "ownership":
            return _ownership(case, plan, person)
        case "appointment":
            owner = {"owner": plan.incident.participants[1].person}
            return Action(AppointOwner(by=person, **owner), "appointment", "appoint_owner", owner)
        case "meeting-outcome":
            held = {"held": "yes", "facts_agreed": "yes"}
            return Action(
                RecordMeeting(by=person, held=True), "meeting-outcome", "record_meeting", held
            )
        case "decisions":
            return _decisions(case, plan, person)
        case "confirmation":
            return _confirmation(case, plan, waiting)
        case "message-draft":
            asked = case.message.approval
            revising = asked is not None and asked.decision == "changes"
            text = plan.revised if revising else plan.text
            act = DraftExternalMessage(by=person, text=text)
            return Action(act, "message-draft", "draft_external_message", text.model_dump())
        case "approval":
            return _approval(case, plan)
        case "posting":
            act_posted = MarkPosted(by=person, url=POSTED_AT)
            return Action(act_posted, "posting", "mark_posted", {"url": POSTED_AT})
        case "delivery":
            return _delivery(person, has_arrived=has_arrived)
        case _:
            # A ticket is finished in the tracker, and there is no other step by hand.
            return None


def _ownership(case: Case, plan: Plan, person: str) -> Action:
    if plan.first_declines and person == case.ownership.candidates[0]:
        no = {"answer": "no", "reason": "On leave soon"}
        act = DeclineOwnership(by=person, reason=no["reason"])
        return Action(act, "nomination", "accept_ownership", no)
    yes = {"answer": "yes"}
    return Action(AcceptOwnership(by=person), "nomination", "accept_ownership", yes)


def _decisions(case: Case, plan: Plan, person: str) -> Action:
    fields: dict[str, str] = {}
    verdicts = []
    for item in case.items:
        proposal = plan.proposal(item.text)
        if proposal is not None and item.decision is None:
            verdict = _verdict(item.id, proposal)
            verdicts.append(verdict)
            fields |= {
                f"{name}-{item.id}": str(value)
                for name, value in verdict.model_dump(exclude={"item"}, mode="json").items()
                if value
            }
    if not case.items:
        fields = {"none": "yes"}
    act = Decide(by=person, decisions=tuple(verdicts))
    return Action(act, "meeting-outcome", "decide", fields)


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


def _confirmation(case: Case, plan: Plan, waiting: Waiting) -> Action:
    answers = []
    fields: dict[str, str] = {}
    for item in filter(None, map(case.item, waiting.items)):
        proposal = plan.proposal(item.text)
        answer = proposal.answer if proposal else "confirm"
        said: dict[str, str] = {"answer": answer}
        if answer == "decline":
            said |= {"reason": "No hands", "consequence": "It stays as it is"}
        answers.append(ItemAnswer.model_validate({"item": item.id, **said}))
        fields |= {f"{name}-{item.id}": value for name, value in said.items()}
    act = ConfirmActionItem(by=waiting.person, answers=tuple(answers))
    return Action(act, "confirmation", "confirm_action_item", fields)


def _approval(case: Case, plan: Plan) -> Action | None:
    asked = case.message.approval
    if asked is None:
        return None
    wants = plan.wants_a_change and asked.digest != plan.final_text.digest
    said = {
        "decision": "changes" if wants else "approved",
        "comment": "Say that it is over" if wants else "",
    }
    act = DecideExternalMessage.model_validate(
        {
            "by": asked.liaison,
            "approval_id": asked.id,
            "digest": asked.digest,
            "evidence": "link and code",
            **said,
        }
    )
    return Action(act, "approval", "", said)


def _delivery(person: str, *, has_arrived: bool) -> Action:
    outcome: Literal["arrived", "send again"] = "arrived" if has_arrived else "send again"
    act = SettleDelivery(by=person, outcome=outcome)
    return Action(act, "delivery", "settle_delivery", {"outcome": outcome})
