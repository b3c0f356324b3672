"""What people are asked about proposals."""

from domain.decisions.notices import ConfirmationWanted, DecisionsWanted
from domain.meeting.acts import RecordMeeting
from domain.meeting.notices import MeetingOutcome
from tests.playing import AMARA
from tests.scenes import ROWS, decided, owned


def test_a_confirmation_says_how_long_there_is_and_about_what() -> None:
    play = decided()

    asked = {tuple(item.id for item in each.items) for each in play.told(ConfirmationWanted)}
    assert asked == {("AI-1", "AI-3", "AI-4"), ("AI-2",)}
    assert {str(each.cool_down) for each in play.told(ConfirmationWanted)} == {"1bd"}


def test_the_meetings_outcome_is_asked_with_the_open_proposals() -> None:
    play = owned(rows=ROWS)

    play.until(play.case.meeting.end)

    (outcome,) = play.told(MeetingOutcome)
    assert [item.id for item in outcome.undecided] == ["AI-1", "AI-2", "AI-3", "AI-4"]


def test_when_the_owner_recorded_it_in_time_the_facilitator_is_asked_for_the_decisions_alone() -> (
    None
):
    play = owned(rows=ROWS)
    play.until(play.case.meeting.start)
    play.wait(minutes=30)

    play.act(RecordMeeting(by=AMARA, held=True))

    (decisions,) = play.told(DecisionsWanted)
    assert [item.id for item in decisions.undecided] == ["AI-1", "AI-2", "AI-3", "AI-4"]
    assert play.told(MeetingOutcome) == []
