"""What people are told about owning the postmortem."""

from datetime import UTC, datetime

from domain.engine.ledger import Status
from domain.ownership.acts import DeclineOwnership
from domain.ownership.notices import Appointment, Nomination
from tests.playing import Play


def test_a_nomination_tells_when_the_meeting_is() -> None:
    play = Play()
    play.wait(hours=3)

    assert play.told(Nomination)[0].incident.key == "INC-204"
    play.act(DeclineOwnership(by=play.case.ownership.nominee or ""))
    assert play.told(Nomination)[-1].meeting_at == datetime(2027, 1, 14, 15, 0, tzinfo=UTC)


def test_a_nomination_leaves_before_a_time_is_found() -> None:
    play = Play(trouble=lambda e, _: Status.UNAVAILABLE if e.key == "busy" else None)

    assert [notice.meeting_at for notice in play.told(Nomination)] == [None]


def test_a_leader_who_appoints_is_told_of_the_meeting_too() -> None:
    play = Play()
    for person in play.case.ownership.candidates:
        play.act(DeclineOwnership(by=person))

    assert [notice.meeting_at for notice in play.told(Appointment)] == [play.case.meeting.start]
