"""The lives whose decisions are written down: ordinary ones, and one for each kind of trouble.

Each is told in its entirety by what people and systems do; nothing in it asks the domain what
should come next. A story that is released is never edited; another one is added.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Unpack

from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.effects import OpenIssue, ReadIssues
from domain.action_items.ticket import IssueState
from domain.calendar.directory_snapshot import Absence
from domain.customer_message.acts import (
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode
from domain.decisions.acts import ProposeActionItems
from domain.engine.act import OPERATIONS
from domain.engine.editions import NEWEST
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.incident import Severity
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting
from domain.meeting.effects import PutEvent
from domain.meeting.event import Response
from domain.operations.subject import Retry
from domain.ownership.acts import AppointOwner, DeclineOwnership
from domain.preparation.document import ActionRow
from domain.preparation.subject import RecordDocument
from tests.domain.decision_log import Log, World, world
from tests.playing import (
    AMARA,
    BEATRIZ,
    INES,
    JOANA,
    KWAME,
    OLIVER,
    PRIYA,
    RUI,
    Play,
    Trouble,
    an_incident,
)
from tests.scenes import (
    LEVEL_0,
    LIST,
    ROWS,
    TEXT,
    Options,
    approve,
    approved,
    asked,
    changes,
    confirm,
    decide,
    followed,
    met,
    no,
    owned,
    record,
    request,
    yes,
)

Story = Callable[[World, Options], Play]
"""Plays a life in a world, with the options that all stories share."""

URL = "https://status.example.com/1"


def at(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def as_planned(_: World, options: Options) -> Play:
    """A sev1 from resolved to closed, in which everybody answers soon."""
    play = followed(**options)
    play.wait(days=5)
    for key in list(play.issues):
        play.take(key)
        play.signal("ticket_changed", play.issues[key].model_dump(mode="json"))
    play.wait(days=3)
    return play


def a_sev2(_: World, options: Options) -> Play:
    """A sev2, without a message to customers, with one item only."""
    incident = an_incident(severity=Severity.SEV2)
    play = owned(**but(options, incident=incident, rows=ROWS[:1]))
    play.until(play.case.meeting.end)
    play.wait(minutes=20)
    play.act(record(play.case))
    play.act(decide(play.case, yes("AI-1")))
    play.wait(days=20)
    return play


def nobody_answers(_: World, options: Options) -> Play:
    """Nobody says anything for six weeks."""
    play = Play(**options)
    play.wait(days=42)
    return play


def everybody_declines(_: World, options: Options) -> Play:
    """Candidates decline one after the other, and a leader appoints somebody unknown, then Rui."""
    play = Play(**options)
    for person in play.case.ownership.candidates:
        play.wait(minutes=25)
        play.act(DeclineOwnership(by=person))
    play.wait(days=1)
    play.act(AppointOwner(by=JOANA, owner="who-is-this"))
    play.act(Retry(by=OPERATIONS))
    play.act(AppointOwner(by=INES, owner=RUI))
    play.until(play.case.meeting.end)
    return play


def teams_are_silent(_: World, options: Options) -> Play:
    """Proposals are decided late and in parts; teams, liaison and owner say nothing."""
    play = met(**options)
    play.wait(hours=3)
    play.act(decide(play.case, yes("AI-1"), no("AI-2", OLIVER)))
    play.act(ProposeActionItems(by=AMARA, items=(ActionRow(text="One more", priority="P1"),)))
    play.wait(days=1)
    play.act(decide(play.case, yes("AI-3"), yes("AI-4", KWAME)))
    play.wait(days=9)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.wait(days=9)
    return play


def chased_at_dawn(world: World, options: Options) -> Play:
    """The commander was away when she was to be told; the document changes just before she is."""
    away = Absence(first=date(2027, 1, 15), last=date(2027, 1, 18))
    joana = world.directory.people[JOANA].replace(absences=(away,))
    people = {**world.directory.people, JOANA: joana}
    play = met(**but(options, directory=world.directory.replace(people=people)))
    play.until(at(19, 8, 45))
    play.act(ProposeActionItems(by=AMARA, items=(ActionRow(text="At dawn"),)))
    play.wait(days=2)
    return play


def the_text_changes(_: World, options: Options) -> Play:
    """Changes are wanted, codes are wrong, the message is stopped, and posted at last."""
    play = asked(**options)
    play.act(changes(play.case))
    play.wait(hours=2)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="We are sorry.")))
    for _wrong in range(10):
        play.act(ReportWrongCode(by=BEATRIZ, approval_id=request(play.case).id))
    play.wait(hours=1)
    play.act(approve(play.case))
    play.wait(minutes=4)
    play.act(WithdrawMessage(by=JOANA, reason="The numbers are wrong."))
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.act(approve(play.case))
    play.wait(days=3)
    play.act(MarkPosted(by=BEATRIZ, url=URL))
    return play


def nobody_knows_whether_it_left(world: World, options: Options) -> Play:
    """The message is mailed, and its fate is unknown."""
    message = world.policy.message.replace(channel="mail", mailing_list=LIST)
    mailing = world.policy.replace(message=message)
    fate = [Status.UNKNOWN]
    trouble = _failing(lambda effect: effect.key == "customers", fate)
    play = approved(**but(options, policy=mailing, trouble=trouble))
    play.wait(days=2)
    fate.clear()
    play.act(
        SettleDelivery(
            by=AMARA, outcome="send again", evidence="link and code", proof="it was seen"
        )
    )
    play.wait(days=1)
    return play


def by_hand(_: World, options: Options) -> Play:
    """Nothing is connected but mail."""
    play = owned(**but(options, connected=LEVEL_0))
    play.wait(hours=5)
    play.act(RecordBooking(by=AMARA, reference=URL))
    play.act(RecordDocument(by=AMARA, reference=URL))
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    play.act(ProposeActionItems(by=AMARA, items=ROWS[:2]))
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER)))
    play.act(confirm(OLIVER, "AI-2"))
    play.act(confirm(INES, "AI-1"))
    play.wait(days=2)
    play.act(RecordTicket(by=INES, item="AI-1", reference="WAF-7"))
    play.act(RecordTicket(by=OLIVER, item="AI-2", reference="EDGE-9"))
    play.wait(days=25)
    play.act(RecordDone(by=INES, item="AI-1"))
    play.act(RecordDone(by=OLIVER, item="AI-2", outcome="won't do", reason="It goes away."))
    play.act(WithdrawMessage(by=JOANA, reason="Nobody noticed.", for_good=True))
    play.wait(days=1)
    return play


def the_meeting_moves(_: World, options: Options) -> Play:
    """It is moved here and there, deleted, booked again, missed, and held at last."""
    play = owned(**options)
    play.move_event(at(14, 16))
    play.signal("meeting_changed")
    play.wait(hours=20)
    play.act(MoveMeeting(by=AMARA, start=at(15, 11)))
    play.delete_event()
    play.signal("meeting_changed")
    play.wait(days=1)
    play.until(play.case.meeting.end)
    play.act(record(play.case, held=False))
    play.until(play.case.meeting.end)
    play.wait(days=1)
    play.act(RecordMeeting(by=AMARA, held=True, facts_agreed=False))
    play.wait(days=1)
    return play


def said_elsewhere(_: World, options: Options) -> Play:
    """The owner says yes in the calendar, and rows come and go in the document."""
    play = Play(**options)
    play.responses = {AMARA: Response.ACCEPTED, KWAME: Response.DECLINED}
    play.signal("meeting_changed")
    play.until(play.case.meeting.start)
    play.rows = ROWS[:3]
    play.until(play.case.meeting.end)
    play.rows = play.rows[1:]
    play.act(record(play.case))
    play.wait(days=4)
    return play


def vendors_are_away(_: World, options: Options) -> Play:
    """The calendar is away, then the tracker and the mail; some things are refused for a while."""
    refused = [Status.REFUSED]
    kinds = (OpenIssue, ReadIssues, SendNotice)

    def trouble(effect: AnyEffect, now: datetime) -> Status | None:
        if isinstance(effect, PutEvent) and now < at(12, 18, 20):
            return Status.UNAVAILABLE
        if isinstance(effect, kinds) and at(14, 16) <= now < at(15, 3):
            return Status.UNAVAILABLE
        return refused[0] if refused and effect.key == "folder" else None

    play = owned(**but(options, trouble=trouble, rows=ROWS))
    play.wait(days=1)
    refused.clear()
    play.act(Retry(by=OPERATIONS))
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    leaders = {"AI-1": INES, "AI-2": PRIYA, "AI-3": INES, "AI-4": KWAME}
    play.act(decide(play.case, *(yes(item, leader) for item, leader in leaders.items())))
    play.act(confirm(INES, "AI-3"))
    play.wait(days=4)
    return play


def the_calendar_refuses(_: World, options: Options) -> Play:
    """The calendar takes no event, so that a person books the meeting."""
    trouble = _failing(lambda effect: isinstance(effect, PutEvent), [Status.REFUSED])
    play = owned(**but(options, trouble=trouble))
    play.wait(days=1)
    play.act(RecordBooking(by=AMARA, reference=URL))
    play.until(play.case.meeting.end)
    play.wait(days=1)
    return play


def tickets_lie_still(_: World, options: Options) -> Play:
    """Tickets lie for two months; one is moved, one cannot be seen, one will not be done."""
    play = followed(**options)
    play.wait(days=20)
    first = play.issues["WAF-1"].replace(due=date(2027, 2, 20), touched_at=play.now)
    play.issues["WAF-1"] = first
    play.signal("ticket_changed", first.model_dump(mode="json"))
    play.take("WAF-2", IssueState.UNREACHABLE)
    play.case = play.case.carried()
    play.wait(days=12)
    play.act(RecordDone(by=INES, item="AI-3", outcome="won't do", reason="It went away."))
    play.wait(days=28)
    return play


def but(options: Options, **changes: Unpack[Options]) -> Options:
    """Return the options with some of them changed."""
    return {**options, **changes}


def _failing(troubled: Callable[[AnyEffect], bool], status: list[Status]) -> Trouble:
    """Trouble of some effects for as long as there is a status."""

    def trouble(effect: AnyEffect, _: datetime) -> Status | None:
        return status[0] if status and troubled(effect) else None

    return trouble


STORIES: Mapping[str, Story] = {
    story.__name__.replace("_", "-"): story
    for story in (
        as_planned,
        a_sev2,
        nobody_answers,
        everybody_declines,
        teams_are_silent,
        chased_at_dawn,
        the_text_changes,
        nobody_knows_whether_it_left,
        by_hand,
        the_meeting_moves,
        said_elsewhere,
        vendors_are_away,
        the_calendar_refuses,
        tickets_lie_still,
    )
}


def told(story: str, edition: int = NEWEST) -> Log:
    """Play a story in the world of an edition, and return what was decided."""
    log, of = Log(), world(edition)
    options: Options = {
        "policy": of.policy,
        "directory": of.directory,
        "edition": edition,
        "decisions": log,
    }
    STORIES[story](of, options)
    return log
