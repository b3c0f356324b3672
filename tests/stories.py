"""What people do in the stories of whole lives, each part in one line of a test."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from domain.action_items.ticket import IssueState, ObservedIssue
from domain.case import Case
from domain.customer_message.acts import DraftExternalMessage, MarkPosted
from domain.customer_message.state import Approval, MessageText
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.incident import Incident, Severity
from domain.meeting.acts import RecordMeeting
from domain.ownership.acts import AcceptOwnership
from domain.preparation.document import ActionRow
from tests import playing, scenes
from tests.lives import Life
from tests.playing import BEATRIZ, INES, OLIVER, POLICY
from tests.scenes import TEXT

STATUS_PAGE = "https://status.example.com/incidents/204"
BACKTRACK, STAGES, SOONER = (
    "Refuse rules that backtrack",
    "Roll rules out in stages",
    "Tell customers sooner",
)
ROWS = (
    ActionRow(text=BACKTRACK, type="prevent", priority="P1", team="edge-firewall"),
    ActionRow(text=STAGES, type="mitigate", priority="P0", team="edge-platform"),
    ActionRow(text=SOONER, type="detect", priority="P2", team="edge-firewall"),
)
LEADERS = {BACKTRACK: INES, STAGES: OLIVER}
REASON, CONSEQUENCE = "The status page does it already", "Some customers hear of it late"
CUSTOMERS = "developer-experience"
"""A list that gets no other mail of the case stands for the customers' list."""
BY_MAIL = {"message": POLICY.message.replace(channel="mail", mailing_list=CUSTOMERS)}


def tuesday() -> datetime:
    """Return an afternoon with five ordinary weeks behind it: the second Tuesday of January."""
    now = datetime.now(UTC)
    return next(day for year in (0, 1) if (day := _second_tuesday(now.year + year)) > now)


def _second_tuesday(year: int) -> datetime:
    eighth = date(year, 1, 8)
    day = eighth + timedelta(days=(1 - eighth.weekday()) % 7)
    return datetime(day.year, day.month, day.day, 14, 52, tzinfo=UTC)


def an_incident(severity: Severity = Severity.SEV1, key: str = "INC-204") -> Incident:
    return playing.an_incident(tuesday(), severity, key)


async def somebody_owns_it(life: Life) -> str:
    nominee = (await life.case()).ownership.nominee or ""
    await life.act(AcceptOwnership(by=nominee))
    return nominee


async def the_meeting_is_booked(life: Life, key: str = "INC-204") -> datetime:
    """Begin, and return when people will meet."""
    await life.resolve(an_incident(key=key))
    await somebody_owns_it(life)
    start = (await life.case()).meeting.start
    assert start is not None
    return start


async def rows_are_typed(life: Life) -> None:
    """Type proposals where people type them: into the document's own table."""
    path = urlsplit((await life.case()).document.url).path
    author = life.email(playing.AMARA)
    for row in ROWS:
        cells = ["", row.text, row.type, row.priority, row.team, row.done_when, ""]
        await life.press(f"{path}/row", table="1", cells=cells, author=author)


async def items_are_proposed(life: Life) -> None:
    """Propose on the page, for want of a document that we can read."""
    owner = (await life.case()).ownership.owner or ""
    await life.act(ProposeActionItems(by=owner, items=ROWS))


async def the_meeting_is_held(life: Life) -> None:
    case = await life.case()
    assert case.meeting.end is not None
    await life.until(case.meeting.end + timedelta(minutes=5))
    await life.act(RecordMeeting(by=await chair(life), held=True))


async def chair(life: Life) -> str:
    case = await life.case()
    return case.meeting.facilitator or case.ownership.owner or ""


async def all_is_decided(life: Life) -> None:
    """Accept what has a leader behind it, decline the rest with reason and consequence."""
    verdicts = [
        ItemDecision(item=item.id, verdict=Verdict.ACCEPTED, decided_by=LEADERS[item.text])
        if item.text in LEADERS
        else ItemDecision(
            item=item.id,
            verdict=Verdict.DECLINED,
            decided_by=INES,
            reason=REASON,
            consequence=CONSEQUENCE,
        )
        for item in (await life.case()).items
    ]
    await life.act(Decide(by=await chair(life), decisions=tuple(verdicts)))


async def the_teams_confirm(life: Life) -> None:
    for item in (await life.case()).items:
        if item.accepted and item.confirmation is None:
            answer = ItemAnswer(item=item.id, answer="confirm")
            await life.act(ConfirmActionItem(by=LEADERS[item.text], answers=(answer,)))


async def the_message_is_drafted(life: Life, text: MessageText = TEXT) -> None:
    owner = (await life.case()).ownership.owner or ""
    await life.act(DraftExternalMessage(by=owner, text=text))


async def the_request(life: Life) -> Approval:
    """Return the approval request that counts now."""
    return scenes.request(await life.case())


async def the_liaison_approves(life: Life) -> None:
    await life.act(scenes.approve(await life.case()))


async def the_message_is_posted(life: Life) -> None:
    """Wait out the hold-back, then post by hand."""
    await life.forward(timedelta(minutes=11))
    await life.act(MarkPosted(by=BEATRIZ, url=STATUS_PAGE))


async def the_message_is_told(life: Life) -> None:
    """Have it drafted, approved and posted."""
    await the_message_is_drafted(life)
    await the_liaison_approves(life)
    await the_message_is_posted(life)


async def everything_until_held(life: Life, key: str = "INC-204") -> None:
    """Live from the signal through the meeting, people answering at once."""
    await life.resolve(an_incident(key=key))
    await somebody_owns_it(life)
    await rows_are_typed(life)
    await the_meeting_is_held(life)


async def everything_until_decided(life: Life, key: str = "INC-204") -> None:
    await everything_until_held(life, key)
    await all_is_decided(life)


async def everything_until_approval_is_asked(life: Life, key: str = "INC-204") -> None:
    await everything_until_decided(life, key)
    await the_teams_confirm(life)
    await the_message_is_drafted(life)


async def everything_until_published(life: Life) -> Case:
    """Live from the signal to the report, with the customer message posted by hand."""
    await everything_until_approval_is_asked(life)
    await the_liaison_approves(life)
    await the_message_is_posted(life)
    return await life.case()


async def a_ticket_is_done(life: Life, key: str) -> None:
    """Move a ticket in the simulated Jira, and tell of it as Jira's webhook makes us do."""
    await life.press(f"/tickets/{key}/transition", to="Done")
    await life.cases.ticket_changed(life.id, ObservedIssue(key=key, state=IssueState.DONE))
    await life.settled()


async def all_tickets_are_done(life: Life) -> Case:
    for item in (await life.case()).items:
        if item.issue is not None and item.open:
            await a_ticket_is_done(life, item.issue.key)
    return await life.closed()
