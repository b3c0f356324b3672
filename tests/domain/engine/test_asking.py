"""A person's patience begins when they were asked, however late the mail that asks leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.case import Case
from domain.customer_message.acts import DraftExternalMessage
from domain.engine.act import OPERATIONS
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.lifecycle import life
from domain.meeting.acts import RecordMeeting
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, DeclineOwnership
from domain.policy import Connected
from tests.playing import AMARA, BEATRIZ, INES, JOANA, PRIYA, RUI, Play, an_incident
from tests.random_life import ASKED_BY, RandomLife, troubled
from tests.scenes import (
    LEVEL_0,
    ROWS,
    TEXT,
    approve,
    asked,
    changes,
    decide,
    gone_days,
    leads_no_more,
    mailing,
    met,
    owned,
    settled,
    yes,
)

BY_HAND = ("book-by-hand", "document-by-hand", "ticket-by-hand", "item-done")
ASKING = sorted(ASKED_BY.values())
FOUR_HOURS = timedelta(hours=4)
HANNAH = "hannah-lindqvist"


class Post:
    """Letters of some kinds that are held up, or refused, until a test lets them go."""

    def __init__(self, *kinds: str, status: Status = Status.UNAVAILABLE, to: str = "") -> None:
        self.kinds, self.status, self.to, self.away = kinds, status, to, True

    def __call__(self, effect: AnyEffect, _: datetime) -> Status | None:
        held = isinstance(effect, SendNotice) and effect.notice.kind in self.kinds
        theirs = isinstance(effect, SendNotice) and self.to in ("", effect.to)
        return self.status if self.away and held and theirs else None


def chased(play: Play, what: str) -> list[tuple[datetime, str]]:
    """When whom was reminded or told about one wait."""
    told = ((at, each) for at, each in play.notices() if each.chases)
    return [(at, each.to) for at, each in told if each.chases.split(":")[0] == what]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


# --- the owner --------------------------------------------------------------------------------


def test_who_was_never_asked_is_not_passed_over_nor_reminded() -> None:
    play = Play(trouble=Post("nomination"))

    play.wait(days=7)

    assert play.case.ownership.nominee == AMARA
    assert chased(play, "ownership") == []


def test_who_is_asked_late_has_the_hours_that_everybody_has() -> None:
    post = Post("nomination")
    play = Play(trouble=post)
    play.until(at(13, 10, 30))

    post.away = False
    play.wait(days=1)

    sent, over = play.sent("nomination")[0], play.case.ownership.passed[0]
    assert sent == (at(13, 11, 14), AMARA)
    assert (over.person, over.at) == (AMARA, at(13, 15, 14))
    assert chased(play, "ownership")[0] == (at(13, 13, 14), AMARA)


def test_who_cannot_be_asked_makes_nobody_else_wait() -> None:
    usual, refused = Play(), Play(trouble=Post("nomination", status=Status.REFUSED, to=AMARA))

    for play in (usual, refused):
        play.until(at(13, 10))

    assert refused.case.ownership.nominee == RUI
    assert refused.case.ownership.passed == usual.case.ownership.passed


def test_when_a_leader_cannot_be_reached_nobody_is_told_that_they_are_late() -> None:
    post = Post("appointment")
    play = Play(trouble=post)
    for person in play.case.ownership.candidates:
        play.act(DeclineOwnership(by=person))

    play.wait(days=3)
    before = chased(play, "appointment")
    post.away = False
    play.wait(days=3)

    assert before == []
    assert chased(play, "appointment")[0][1] == JOANA


def test_a_mail_that_took_seconds_moves_nothing_and_one_that_took_a_minute_does() -> None:
    play = Play()
    since = play.now
    overs = []

    for late in (timedelta(), timedelta(seconds=59), timedelta(minutes=1)):
        key = f"notice:nomination:{AMARA}"
        sent = play.case.ledger[key].replace(at=since + late)
        case = play.case.replace(ledger={**play.case.ledger, key: sent})
        again = play.copy()
        again.case = case
        again.wait(days=1)
        overs.append(again.case.ownership.passed[0].at)

    assert [over - overs[0] for over in overs] == [timedelta(), timedelta(), timedelta(minutes=1)]


def test_a_retry_of_a_refused_letter_starts_the_patience_anew() -> None:
    post = Post("nomination", status=Status.REFUSED, to=AMARA)
    play = Play(trouble=post)
    play.until(at(13, 9, 30))

    post.away = False
    play.act(Retry(by=OPERATIONS))
    play.wait(days=1)

    assert play.case.ownership.passed[0].at == at(13, 13, 30)


# --- the other waits --------------------------------------------------------------------------


def test_a_request_and_its_reminder_do_not_leave_together_after_an_outage() -> None:
    post = Post("approval")
    play = settled(trouble=post)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.wait(days=4)

    before = chased(play, "approval")
    post.away = False
    play.wait(days=5)

    sent_at, _ = play.sent("approval")[0]
    first, to = chased(play, "approval")[0]
    assert before == []
    assert (to, first - sent_at >= FOUR_HOURS) == (BEATRIZ, True)


def test_before_a_request_was_tried_at_all_nobody_is_chased() -> None:
    play = asked()
    key = f"notice:approval:{BEATRIZ}"
    untried = {each: known for each, known in play.case.ledger.items() if each != key}
    earlier = {**untried, key: play.case.ledger[key].replace(version="an earlier request")}

    assert reminders(play.case)
    assert reminders(play.case.replace(ledger=untried)) == []
    assert reminders(play.case.replace(ledger=earlier)) == []


def reminders(case: Case) -> list[SendNotice[Case]]:
    """Everything that chases somebody about the approval, whenever it is due."""
    effects = (entry.effect for entry in life(case).entries)
    notices = (each for each in effects if isinstance(each, SendNotice))
    return [each for each in notices if each.chases.startswith("approval:")]


def test_who_is_asked_for_a_second_draft_is_not_chased_on_account_of_the_first_letter() -> None:
    post = Post("message-draft")
    post.away = False
    play = settled(trouble=post)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    post.away = True
    play.act(changes(play.case))

    play.wait(days=5)
    before = chased(play, "message-draft")
    post.away = False
    play.wait(days=5)

    assert before == []
    assert [to for _, to in chased(play, "message-draft")] == [AMARA, JOANA]


def test_what_nobody_was_asked_to_decide_is_not_dropped() -> None:
    post = Post("meeting-outcome", "decisions")
    play = owned(trouble=post)
    play.rows = ROWS
    play.until(play.case.meeting.end)
    play.act(RecordMeeting(by=AMARA, held=True))
    play.wait(days=10)
    undecided = play.case

    post.away = False
    play.wait(days=7)

    ((sent_at, to),) = play.sent("decisions")
    dropped = play.case.decided_at
    assert undecided.decided_at is None
    assert to == HANNAH
    assert dropped is not None
    assert dropped - sent_at >= timedelta(days=3)


def test_who_recorded_the_meeting_needs_no_letter_to_know_that_its_decisions_are_wanted() -> None:
    post = Post("meeting-outcome", "decisions")
    held_up, usual = met(trouble=post), met()

    for play in (held_up, usual):
        play.wait(days=7)

    assert held_up.case.decided_at == usual.case.decided_at is not None
    assert held_up.sent("meeting-outcome") == []


def test_who_was_asked_how_the_meeting_went_is_not_asked_for_its_decisions_again() -> None:
    play = owned()
    play.rows = ROWS
    play.until(play.case.meeting.end)
    play.act(RecordMeeting(by=AMARA, held=True))

    play.wait(hours=2)

    assert [to for _, to in play.sent("meeting-outcome")] == [HANNAH]
    assert not play.sent("decisions")


@pytest.mark.parametrize(("item", "leader"), [("AI-3", INES), ("AI-2", PRIYA)])
def test_a_team_that_was_never_asked_has_neither_agreed_nor_refused(item: str, leader: str) -> None:
    post = Post("confirmation")
    play = met(trouble=post)
    play.act(decide(play.case, yes(item, leader)))
    leads_no_more(play, PRIYA)
    play.wait(days=10)
    before = play.item(item)

    post.away = False
    play.wait(days=5)

    assert before.unconfirmed
    assert not play.item(item).unconfirmed
    assert chased(play, "confirmation")


def test_a_cool_down_begins_when_the_team_was_asked() -> None:
    post = Post("confirmation")
    play = met(trouble=post)
    play.act(decide(play.case, yes("AI-3")))
    play.wait(days=4)

    post.away = False
    play.wait(days=5)

    ((sent_at, _),) = play.sent("confirmation")
    confirmed = play.item("AI-3").confirmation
    assert confirmed is not None
    assert (confirmed.by, confirmed.at - sent_at) == (None, timedelta(hours=24))


def test_no_other_time_is_booked_before_the_owner_was_asked_about_the_deleted_one() -> None:
    post = Post("meeting-deleted")
    play = owned(trouble=post)
    play.delete_event()
    play.wait(days=1)
    before = play.case.meeting

    post.away = False
    play.wait(days=1)

    ((sent_at, _),) = play.sent("meeting-deleted")
    again = play.case.meeting.booked_at
    assert before.gone_at is not None
    assert again is not None
    assert again - sent_at >= FOUR_HOURS


@pytest.mark.parametrize("what", ["book-by-hand", "document-by-hand"])
def test_what_is_done_by_hand_is_not_reminded_of_before_it_was_asked_for(what: str) -> None:
    post = Post(what)
    play = Play(trouble=post, connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))

    play.wait(days=3)
    before = chased(play, what)
    post.away = False
    play.wait(days=3)

    assert before == []
    assert chased(play, what)[0][1] == AMARA


def test_the_hold_back_of_the_customer_message_waits_for_no_mail() -> None:
    post = Post("approved")
    play = settled(trouble=post, policy=mailing())
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.act(approve(play.case))
    approved = play.now

    play.wait(hours=1)

    assert play.case.message.posted_at == approved + timedelta(minutes=10)


# --- whatever is held up ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ASKING)
@pytest.mark.parametrize("status", [Status.UNAVAILABLE, Status.REFUSED])
def test_nobody_is_chased_before_they_were_asked_and_every_case_goes_on(
    kind: str, status: Status
) -> None:
    away = {kind: (status, an_incident().resolved_at + timedelta(days=9))}
    connected = LEVEL_0 if kind in BY_HAND else Connected()
    play = RandomLife(trouble=troubled(away), rows=ROWS, connected=connected)

    while play.case.published_at is None and gone_days(play) < timedelta(days=40):
        play.pass_time(timedelta(hours=20))
        for waiting in play.waits():
            heard = play.asked.get((ASKED_BY.get(waiting.what, ""), waiting.person))
            slow = waiting.what in ("ownership", "confirmation")
            if heard and play.now - heard > timedelta(days=2 if slow else 1):
                play.try_act(play.answer(waiting, yes=True))

    assert play.case.published_at is not None
