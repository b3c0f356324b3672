"""A meeting of which nobody says anything: booked again, once; then the commander decides."""

from datetime import timedelta

from domain.case import Phase
from domain.engine.ledger import Status
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting, Waive
from domain.meeting.effects import MissMeeting, PutEvent
from domain.meeting.notices import MissedMeeting
from domain.operations.notices import StillWaiting
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.views.record import promises
from tests.playing import AMARA, HELENA, JOANA, NADIA, POLICY, Play
from tests.scenes import LEVEL_0, owned
from tests.silence import silent, stuck


def missed() -> Play:
    """Twice the time passed, and nobody said a word."""
    play = owned()
    play.until(play.case.meeting.end)
    play.wait(days=30)
    return play


def times(play: Play) -> int:
    return len({put.event.start for put in play.kinds(PutEvent)})


def test_two_business_days_later_it_counts_as_missed_and_gets_another_time() -> None:
    play = owned()
    first = play.case.meeting.end
    assert first is not None
    play.until(first)

    play.wait(days=3)
    before = play.case.meeting
    play.wait(days=3)

    assert before.end == first
    assert play.case.meeting.start is not None
    assert play.case.meeting.start > first
    assert len(play.events) == 1
    assert "miss-meeting" in [line.name for line in play.case.journal]


def test_it_is_booked_again_once_and_then_the_commander_is_asked() -> None:
    play = missed()

    assert times(play) == 2
    assert [waiting.person for waiting in play.waits("missed-meeting")] == [JOANA]
    assert [to for _, to in play.sent(MissedMeeting.kind)] == [JOANA]
    assert not play.waits("meeting-outcome")


def test_after_sixty_silent_days_the_commander_is_waited_for_and_spoken_of() -> None:
    play = silent(owned())

    assert stuck(play) == []
    assert {each.waiting.person for each in play.life.asked} >= {JOANA}
    assert any(
        each.wait == "missed-meeting" for told in play.told(StillWaiting) for each in told.waits
    )
    assert phase(play.case) is Phase.IN_REVIEW


def test_the_commander_says_that_it_was_held() -> None:
    play = missed()

    play.act(RecordMeeting(by=JOANA, held=True))

    assert phase(play.case) is Phase.DECIDING
    assert not play.waits("missed-meeting")


def test_the_commander_waives_it_with_a_reason_that_is_kept() -> None:
    play = missed()
    unsaid = play.refusal(Waive(by=JOANA, reason=" "))
    others = play.refusal(Waive(by=AMARA, reason="We wrote to each other."))

    play.act(Waive(by=JOANA, reason="We wrote to each other."))

    assert unsaid == "Say why the meeting is waived."
    assert "incident commander" in others
    assert phase(play.case) is Phase.DECIDING
    assert play.case.meeting.waived == "We wrote to each other."
    assert next(each.done_at for each in promises(play.case)) is None
    assert "over already" in play.refusal(Waive(by=JOANA, reason="Again."))


def test_the_commander_chooses_another_time() -> None:
    play = missed()
    before = play.refusal(MoveMeeting(by=JOANA, start=play.now + timedelta(days=2), reason="Now."))

    play.act(MoveMeeting(by=JOANA, start=play.now + timedelta(days=2), reason="Now."))

    assert before == ""
    assert play.case.meeting.ahead
    assert len(play.waits("meeting-outcome")) == 1


def test_a_meeting_that_is_not_missed_is_waived_only_where_the_policy_allows() -> None:
    rules = {
        name: each.replace(meeting_may_be_waived=True) for name, each in POLICY.severities.items()
    }
    strict, lenient = owned(), owned(policy=POLICY.replace(severities=rules))

    assert "waives no meeting" in strict.refusal(Waive(by=JOANA, reason="No need."))
    assert lenient.refusal(Waive(by=JOANA, reason="No need.")) == ""
    assert Waive.offered(lenient.case)
    assert not Waive.offered(strict.case)


def test_a_time_that_nobody_booked_by_hand_is_followed_by_another_and_then_by_the_commander() -> (
    None
):
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    first = play.case.meeting.start

    play.until(first)
    play.wait(days=5)
    second = play.case.meeting.start
    asked = [to for _, to in play.sent("book-by-hand")]
    play.until(second)
    play.wait(days=5)

    assert first is not None
    assert second is not None
    assert second > first
    assert asked == [AMARA, AMARA]
    assert [each.person for each in play.waits("missed-meeting")] == [JOANA]
    assert "booked" in play.refusal(RecordBooking(by=AMARA, reference="https://x.example.com"))


def test_while_nobody_owns_it_a_time_that_nobody_was_asked_to_book_does_not_count() -> None:
    play = Play(connected=LEVEL_0)
    play.until(play.case.meeting.start)
    play.wait(days=4)

    assert play.case.meeting.missed == 0
    assert play.case.meeting.ahead


def test_a_time_that_passes_while_the_calendar_is_away_is_followed_by_another() -> None:
    away = [Status.UNAVAILABLE]
    play = Play(trouble=lambda e, _: away[0] if away and isinstance(e, PutEvent) else None)
    play.act(AcceptOwnership(by=AMARA))
    first = play.case.meeting.start
    play.until(first)
    away.clear()
    play.wait(hours=2)

    assert first is not None
    assert play.case.meeting.missed == 0
    assert [put.event.start > first for put in play.kinds(PutEvent)] == [True]


def test_sixty_silent_days_without_a_calendar_leave_nobody_stuck() -> None:
    play = silent(owned(connected=LEVEL_0))

    assert stuck(play) == []
    assert {to for _, to in play.sent(StillWaiting.kind)} == {NADIA}
    assert HELENA not in {to for _, to in play.sent(MissedMeeting.kind)}
    assert len([line for line in play.case.journal if line.name == MissMeeting.name]) == 2
