"""Vendors that are away or refuse, integrations that are absent: only their own effects wait."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from domain.action_items.effects import OpenIssue, ReadIssues
from domain.case import Phase
from domain.customer_message.acts import DraftExternalMessage, MarkPosted
from domain.engine.act import OPERATIONS
from domain.engine.effect import noted
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Report, Status
from domain.engine.notice import SendNotice
from domain.engine.subject import Attention
from domain.intake.effects import RecordDirectory, ResolveRules
from domain.meeting.acts import MoveMeeting
from domain.meeting.effects import PutEvent, ReadBusy, ReadEvent
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.preparation.effects import PutDocument, ReserveFolder
from domain.preparation.notices import PreRead
from domain.publication.effects import WriteRecord
from tests.playing import AMARA, INES, OLIVER, Play, Trouble
from tests.scenes import ROWS, TEXT, approve, confirm, decide, followed, owned, record, settled, yes

CALENDAR = (ReadBusy, PutEvent, ReadEvent)
DOCUMENTS = (ReserveFolder, PutDocument)
TRACKER = (OpenIssue, ReadIssues)
MAIL = (SendNotice,)
VENDORS = (CALENDAR, DOCUMENTS, TRACKER, MAIL, (WriteRecord,), (ResolveRules,), (RecordDirectory,))


Kinds = tuple[type[AnyEffect], ...]


def away(kinds: Kinds, since: datetime, until: datetime, status: Status | None = None) -> Trouble:
    """Trouble of some kinds of effects for a while."""

    def trouble(effect: AnyEffect, now: datetime) -> Status | None:
        troubled = isinstance(effect, kinds) and since <= now < until
        return (status or Status.UNAVAILABLE) if troubled else None

    return trouble


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


# --- away -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", VENDORS, ids=lambda kinds: kinds[0].__name__)
@pytest.mark.parametrize("day", [12, 13, 14])
def test_a_vendor_that_is_away_for_a_day_delays_the_end_by_no_more(kinds: Kinds, day: int) -> None:
    play = Play(trouble=away(kinds, at(day, 12), at(day + 1, 12)), rows=ROWS)
    _carry_to_the_end(play)

    assert phase(play.case) is Phase.CLOSED
    assert not play.attention
    assert play.case.published_at is not None
    assert play.case.published_at < at(21, 0)


@pytest.mark.parametrize("kinds", [CALENDAR, DOCUMENTS, TRACKER], ids=lambda k: k[0].__name__)
def test_the_pre_read_leaves_on_time_whatever_vendor_is_away(
    kinds: Kinds,
) -> None:
    play = owned(trouble=away(kinds, at(13, 0), at(14, 14)))
    start = play.case.meeting.start
    assert start is not None

    play.until(start)

    assert {moment for moment, _ in play.sent("pre-read")} == {start - timedelta(days=1)}


def test_a_pre_read_whose_document_was_never_read_says_so() -> None:
    play = owned(trouble=away(DOCUMENTS, at(12, 0), at(20, 0)))

    play.until(play.case.meeting.start)

    assert play.told(PreRead)[0].empty_sections is None


def test_a_move_that_the_calendar_could_not_take_is_put_when_it_is_back() -> None:
    play = owned(trouble=away(CALENDAR, at(12, 15, 5), at(13, 8)))
    play.until(at(12, 16))
    later = at(14, 16)

    play.act(MoveMeeting(by=AMARA, start=later))
    play.until(at(13, 12))

    assert next(iter(play.events.values())).start == later


def test_a_vendor_is_asked_again_after_1_5_15_and_then_every_60_minutes() -> None:
    tries: list[datetime] = []

    def trouble(effect: AnyEffect, now: datetime) -> Status | None:
        if isinstance(effect, ReserveFolder):
            tries.append(now)
            return Status.UNAVAILABLE
        return None

    play = Play(trouble=trouble)
    play.wait(hours=4)

    pauses = [(b - a).seconds // 60 for a, b in pairwise(tries)]
    assert pauses == [1, 5, 15, 60, 60, 60]


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (timedelta(seconds=40), timedelta(minutes=1)),
        (timedelta(hours=-3), timedelta(minutes=1)),
        (timedelta(days=9000), timedelta(days=1)),
    ],
)
def test_a_vendor_that_says_when_to_come_back_is_believed_within_reason(
    said: timedelta, taken: timedelta
) -> None:
    play = Play()
    report = Report(key="folder", status=Status.UNAVAILABLE, retry_after=said)

    case = noted(play.case, ReserveFolder(version="2"), report, None, play.now)

    again = case.ledger["folder"].again_at
    assert again is not None
    assert taken <= again - play.now <= taken + timedelta(minutes=1)


def test_a_tracker_that_is_away_delays_the_report_only_to_its_limit() -> None:
    play = settled(trouble=away((OpenIssue,), at(12, 0), at(31, 0)))
    waiting = play.case.published_at

    play.wait(days=10)

    assert waiting is None
    assert play.case.published_at == at(19, 14, 52)


def test_a_reminder_that_mail_could_not_carry_waits_for_working_hours() -> None:
    play = followed(trouble=away(MAIL, at(28, 0), at(28, 22)))

    play.until(datetime(2027, 2, 2, tzinfo=UTC))

    reminded = {moment for moment, to in play.sent("reminder") if to == INES and moment.day > 20}
    assert reminded == {at(29, 9)}


def test_a_weekly_message_that_mail_could_not_carry_is_not_skipped() -> None:
    play = followed(trouble=away(MAIL, at(28, 10), at(29, 20)))

    play.until(datetime(2027, 2, 2, tzinfo=UTC))

    assert {to for _, to in play.sent("still-open")} == {"edge-firewall", "edge-platform"}
    assert max(moment for moment, _ in play.sent("still-open")) < at(30, 0)


def test_nobody_is_asked_about_tickets_while_the_tracker_cannot_be_read() -> None:
    play = followed(trouble=away((ReadIssues,), at(20, 0), datetime(2027, 2, 3, tzinfo=UTC)))
    play.until(at(27, 12))
    for key in play.issues:
        play.take(key)

    play.until(datetime(2027, 2, 5, tzinfo=UTC))

    assert not [e for e in play.kinds(SendNotice) if e.chases.startswith("action-item")]
    assert phase(play.case) is Phase.CLOSED


# --- refusing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kinds",
    [CALENDAR, DOCUMENTS, (OpenIssue,), (ResolveRules,), (RecordDirectory,), (WriteRecord,), MAIL],
    ids=lambda kinds: kinds[0].__name__,
)
def test_what_is_refused_is_parked_and_resumes_by_retry(kinds: Kinds) -> None:
    refusing = [Status.REFUSED]
    play = Play(
        trouble=lambda e, _: refusing[0] if refusing and isinstance(e, kinds) else None,
        rows=ROWS,
    )
    if kinds[0] not in (OpenIssue, WriteRecord):
        play.wait(hours=1)
        parked = play.attention, play.seen
        refusing.clear()
        play.act(Retry(by=OPERATIONS))
        _carry_to_the_end(play)
    else:
        _carry_to_the_end(play)
        parked = play.attention, play.seen
        refusing.clear()
        play.act(Retry(by=OPERATIONS))
        play.wait(days=1)
        for key in play.issues:
            play.take(key)
        play.wait(days=60)

    reasons, seen = parked
    assert any(each.kind == "effect-refused" for each in reasons)
    assert seen.needs_attention
    assert phase(play.case) is Phase.CLOSED


def test_a_refused_invitation_is_not_tried_in_another_way() -> None:
    play = Play(
        trouble=lambda e, _: (
            Status.REFUSED if isinstance(e, PutEvent) and e.event.inviting else None
        )
    )

    play.act(AcceptOwnership(by=AMARA))

    assert [e.event.inviting for e in play.kinds(PutEvent)] == [False]
    assert play.case.ledger["event"].status is Status.REFUSED


def test_a_refused_event_is_tried_again_when_something_else_is_wanted() -> None:
    refusing = [Status.REFUSED]
    play = owned(
        trouble=lambda e, _: (
            refusing[0] if refusing and isinstance(e, PutEvent) and e.event.inviting else None
        )
    )
    refusing.clear()

    play.act(MoveMeeting(by=AMARA, start=at(14, 16)))

    assert play.case.ledger["event"].status is Status.DONE


def test_a_tracker_that_refuses_to_be_read_keeps_reminders_back_until_a_retry() -> None:
    refusing = [Status.REFUSED]
    play = followed(
        trouble=lambda e, _: refusing[0] if refusing and isinstance(e, ReadIssues) else None
    )
    play.wait(days=30)
    parked, chased = play.attention, play.sent("still-open")

    refusing.clear()
    play.act(Retry(by=OPERATIONS, effect="issues"))
    play.wait(days=1)

    assert parked[0] == Attention("effect-refused", {"effect": "issues", "reason": "trouble"})
    assert {each.facts.get("wait") for each in parked[1:]} == {"mending"}
    assert not chased
    assert play.sent("still-open")


LEADERS = {"edge-firewall": INES, "edge-platform": OLIVER}


def _message_out(play: Play) -> None:
    play.act(DraftExternalMessage(by=play.case.ownership.owner or AMARA, text=TEXT))
    play.wait(days=3)
    play.act(approve(play.case))
    play.wait(minutes=10)
    play.act(MarkPosted(by="beatriz-leal", url="https://status.example.com/1"))


def _carry_to_the_end(play: Play) -> None:
    """Let everybody do what is asked of them as soon as they can, until nothing is left."""
    play.wait(days=1, hours=1)
    if play.case.ownership.owner is None:
        play.act(AcceptOwnership(by=play.case.ownership.nominee or AMARA))
    while play.case.meeting.end is None:
        play.wait(hours=1)
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    play.wait(hours=1)
    waiting = [yes(item.id, LEADERS[item.team]) for item in play.case.items]
    play.act(decide(play.case, *waiting))
    for item in play.case.items:
        if item.unconfirmed:
            play.act(confirm(LEADERS[item.team], item.id))
    _message_out(play)
    for key in play.issues:
        play.take(key)
    play.wait(days=60)
