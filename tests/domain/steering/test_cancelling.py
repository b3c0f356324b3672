"""A case that is cancelled ends in an orderly way: event, document, people, record; each once."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import lifecycle
from domain.case import Case, Phase
from domain.engine.act import OPERATIONS, possible
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.meeting.effects import CallOffEvent
from domain.people import reviewers
from domain.phases import phase
from domain.preparation.effects import PutDocument
from domain.publication.effects import WriteRecord
from domain.steering.acts import Cancel
from domain.steering.notices import Cancelled
from domain.steering.subject import ending, on_hold
from tests.playing import AMARA, HELENA, JOANA, RUI, Play
from tests.scenes import LEVEL_0, asked, decided, followed, met, owned

WHY = "It was a drill."
CANCEL = Cancel(by=JOANA, reason=WHY)


def away(effect: AnyEffect, _: datetime) -> Status | None:
    ends = isinstance(effect, CallOffEvent)
    return Status.UNAVAILABLE if ends else None


def cancelled(play: Play) -> Play:
    play.act(CANCEL)
    return play


def told(play: Play) -> list[str]:
    return [to for _, to in play.sent(Cancelled.kind)]


@pytest.mark.parametrize("scene", [Play, owned, met, decided, asked, followed])
def test_it_ends_at_once_and_tells_everybody_once(scene: type[Play]) -> None:
    play = scene()
    sent = len(play.mails)

    cancelled(play)
    play.wait(days=60)

    assert play.case.closed_at is not None
    assert phase(play.case) is Phase.CANCELLED
    assert len(told(play)) == len(set(told(play)))
    assert {JOANA, AMARA} <= set(told(play))
    assert {mail.kinds for mail in play.mails[sent:]} == {("cancelled",)}
    assert len(play.kinds(WriteRecord)) >= 1


def test_the_event_is_called_off_and_the_document_marked() -> None:
    play = cancelled(owned())

    (event,) = play.events.values()
    assert event.deleted
    assert play.kinds(PutDocument)[-1].document.phase == Phase.CANCELLED
    assert set(play.case.meeting.invited) <= set(told(play))
    assert all(each.reason == WHY for each in play.told(Cancelled))


def test_a_meeting_that_was_held_stays_and_a_report_that_is_out_stays_as_it_is() -> None:
    play = followed()
    marked = len(play.kinds(PutDocument))

    cancelled(play)

    assert not play.kinds(CallOffEvent)
    assert len(play.kinds(PutDocument)) == marked


def test_without_any_vendor_people_are_told_all_the_same() -> None:
    play = Play(connected=LEVEL_0)

    cancelled(play)

    assert play.case.closed_at is not None
    assert JOANA in told(play)


def test_while_the_calendar_is_away_it_does_not_close_and_nobody_hears_twice() -> None:
    broken = [True]
    play = owned(trouble=lambda e, now: away(e, now) if broken else None)

    cancelled(play)
    play.wait(days=2)
    open_still = play.case.closed_at is None
    broken.clear()
    play.wait(hours=2)

    assert open_still
    assert play.case.closed_at is not None
    assert len(told(play)) == len(set(told(play)))


def test_whatever_refuses_does_not_keep_it_open() -> None:
    def refuses(effect: AnyEffect, _: datetime) -> Status | None:
        last = isinstance(effect, CallOffEvent | WriteRecord)
        about = isinstance(effect, SendNotice) and isinstance(effect.notice, Cancelled)
        return Status.REFUSED if last or about else None

    assert cancelled(owned(trouble=refuses)).case.closed_at is not None


def test_only_who_answers_for_it_cancels_it_and_says_why() -> None:
    play = owned()

    assert "Only the incident commander" in play.refusal(Cancel(by=RUI, reason=WHY))
    assert play.refusal(Cancel(by=JOANA, reason="")) == "Say why."
    assert Cancel.offered(play.case)


def test_afterwards_nobody_can_do_anything() -> None:
    broken = owned(trouble=away)

    cancelled(broken)

    assert "closed" in broken.refusal(CANCEL)
    assert not possible(Cancel, broken.case, JOANA)
    assert broken.waits() == []


def test_a_case_that_knows_nobody_yet_ends_at_once() -> None:
    play = Play(trouble=lambda _, __: Status.UNAVAILABLE)

    play.act(Cancel(by=OPERATIONS, reason=WHY))

    assert play.case.closed_at is not None
    assert list(ending(play.case)) == []


def test_nothing_ends_that_nobody_cancelled() -> None:
    case = owned().case

    assert [entry for subject in lifecycle.SUBJECTS for entry in subject.ending(case)] == []
    assert list(on_hold(case)) == []
    assert reviewers(Case()) == ()


def test_a_stranger_who_cancelled_has_no_name() -> None:
    play = owned()
    play.act(Cancel(by=OPERATIONS, reason=WHY))

    assert {each.name for each in play.told(Cancelled)} == {""}
    assert HELENA not in told(play)


def test_a_case_that_nobody_ever_told_an_incident_ends_by_itself() -> None:
    play = Play()
    play.mails.clear()
    began = datetime(2027, 1, 12, tzinfo=UTC)
    play.now, play.case = began, Case(id="postmortem-INC-9", received_at=began)

    play.until(began + timedelta(days=60))

    assert play.case.closed_at == began + timedelta(days=28)
    assert play.mails == []
