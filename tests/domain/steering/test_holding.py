"""A hold, put-off limits and reminders: a reason, an author and a limit; and no flood after."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from domain.case import Phase
from domain.engine.act import OPERATIONS
from domain.engine.journal import Door
from domain.meeting.acts import MoveMeeting
from domain.meeting.effects import BookAgain
from domain.moments import meeting_limit, report_limit
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.steering.acts import Extend, PutOnHold, Resume, SnoozeReminders, resumed
from tests.playing import AMARA, BEATRIZ, JOANA, NADIA, RUI, Play
from tests.scenes import asked, decided, followed, met, owned, settled
from tests.silence import silent, stuck

WHY = "The team is at an offsite."


def held(play: Play, days: int = 10) -> PutOnHold:
    return PutOnHold(by=JOANA, reason=WHY, until=play.now + timedelta(days=days))


@pytest.mark.parametrize("scene", [Play, owned, met, decided, settled, asked, followed])
def test_during_a_hold_nothing_leaves_and_afterwards_nothing_floods(scene: type[Play]) -> None:
    play = scene()
    play.act(held(play))
    before = len(play.done)

    play.wait(days=9, hours=23)
    during = len(play.done)
    ended = play.now
    silent(play)

    since = [mail for mail in play.mails if mail.at > ended]
    per_day = Counter((mail.to, mail.at.date()) for mail in since if mail.nags)
    assert during == before
    assert not per_day or max(per_day.values()) == 1
    assert stuck(play) == []


def test_a_hold_ends_by_itself_at_its_limit_and_what_ran_runs_as_much_longer() -> None:
    play = Play()
    limit = meeting_limit(play.case)
    play.act(held(play))
    on_hold = phase(play.case)

    play.wait(days=11)

    assert limit is not None
    assert on_hold is Phase.ON_HOLD
    assert phase(play.case) is Phase.AWAITING_OWNER
    assert meeting_limit(play.case) == limit + timedelta(days=10)
    assert "end-hold" in [line.name for line in play.case.journal]
    assert play.case.steering.over[0].reason == WHY


def test_who_resumes_it_ends_it_early() -> None:
    play = owned()
    idle = play.refusal(Resume(by=JOANA, reason="Back."))
    play.act(held(play))
    play.wait(days=1)

    play.act(Resume(by=AMARA, reason="We are back."))

    assert idle == "It is not on hold. Nothing to do."
    assert phase(play.case) is not Phase.ON_HOLD
    assert resumed(play.case, play.now) == play.case
    assert play.case.holds[0].end == play.now


def test_a_hold_needs_a_reason_a_limit_and_somebody_who_may() -> None:
    play = owned()
    tomorrow = play.now + timedelta(days=1)

    assert play.refusal(PutOnHold(by=JOANA, reason=" ", until=tomorrow)) == "Say why."
    assert "is over" in play.refusal(PutOnHold(by=JOANA, reason=WHY, until=play.now))
    assert "30 days" in play.refusal(held(play, days=40))
    assert "Only the owner" in play.refusal(PutOnHold(by=RUI, reason=WHY, until=tomorrow))
    assert not Resume.offered(play.case)
    play.act(held(play))
    assert "already" in play.refusal(held(play))
    assert Resume.offered(play.case)
    assert not PutOnHold.offered(play.case)
    assert not SnoozeReminders.offered(play.case)


def test_what_people_do_during_a_hold_counts_and_is_carried_out_after_it() -> None:
    play = Play()
    play.act(held(play))
    play.act(AcceptOwnership(by=AMARA))
    sent = len(play.done)

    play.act(Resume(by=OPERATIONS, reason="Back."))

    assert play.case.ownership.owner == AMARA
    assert len(play.done) > sent


def test_a_meeting_that_fell_into_a_hold_gets_another_time() -> None:
    play = owned()
    first = play.case.meeting.start
    play.act(held(play))
    play.wait(days=11)

    assert first is not None
    assert play.case.meeting.start is not None
    assert play.case.meeting.start > play.case.holds[0].end
    assert len(play.events) == 1
    assert play.case.meeting.missed == 0
    assert BookAgain.name in [line.name for line in play.case.journal]


def test_the_journal_tells_who_did_what_through_which_door_and_no_word_of_the_reason() -> None:
    play = owned()
    until = play.now + timedelta(days=1)
    act = PutOnHold(by=NADIA, through=Door.COMMAND_LINE, reason=WHY, until=until)

    play.act(act)

    line = play.case.journal[-1]
    assert (line.name, line.by, line.through) == ("hold", NADIA, Door.COMMAND_LINE)
    assert line.facts == {"until": until.isoformat()}


def test_a_limit_that_is_put_off_lies_later_and_no_further_than_the_policy_allows() -> None:
    play = owned()
    limit, report = meeting_limit(play.case), report_limit(play.case)
    assert limit is not None
    assert report is not None
    later = Extend(by=JOANA, reason=WHY, what="meeting", until=limit + timedelta(days=2))
    far = Extend(by=JOANA, reason=WHY, what="report", until=report + timedelta(days=60))
    early = Extend(by=JOANA, reason=WHY, what="report", until=report)

    too_far, too_early = play.refusal(far), play.refusal(early)
    play.act(later)

    assert meeting_limit(play.case) == later.until
    assert report_limit(play.case) == report
    assert "10 business days" in too_far
    assert "not later" in too_early
    assert play.refusal(MoveMeeting(by=AMARA, start=limit + timedelta(hours=3))) == ""
    assert Extend.offered(play.case)
    assert not Extend.offered(play.case.replace(published_at=play.now))


def reminded(play: Play) -> list[datetime]:
    return [at for at, to in play.sent("reminder") if to == BEATRIZ]


def test_who_needs_until_friday_is_left_alone_until_then() -> None:
    usual, play = asked(), asked()
    play.act(SnoozeReminders(by=BEATRIZ, reason=WHY, until=play.now + timedelta(days=4)))

    usual.wait(days=6)
    play.wait(days=6)

    assert reminded(usual)[0] < play.case.steering.snoozes[0].until
    assert reminded(play)[0] > play.case.steering.snoozes[0].until
    assert [to for _, to in play.sent("approval")] == [BEATRIZ]
    assert stuck(silent(play)) == []


def test_reminders_are_put_off_so_often_so_long_and_by_whom_they_concern() -> None:
    play = asked()

    def snooze(by: str, days: int, person: str = "") -> SnoozeReminders:
        until = play.now + timedelta(days=days)
        return SnoozeReminders(by=by, reason=WHY, until=until, person=person)

    assert "your own" in play.refusal(snooze(RUI, 1, BEATRIZ))
    assert "Say whose" in play.refusal(snooze(OPERATIONS, 1))
    assert "5 business days" in play.refusal(snooze(BEATRIZ, 20))
    play.act(snooze(OPERATIONS, 1, BEATRIZ))
    assert "as long already" in play.refusal(snooze(BEATRIZ, 1))
    play.act(snooze(BEATRIZ, 2))
    assert "often enough" in play.refusal(snooze(BEATRIZ, 3))
    assert play.case.journal[-1].facts["person"] == BEATRIZ
