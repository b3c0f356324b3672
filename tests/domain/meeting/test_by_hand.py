"""A meeting that the calendar refuses, or that no calendar holds: a person books it (defect 14)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.case import Phase
from domain.engine.act import OPERATIONS
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.meeting.acts import MoveMeeting, RecordBooking
from domain.meeting.effects import PutEvent
from domain.meeting.notices import BookByHand, MeetingOutcome
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.preparation.notices import PreRead
from tests.playing import AMARA, JOANA, RUI, Play
from tests.scenes import LEVEL_0, owned

URL = "https://calendar.example.com/by-hand"


def refusing(effect: AnyEffect, _: datetime) -> Status | None:
    return Status.REFUSED if isinstance(effect, PutEvent) else None


def refused() -> Play:
    play = Play(trouble=refusing)
    play.wait(minutes=10)
    play.act(AcceptOwnership(by=AMARA))
    return play


def test_nothing_is_sent_about_an_event_that_never_stood() -> None:
    play = refused()

    play.wait(days=10)

    assert play.told(PreRead) == []
    assert play.told(MeetingOutcome) == []
    assert phase(play.case) is Phase.SCHEDULING


def test_who_leads_is_asked_to_book_what_the_calendar_refuses() -> None:
    play = Play(trouble=refusing)
    before = [(each.what, each.person) for each in play.waits("book-by-hand")]

    play.act(AcceptOwnership(by=AMARA))

    assert before == [("book-by-hand", JOANA)]
    assert [to for _, to in play.sent("book-by-hand")] == [JOANA, AMARA]
    asked = play.told(BookByHand)[-1]
    assert asked.meeting_at == play.case.meeting.start
    assert asked.event is not None
    assert asked.event.inviting


def test_a_meeting_booked_by_hand_goes_on_as_any_other() -> None:
    play = refused()

    play.act(RecordBooking(by=AMARA, reference=f" {URL} "))
    play.until(play.case.meeting.end)

    assert play.case.meeting.url == URL
    assert play.told(PreRead)
    assert play.told(MeetingOutcome)
    assert play.waits("book-by-hand") == []


def test_a_calendar_that_takes_it_after_all_asks_nobody_any_more() -> None:
    trouble = [Status.REFUSED]
    play = Play(trouble=lambda e, _: trouble[0] if trouble and isinstance(e, PutEvent) else None)
    play.act(AcceptOwnership(by=AMARA))

    trouble.clear()
    play.act(Retry(by=OPERATIONS))

    assert play.waits("book-by-hand") == []
    assert AMARA in play.case.meeting.invited


def test_another_time_is_another_booking() -> None:
    play = refused()
    play.act(RecordBooking(by=AMARA, reference=URL))
    booked = play.case.meeting.stands

    play.act(MoveMeeting(by=AMARA, start=datetime(2027, 1, 14, 16, tzinfo=UTC)))

    assert booked
    assert not play.case.meeting.stands
    assert [each.version for each in play.waits("book-by-hand")] == ["2"]


def test_a_booking_is_recorded_where_one_is_missing_by_who_was_asked() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    act = RecordBooking(by=AMARA, reference=URL)

    assert "The owner is asked" in play.refusal(act.replace(by=RUI))
    assert "Paste the address" in play.refusal(act.replace(reference=" "))
    assert "booked already" in owned().refusal(act)
    play.act(act)
    assert "booked already" in play.refusal(act)


@pytest.mark.parametrize("by", [AMARA, JOANA, OPERATIONS])
def test_who_stands_in_for_the_owner_may_book_too(by: str) -> None:
    play = refused()

    play.act(RecordBooking(by=by, reference=URL))

    assert play.case.meeting.stands


def test_an_invitation_that_stood_is_no_phantom_when_a_later_change_is_refused() -> None:
    trouble: list[Status] = []
    play = owned(trouble=lambda e, _: trouble[0] if trouble and isinstance(e, PutEvent) else None)
    trouble.append(Status.REFUSED)

    play.act(MoveMeeting(by=AMARA, start=datetime(2027, 1, 14, 16, tzinfo=UTC)))
    play.wait(days=2)

    assert play.waits("book-by-hand") == []
    assert play.told(PreRead)
    assert play.now - timedelta(days=2) < play.sent("pre-read")[0][0]


def test_a_calendar_that_refuses_once_more_does_not_begin_patience_anew() -> None:
    play = Play(trouble=refusing)
    play.wait(minutes=10)
    (before,) = play.waits("book-by-hand")

    play.until(datetime(2027, 1, 12, 16, 53, tzinfo=UTC))  # the invitation is refused too

    assert len(play.sent("book-by-hand")) == 1
    assert play.waits("book-by-hand") == [before]
    play.wait(days=1)
    reminded = [at for at, each in play.notices() if each.chases == "book-by-hand"]
    assert reminded[0] == datetime(2027, 1, 13, 9, 53, tzinfo=UTC)
