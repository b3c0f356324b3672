"""The forms about the customer message: its text, its post, its end, and whether it arrived."""

import pytest

from domain.customer_message.acts import (
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.state import CUSTOMERS
from domain.engine.journal import Door
from domain.engine.ledger import Outcome, Status
from tests.playing import AMARA, BEATRIZ, JOANA, RUI, Play
from tests.web_cases import PROOFS, TEXT, approved, held, house, only_act, opened, posted, sent


async def test_the_owner_writes_the_customer_message_line_ends_and_marks_kept() -> None:
    here = house(held())
    typed = TEXT.model_dump() | {"what_happened": "A new rule used up all.\r\n\r\nWe took it back."}

    await sent(here, AMARA, "draft_external_message", **typed)

    text = TEXT.replace(what_happened="A new rule used up all.\n\nWe took it back.")
    assert only_act(here) == DraftExternalMessage(by=AMARA, through=Door.PAGE, text=text)


async def test_a_revision_begins_with_the_text_and_the_liaisons_comment() -> None:
    play = approved()
    play.act(WithdrawMessage(by=BEATRIZ, reason="It blames a customer"))
    here = house(play)

    page = await here.browser().open(here.steps(AMARA))

    assert "It blames a customer" in page.text
    filled = page.form("draft_external_message").filled
    assert {name: filled[name] for name in TEXT.model_dump()} == TEXT.model_dump()


async def test_the_liaison_says_where_the_message_was_posted() -> None:
    here = house(approved(and_allowed=True))
    page = await here.browser().open(here.steps(BEATRIZ))
    assert TEXT.what_we_do in page.text

    await sent(here, BEATRIZ, "mark_posted", url="https://status.example.com/1")

    assert only_act(here) == MarkPosted(
        by=BEATRIZ, through=Door.PAGE, url="https://status.example.com/1"
    )


async def test_a_text_that_nobody_was_seen_to_approve_is_given_to_nobody_to_post() -> None:
    play = approved(and_allowed=True)
    forged = play.case.message.with_newest(lambda newest: newest.replace(proof="0" * 64))
    play.case = play.case.replace(message=forged)

    page = await opened(house(play), BEATRIZ)

    assert "mark_posted" not in page.form_names
    assert TEXT.what_we_do not in page.text


async def test_an_approved_message_can_be_stopped_from_the_steps_page() -> None:
    here = house(approved())

    await sent(here, JOANA, "withdraw_message", answer="never", reason="The customer asked us to")

    assert only_act(here) == WithdrawMessage(
        by=JOANA, through=Door.PAGE, reason="The customer asked us to", for_good=True
    )


def unknown_delivery() -> Play:
    play = approved()
    assert play.case.rules is not None
    message = play.case.rules.message.replace(channel="mail")
    fate = Outcome(version="1", status=Status.UNKNOWN, at=play.now, reason="no answer")
    play.case = play.case.replace(
        rules=play.case.rules.replace(message=message),
        ledger={**play.case.ledger, CUSTOMERS: fate},
    )
    return play


async def test_a_message_needs_all_its_parts() -> None:
    here = house(held())

    page = await posted(here, AMARA, "draft_external_message", {"subject": "Only this"})

    assert (page.status, here.cases.acts) == (422, [])
    assert "#draft_external_message-what_we_do" in page.links


async def test_a_post_needs_its_address() -> None:
    here = house(approved(and_allowed=True))

    page = await sent(here, BEATRIZ, "mark_posted")

    assert (page.status, here.cases.acts) == (422, [])
    assert "#mark_posted-url" in page.links


@pytest.mark.parametrize("outcome", ["arrived", "send again"])
@pytest.mark.parametrize("person", [AMARA, JOANA])
async def test_owner_and_commander_answer_for_a_delivery_of_unknown_fate(
    person: str, outcome: str
) -> None:
    here = house(unknown_delivery())
    page = await posted(here, person, "settle_delivery", {})
    assert (page.status, here.cases.acts) == (422, [])

    page = await posted(here, person, "settle_delivery", {"outcome": outcome})

    assert page.status == 200
    act = only_act(here)
    assert isinstance(act, SettleDelivery)
    assert (act.by, act.through, act.outcome) == (person, Door.PAGE, outcome)
    assert act.evidence == "link and code"
    again = here.case.message.again
    assert (again is None) is (outcome == "arrived")
    assert again is None or PROOFS.holds(again)


async def test_the_owner_is_asked_whether_the_message_arrived() -> None:
    page = await opened(house(unknown_delivery()), AMARA)

    assert page.form("settle_delivery").choices == {"outcome": ["arrived", "send again"]}
    assert "outcome" not in page.form("settle_delivery").filled


async def test_while_nobody_knows_whether_it_left_nothing_else_is_offered_about_it() -> None:
    page = await opened(house(unknown_delivery()), AMARA)

    assert page.form_names == ["settle_delivery", "send_code", "hold", "snooze"]


@pytest.mark.parametrize("bystander", [RUI, "tomas-figueiredo", "ines-duarte", BEATRIZ])
async def test_a_bystander_cannot_have_customers_mailed_twice(bystander: str) -> None:
    here = house(unknown_delivery())
    page = await opened(here, bystander)
    assert "settle_delivery" not in page.form_names

    page = await posted(here, bystander, "settle_delivery", {"outcome": "send again"})

    assert (page.status, here.cases.acts) == (409, [])
    assert "Only the owner and the incident commander say whether" in page.text
    assert here.case.ledger[CUSTOMERS].status is Status.UNKNOWN
