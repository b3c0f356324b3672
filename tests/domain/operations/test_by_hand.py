"""Level 0: nothing but mail is connected, and people do by hand what no system does."""

from datetime import UTC, datetime

from domain.action_items.acts import RecordDone, RecordTicket
from domain.case import Phase
from domain.customer_message.acts import DraftExternalMessage, MarkPosted
from domain.decisions.acts import ProposeActionItems
from domain.engine.notice import SendNotice
from domain.meeting.acts import MoveMeeting, RecordBooking
from domain.meeting.notices import BookByHand
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.preparation.effects import PutDocument
from domain.preparation.subject import RecordDocument
from tests.playing import AMARA, BEATRIZ, INES, OLIVER, Play
from tests.scenes import LEVEL_0, ROWS, TEXT, approve, confirm, decide, no, record, yes


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def test_level_0_lives_its_whole_life_through_steps_done_by_hand() -> None:
    play = Play(connected=LEVEL_0, rows=())
    play.act(AcceptOwnership(by=AMARA))
    asked = sorted(kind for mail in play.mails_to(AMARA) for kind in mail)
    play.act(RecordBooking(by=AMARA, reference="https://calendar/by-hand"))
    play.act(RecordDocument(by=AMARA, reference="https://wiki/1"))
    booked = phase(play.case)
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    play.act(ProposeActionItems(by=AMARA, items=ROWS))
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER), no("AI-3"), no("AI-4")))
    play.act(confirm(OLIVER, "AI-2"))
    play.act(confirm(INES, "AI-1"))
    play.act(RecordTicket(by=INES, item="AI-1", reference="https://tracker/browse/WAF-7/"))
    play.act(RecordTicket(by=OLIVER, item="AI-2", reference="EDGE-9"))
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.wait(days=3)
    play.act(approve(play.case))
    play.wait(minutes=10)
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    published = play.case.published_at
    play.wait(days=20)
    told = {effect.key for _, effect in play.notices()}
    for item, by in (("AI-1", INES), ("AI-2", OLIVER)):
        play.act(RecordDone(by=by, item=item))

    assert asked[:2] == ["book-by-hand", "document-by-hand"]
    assert booked is Phase.DRAFTING
    assert published is not None
    first, second = play.item("AI-1").issue, play.item("AI-2").issue
    assert first is not None
    assert second is not None
    assert (first.key, first.url) == ("WAF-7", "https://tracker/browse/WAF-7/")
    assert (second.key, second.url) == ("EDGE-9", "")
    assert {f"notice:item-done:AI-1:{INES}", f"notice:reminder:item-done:AI-1:0:{INES}"} <= told
    assert play.case.closed_at is not None
    assert not play.events
    assert not play.kinds(PutDocument)


def test_at_level_0_each_new_time_is_booked_by_hand_again() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    play.act(RecordBooking(by=AMARA, reference="https://calendar/by-hand"))

    play.wait(hours=1)
    play.act(MoveMeeting(by=AMARA, start=at(14, 16)))
    play.until(play.case.meeting.end)
    play.act(record(play.case, held=False))

    asked = play.told(BookByHand)
    assert len(asked) == 3
    assert asked[-1].meeting_at == play.case.meeting.start
    assert all(each.event is not None and each.event.start == each.meeting_at for each in asked)


def test_a_step_by_hand_is_reminded_of_and_then_the_commander_told() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))

    play.until(at(14, 9))

    chased = [e for e in play.kinds(SendNotice) if e.chases == "document-by-hand"]
    assert [each.notice.kind for each in chased] == ["reminder", "escalation"]
