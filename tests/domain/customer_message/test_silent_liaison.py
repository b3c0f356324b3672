"""A liaison who is silent, away or not the right one: the next one decides, never silence."""

from datetime import datetime, timedelta

from domain.customer_message.acts import HandOnReviewNow
from domain.customer_message.notices import ReviewWanted
from domain.customer_message.subject import CUSTOMER_MESSAGE
from domain.operations.notices import StillWaiting
from tests.playing import BEATRIZ, GRACE, MARCUS, NADIA, Play, an_incident, snapshot
from tests.scenes import approve, asked, mailing, request
from tests.silence import silent, stuck


def reviewers(play: Play) -> list[str]:
    return [to for _, to in play.sent(ReviewWanted.kind)]


def away(*people: str) -> Play:
    """The text is there, and some people are away for a month."""
    known = snapshot(an_incident().resolved_at)
    absences = {"absences": ({"first": "2027-01-13", "last": "2027-03-20"},)}
    absent = {
        each: known.people[each].model_validate(known.people[each].model_dump() | absences)
        for each in people
    }
    return asked(directory=known.replace(people={**known.people, **absent}))


def test_after_two_silent_business_days_the_backup_has_a_link_of_their_own_and_decides() -> None:
    play = asked()
    first = request(play.case)
    play.wait(days=5)
    theirs = request(play.case)

    late = play.refusal(approve(play.case, first))
    play.act(approve(play.case))

    assert reviewers(play) == [BEATRIZ, MARCUS]
    assert (theirs.liaison, theirs.digest, theirs.version) == (MARCUS, first.digest, first.version)
    assert theirs.id != first.id
    assert "superseded" in late
    assert play.case.message.approved_at == play.now


def test_then_the_head_of_support_is_asked_and_at_last_the_process_owner() -> None:
    play = asked()

    play.wait(days=21)

    assert reviewers(play) == [BEATRIZ, MARCUS, GRACE, NADIA]


def test_sixty_silent_days_approve_nothing_and_the_process_owner_keeps_hearing_of_it() -> None:
    for play in (silent(asked()), silent(asked(policy=mailing()))):
        assert stuck(play) == []
        assert all(each.decision is None for each in play.case.message.approvals)
        assert play.case.message.posted_at is None
        assert any(
            each.wait == "approval" for told in play.told(StillWaiting) for each in told.waits
        )


def test_a_liaison_who_is_away_is_not_waited_for() -> None:
    play = away(BEATRIZ)

    assert reviewers(play) == [MARCUS]
    assert reviewers(away(BEATRIZ, MARCUS)) == [GRACE]
    assert reviewers(away(BEATRIZ, MARCUS, GRACE, NADIA)) == [BEATRIZ]


def test_not_mine_hands_over_at_once_and_for_later_versions_too() -> None:
    play = asked()
    before: datetime = play.now

    play.act(HandOnReviewNow(by=BEATRIZ))

    assert reviewers(play) == [BEATRIZ, MARCUS]
    assert request(play.case).requested_at == before
    assert "not asked" in play.refusal(HandOnReviewNow(by=BEATRIZ))
    assert play.refusal(HandOnReviewNow(by=MARCUS)) == ""


def test_the_last_one_cannot_hand_it_on_and_is_waited_for() -> None:
    play = asked()
    for person in (BEATRIZ, MARCUS, GRACE):
        play.act(HandOnReviewNow(by=person))
    (waiting,) = play.waits("approval")
    (spec,) = (each for each in CUSTOMER_MESSAGE.waits if each.name == "approval")

    assert waiting.person == NADIA
    assert "Nobody else is left" in play.refusal(HandOnReviewNow(by=NADIA))
    assert list(spec.lapses(play.case, waiting)) == []
    play.wait(days=10)
    assert play.waits("approval")[0].person == NADIA


def test_who_was_asked_second_has_the_time_that_the_first_had() -> None:
    play = asked()
    play.act(HandOnReviewNow(by=BEATRIZ))

    play.until(play.now + timedelta(days=3))

    assert request(play.case).liaison == MARCUS
