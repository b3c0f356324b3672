"""Acts about the meeting: moved, recorded, booked by hand, and the sentences that say why not."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.ownership.acts import AcceptOwnership
from tests.playing import AMARA, BEATRIZ, JOANA, RUI, Play
from tests.scenes import met, owned, record


@pytest.mark.parametrize(
    ("start", "reason", "said"),
    [
        (datetime(2027, 1, 12, 9, tzinfo=UTC), "", "That time is over"),
        (datetime(2027, 1, 20, 9, tzinfo=UTC), " ", "beyond the policy's limit"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "Some day", "more than a year ahead"),
    ],
)
def test_a_move_is_refused(start: datetime, reason: str, said: str) -> None:
    assert said in owned().refusal(MoveMeeting(by=AMARA, start=start, reason=reason))


def test_a_meeting_that_was_held_cannot_move_or_be_recorded_twice() -> None:
    play = met()

    move = MoveMeeting(by=AMARA, start=play.now + timedelta(days=1))
    assert "held already" in play.refusal(move)
    assert "recorded already" in play.refusal(record(play.case))


def test_a_meeting_is_recorded_only_once_it_has_begun() -> None:
    play = owned()

    assert "not begun" in play.refusal(record(play.case))


def test_a_move_to_the_same_time_changes_nothing() -> None:
    play = owned()
    before = play.case
    assert before.meeting.start is not None

    play.act(MoveMeeting(by=AMARA, start=before.meeting.start))

    assert play.case == before


def test_the_record_of_the_meeting_keeps_what_was_said() -> None:
    play = owned()
    play.until(play.case.meeting.end)

    play.act(RecordMeeting(by=AMARA, held=True, facts_agreed=False, note="The timeline is off."))

    assert play.case.meeting.facts_agreed is False
    assert play.case.meeting.note == "The timeline is off."
    assert play.case.meeting.recorded_by == AMARA


@pytest.mark.parametrize("by", [RUI, BEATRIZ, "who-is-this"])
def test_a_bystander_neither_moves_nor_records_the_meeting(by: str) -> None:
    play = owned()
    play.until(play.case.meeting.end)
    move = MoveMeeting(by=by, start=play.now + timedelta(hours=20), reason="It suits me.")

    assert "Only the owner and the facilitator" in play.refusal(move)
    assert "Only the facilitator, the owner" in play.refusal(RecordMeeting(by=by, held=True))


def test_until_there_is_an_owner_the_commander_moves_the_meeting() -> None:
    play = Play()
    move = MoveMeeting(by=JOANA, start=play.now + timedelta(days=1))

    assert not play.refusal(move)
    play.act(AcceptOwnership(by=AMARA))
    assert "Only the owner" in play.refusal(move)


def test_what_may_be_done_about_the_meeting_is_offered_as_long_as_it_may() -> None:
    ahead, over = owned().case, met().case

    assert MoveMeeting.offered(ahead)
    assert RecordMeeting.offered(ahead)
    assert not MoveMeeting.offered(over)
    assert not RecordMeeting.offered(over)
