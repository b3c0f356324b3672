"""The message leaves once: posted by hand or mailed, and never twice by itself."""

from domain.customer_message.acts import (
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.effects import SendToCustomers
from domain.engine.act import OPERATIONS
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.subject import Attention
from domain.operations.subject import Retry
from tests.domain.customer_message.correspondence import OTHER, URL, letters, to_customers
from tests.playing import AMARA, BEATRIZ, JOANA, RUI, Play
from tests.scenes import LIST, TEXT, approved, followed, mailing

# --- posted by hand -------------------------------------------------------------------------


def test_the_liaison_says_where_it_was_posted() -> None:
    play = approved()
    play.wait(minutes=10)

    play.act(MarkPosted(by=BEATRIZ, url=URL))
    before = play.case
    play.act(MarkPosted(by=BEATRIZ, url=URL))

    assert play.case == before
    assert play.case.message.posted_url == URL
    assert "out already" in play.refusal(WithdrawMessage(by=JOANA, reason="Too late"))


# --- mailed ---------------------------------------------------------------------------------


def test_an_approved_message_is_mailed_once_after_the_hold_back() -> None:
    play = approved(policy=mailing())

    play.wait(days=3)

    assert to_customers(play) == [TEXT.summary]
    assert ("approved", BEATRIZ) in letters(play)
    assert play.case.message.posted_at is not None


def test_without_a_list_nothing_leaves() -> None:
    play = approved(policy=mailing())
    assert play.case.rules is not None
    nowhere = play.case.rules.message.replace(mailing_list=None)
    play.case = play.case.replace(rules=play.case.rules.replace(message=nowhere))

    play.wait(days=3)

    assert not to_customers(play)


def test_a_mail_that_certainly_did_not_leave_is_tried_again() -> None:
    tries: list[AnyEffect] = []
    play = approved(policy=mailing(), trouble=lambda e, _: _away_twice(e, tries))

    play.wait(hours=1)

    assert len(tries) == 3
    assert to_customers(play) == [TEXT.summary]


def unknown() -> tuple[Play, list[Status]]:
    """The mail service did not answer, so nobody knows whether the message left."""
    fate = [Status.UNKNOWN]
    play = approved(policy=mailing(), trouble=lambda e, _: _fated(e, fate))
    play.wait(minutes=10)
    return play, fate


def test_an_unknown_delivery_is_asked_about_and_never_repeated_by_itself() -> None:
    play, _ = unknown()

    play.wait(days=30)

    assert letters(play)[-1] == ("delivery", AMARA)
    assert not to_customers(play)
    assert play.attention[0] == Attention(
        "effect-unknown", {"effect": "customers", "reason": "trouble"}
    )


def test_the_owner_says_that_it_arrived() -> None:
    play, _ = unknown()

    play.act(
        SettleDelivery(by=AMARA, outcome="arrived", evidence="link and code", proof="it was seen")
    )

    assert play.case.message.posted_at == play.now
    assert not to_customers(play)


def test_no_retry_sends_an_unknown_message_again() -> None:
    play, fate = unknown()
    fate.clear()

    unnamed = play.refusal(Retry(by=OPERATIONS))
    named = play.refusal(Retry(by=OPERATIONS, effect="customers"))

    assert "Nothing is parked" in unnamed
    assert "Nothing is parked" in named
    assert not to_customers(play)


def test_only_who_answers_for_it_sends_an_unknown_message_again() -> None:
    play, fate = unknown()
    fate.clear()
    bystander = play.refusal(
        SettleDelivery(by=RUI, outcome="send again", evidence="link and code", proof="it was seen")
    )

    play.act(
        SettleDelivery(
            by=JOANA, outcome="send again", evidence="link and code", proof="it was seen"
        )
    )

    assert "Only the owner and the incident commander" in bystander
    assert to_customers(play) == [TEXT.summary]


def test_where_nobody_doubts_it_there_is_nothing_to_settle() -> None:
    play = approved(policy=mailing())

    assert "Nobody waits" in play.refusal(
        SettleDelivery(
            by=AMARA, outcome="send again", evidence="link and code", proof="it was seen"
        )
    )


def test_while_nobody_knows_whether_it_left_it_cannot_change() -> None:
    play, _ = unknown()

    assert "arrived" in play.refusal(DraftExternalMessage(by=AMARA, text=OTHER))
    assert "arrived" in play.refusal(WithdrawMessage(by=JOANA, reason="Stop."))


def test_while_it_leaves_it_cannot_change() -> None:
    play = approved(policy=mailing())
    play.case = play.case.replace(under_way=("customers",))

    assert "leaving" in play.refusal(DraftExternalMessage(by=AMARA, text=OTHER))


def test_a_mail_that_is_refused_is_parked() -> None:
    fate = [Status.REFUSED]
    play = approved(policy=mailing(), trouble=lambda e, _: _fated(e, fate))
    play.wait(days=3)
    parked = play.attention

    fate.clear()
    play.act(Retry(by=OPERATIONS))

    assert parked == (Attention("effect-refused", {"effect": "customers", "reason": "trouble"}),)
    assert to_customers(play) == [TEXT.summary]


def test_what_is_mailed_is_the_exact_text_with_its_digest() -> None:
    play = approved(policy=mailing())
    play.wait(hours=1)
    (sent,) = play.kinds(SendToCustomers)

    handed = sent.request(play.case, play.now)

    assert (handed.case, handed.at, handed.to) == (play.case.id, play.now, LIST)
    assert (handed.text, handed.approved.digest) == (TEXT, TEXT.digest)


def test_what_is_out_is_not_superseded_any_more() -> None:
    message = followed().case.message

    assert message.superseded(followed().now) == message


def _fated(effect: AnyEffect, fate: list[Status]) -> Status | None:
    return fate[0] if effect.key == "customers" and fate else None


def _away_twice(effect: AnyEffect, tries: list[AnyEffect]) -> Status | None:
    if effect.key != "customers":
        return None
    tries.append(effect)
    return Status.UNAVAILABLE if len(tries) < 3 else None
