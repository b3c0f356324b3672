"""What people are told about the customer message: the exact text, the code, what follows."""

from datetime import timedelta

from domain.customer_message.notices import Approved, DeliveryUnknown, PostingWanted, ReviewWanted
from domain.engine.ledger import Status
from tests.playing import AMARA, BEATRIZ, JOANA
from tests.scenes import TEXT, approved, asked, mailing, request


def test_the_exact_text_stands_in_the_request_and_in_what_is_posted() -> None:
    play = approved()
    play.wait(minutes=10)

    review, posting = play.told(ReviewWanted)[0], play.told(PostingWanted)[0]
    assert review.text == posting.text == TEXT
    assert review.digest == posting.approved.digest == TEXT.digest


def test_the_code_stands_only_in_mails_to_who_may_act_on_the_message() -> None:
    play = approved()
    play.wait(days=5)

    codes = {(each.notice.kind, each.to) for _, each in play.notices() if each.notice.code_for}
    assert codes == {
        ("approval", BEATRIZ),
        ("approved", AMARA),
        ("approved", JOANA),
        ("posting", BEATRIZ),
    }


def test_a_request_leads_to_its_own_review_link() -> None:
    play = asked()

    (review,) = play.told(ReviewWanted)
    assert review.link is not None
    assert (review.link.leads_to, review.link.subject) == ("approval", request(play.case).id)
    assert review.code_for == request(play.case).id


def test_an_approval_is_told_with_what_follows_from_it_and_how_to_stop_it() -> None:
    by_hand, by_mail = approved(), approved(policy=mailing())

    for play, channel in ((by_hand, "manual"), (by_mail, "mail")):
        notice = play.told(Approved)[0]
        assert (notice.channel, notice.leaves_at) == (channel, play.now + timedelta(minutes=10))
        assert notice.link is not None
        assert notice.link.leads_to == "withdraw"


def test_who_is_asked_whether_it_arrived_is_told_of_which_incident() -> None:
    play = approved(
        policy=mailing(), trouble=lambda e, _: Status.UNKNOWN if e.key == "customers" else None
    )

    play.wait(minutes=10)

    assert [each.incident.key for each in play.told(DeliveryUnknown)] == ["INC-204"]
