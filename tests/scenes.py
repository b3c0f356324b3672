"""Where many tests begin: a played case at the named moment of its life."""

from datetime import timedelta
from functools import wraps
from typing import Protocol, TypedDict, Unpack

from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.case import Case
from domain.customer_message.acts import DecideExternalMessage, DraftExternalMessage, MarkPosted
from domain.customer_message.state import Approval, MessageText
from domain.decisions.acts import ConfirmActionItem, Decide, ItemAnswer, ItemDecision
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.incident import Incident
from domain.meeting.acts import RecordMeeting
from domain.ownership.acts import AcceptOwnership
from domain.policy import Connected, Policy
from domain.preparation.document import ActionRow
from tests.playing import (
    AMARA,
    BEATRIZ,
    INES,
    KWAME,
    OLIVER,
    POLICY,
    Decisions,
    Play,
    Trouble,
    snapshot,
)

ROWS = (
    ActionRow(text="Refuse rules that backtrack", priority="P0", team="edge-firewall"),
    ActionRow(text="Roll rules out in stages", priority="P1", team="edge-platform"),
    ActionRow(text="Measure rules before they go out", priority="P1", team="edge-firewall"),
    ActionRow(text="Write the rules' handbook anew", priority="P2", team="edge-firewall"),
)
TEXT = MessageText(
    subject="Errors on 12 January",
    summary="For 70 minutes, requests were answered with errors.",
    what_happened="A new rule used up all processors. We took it back.",
    what_we_do="Rules are now rolled out in stages.",
)
LEVEL_0 = Connected(calendar=False, documents=False, issues=False)
LIST = "customers"


class Options(TypedDict, total=False):
    """What a test may want of the world in which it plays."""

    incident: Incident
    connected: Connected
    policy: Policy
    directory: DirectorySnapshot | None
    trouble: Trouble
    busy: dict[str, tuple[Interval, ...]]
    rows: tuple[ActionRow, ...]
    empty_sections: tuple[str, ...]
    edition: int
    decisions: Decisions


class Scene(Protocol):
    """Plays a case up to a moment."""

    def __call__(self, **options: Unpack[Options]) -> Play:
        """Return the play."""
        ...


def played_once(scene: Scene) -> Scene:
    """Play an ordinary scene once, and hand out copies; one with options is played anew."""
    kept: list[Play] = []

    @wraps(scene)
    def handed_out(**options: Unpack[Options]) -> Play:
        if options:
            return scene(**options)
        if not kept:
            kept.append(scene())
        return kept[0].copy()

    return handed_out


def mailing() -> Policy:
    """The policy of a deployment that mails its customers by itself."""
    message = POLICY.message.replace(channel="mail", mailing_list=LIST)
    return POLICY.replace(message=message)


@played_once
def owned(**options: Unpack[Options]) -> Play:
    """Amara owns it, and the invitation is out."""
    play = Play(**options)
    play.wait(minutes=10)
    play.act(AcceptOwnership(by=AMARA))
    return play


@played_once
def met(**options: Unpack[Options]) -> Play:
    """The meeting is over and recorded; four proposals stand in the document."""
    play = owned(**options)
    play.rows = play.rows or ROWS
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    return play


@played_once
def decided(**options: Unpack[Options]) -> Play:
    """Leaders of each team accepted all four, and one answered for the P0 at once."""
    play = met(**options)
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER), yes("AI-3", KWAME), yes("AI-4")))
    play.act(confirm(INES, "AI-1"))
    return play


@played_once
def settled(**options: Unpack[Options]) -> Play:
    """The owning teams confirmed everything an hour later."""
    play = decided(**options)
    play.wait(hours=1)
    play.act(confirm(INES, "AI-3", "AI-4"))
    play.act(confirm(OLIVER, "AI-2"))
    return play


@played_once
def asked(**options: Unpack[Options]) -> Play:
    """The liaison has the request for approval."""
    play = settled(**options)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    return play


@played_once
def approved(**options: Unpack[Options]) -> Play:
    """The liaison approved; the hold-back runs."""
    play = asked(**options)
    play.wait(hours=1)
    play.act(approve(play.case))
    return play


@played_once
def followed(**options: Unpack[Options]) -> Play:
    """Everything but the tickets is done."""
    play = approved(**options)
    play.wait(minutes=10)
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    return play


def record(case: Case, *, held: bool = True) -> RecordMeeting:
    return RecordMeeting(by=case.meeting.facilitator or AMARA, held=held)


def decide(case: Case, *verdicts: ItemDecision) -> Decide:
    return Decide(by=case.meeting.facilitator or AMARA, decisions=verdicts)


def yes(item: str, by: str = INES) -> ItemDecision:
    return ItemDecision(item=item, verdict=Verdict.ACCEPTED, decided_by=by)


def no(item: str, by: str = INES, consequence: str = "It may happen again.") -> ItemDecision:
    return ItemDecision(
        item=item,
        verdict=Verdict.DECLINED,
        decided_by=by,
        reason="It costs too much.",
        consequence=consequence,
    )


def confirm(by: str, *items: str) -> ConfirmActionItem:
    answers = tuple(ItemAnswer(item=item, answer="confirm") for item in items)
    return ConfirmActionItem(by=by, answers=answers)


def leads_no_more(play: Play, person: str) -> None:
    """Let a product manager leave their team, as the organisation file may say one day."""
    everything = play.directory or snapshot(play.now)
    teams = {
        name: team.replace(product_manager=None) if team.product_manager == person else team
        for name, team in everything.teams.items()
    }
    play.directory = everything.replace(teams=teams)
    play.case = play.case.looking_up_again()
    play.settle()


def request(case: Case) -> Approval:
    assert case.message.approval is not None
    return case.message.approval


def approve(case: Case, approval: Approval | None = None) -> DecideExternalMessage:
    return approving(approval or request(case))


def approving(asked: Approval) -> DecideExternalMessage:
    """The decision of a liaison who has the mail."""
    return DecideExternalMessage(
        by=asked.liaison,
        approval_id=asked.id,
        digest=asked.digest,
        decision="approved",
        evidence="link and code",
        proof="it was seen",
    )


def changes(case: Case, comment: str = "Say sorry.") -> Act[Case]:
    wanted = request(case)
    return DecideExternalMessage(
        by=wanted.liaison,
        approval_id=wanted.id,
        digest=wanted.digest,
        decision="changes",
        comment=comment,
        evidence="link and code",
        proof="it was seen",
    )


def gone_days(play: Play) -> timedelta:
    """How long the case is open."""
    assert play.case.opened_at is not None
    return play.now - play.case.opened_at
