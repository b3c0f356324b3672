"""What is due when: the sum of a life against the clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.case import Case
from domain.engine import agenda
from domain.engine.effect import Transition
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Outcome, Status
from domain.intake.effects import RecordDirectory, ResolveRules
from domain.lifecycle import life
from domain.meeting.acts import MoveMeeting
from domain.meeting.effects import ReadEvent
from domain.ownership.acts import AcceptOwnership
from domain.preparation.effects import PutDocument
from tests.playing import AMARA, Play
from tests.scenes import approved, decided, followed, met, owned, settled

AN_HOUR = timedelta(hours=1)


def test_a_case_that_knows_nothing_wants_nothing() -> None:
    case, now = Case(id="postmortem-INC-204"), Play().now

    assert agenda.due(life(case), now) == ()
    assert agenda.wake_at(life(case), now) is None


def test_first_the_rules_and_the_people_are_looked_up_together() -> None:
    play = Play()
    fresh = Case(id=play.case.id, incident=play.incident, opened_at=play.now)

    assert [type(each) for each in agenda.due(life(fresh), play.now)] == [
        ResolveRules,
        RecordDirectory,
    ]


def test_a_step_of_the_case_itself_is_taken_alone() -> None:
    play = decided()
    later = play.now + timedelta(days=7)

    due = agenda.due(play.life, later)

    assert len(due) == 1
    assert isinstance(due[0], Transition)


def test_readings_come_before_what_depends_on_them() -> None:
    play = owned()
    start = play.case.meeting.start
    assert start is not None

    due = agenda.due(play.life, start - timedelta(hours=24))

    assert {type(each) for each in due} == {ReadEvent, PutDocument}


def test_the_document_is_brought_up_to_date_after_the_rest_of_its_moment() -> None:
    play = owned()
    at = play.now
    kinds = [effect.key for when, effect in play.done if when == at]

    assert kinds == ["event", "document"]


def test_what_is_put_off_is_due_again_when_its_vendor_said() -> None:
    play = owned()
    again = play.now + AN_HOUR
    away = Outcome(version="old", status=Status.UNAVAILABLE, at=play.now, again_at=again)
    case = play.case.replace(ledger={**play.case.ledger, "event": away})

    assert agenda.due(life(case), play.now) == ()
    assert agenda.wake_at(life(case), play.now) == again
    assert [each.key for each in agenda.due(life(case), again)] == ["event"]


def test_the_next_time_is_always_later_or_there_is_none() -> None:
    for scene in (owned, met, decided, settled, approved, followed):
        play = scene()
        wake = agenda.wake_at(play.life, play.now)
        assert wake is not None
        assert wake > play.now


def test_a_case_wakes_up_only_when_something_is_due() -> None:
    play = owned()
    play.act(MoveMeeting(by=AMARA, start=play.now + AN_HOUR))

    woken = list(_woken(play, play.now + timedelta(hours=40)))

    assert woken
    assert () not in woken


def _woken(play: Play, until: datetime) -> Iterator[tuple[AnyEffect, ...]]:
    """Yield what is due at each time at which the case wakes up."""
    while (wake := agenda.wake_at(play.life, play.now)) is not None and wake < until:
        yield agenda.due(play.life, wake)
        play.until(wake)


def test_accepting_makes_the_invitation_due_at_once() -> None:
    play = Play()
    act = AcceptOwnership(by=AMARA)

    due = agenda.due(life(act.done(play.case, play.now)), play.now)

    assert [each.key for each in due] == ["event"]
