"""The page that stops an approved message: by choice and reason, that text and no later one."""

from datetime import timedelta

from domain.customer_message.acts import DraftExternalMessage, MarkPosted, WithdrawMessage
from domain.engine.journal import Door
from integrations.links import Purpose
from tests.browser import Browser
from tests.playing import AMARA, BEATRIZ, JOANA
from tests.scenes import approving
from tests.web_cases import CASE, LINKS, TEXT, House, approved, asked_to_approve, house


def with_code(here: House) -> Browser:
    """The browser of the commander, who has the mail with the code."""
    return here.browser(code=here.code(JOANA))


def stop_link(here: House) -> str:
    asked = here.case.message.approvals[-1]
    return LINKS.url(Purpose.WITHDRAW, CASE, JOANA, asked.id)


async def test_an_approved_message_is_stopped_by_choice_and_reason() -> None:
    here = house(approved())
    page = await with_code(here).open(stop_link(here))

    page = await with_code(here).send(page, page.forms[0], answer="stop", reason="Wrong hour")

    assert here.cases.acts == [
        WithdrawMessage(by=JOANA, through=Door.STOP_LINK, reason="Wrong hour")
    ]
    assert "The message is stopped" in page.text


async def test_stopping_needs_both_choice_and_reason() -> None:
    here = house(approved())
    page = await with_code(here).open(stop_link(here))

    page = await with_code(here).send(page, page.forms[0])

    assert (page.status, here.cases.acts) == (422, [])
    assert {"#withdraw_message-answer", "#withdraw_message-reason"} <= set(page.links)


async def test_a_message_that_is_out_cannot_be_stopped_any_more() -> None:
    here = house(approved(and_allowed=True))
    page = await with_code(here).open(stop_link(here))
    here.play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))

    page = await with_code(here).send(page, page.forms[0], answer="stop", reason="Wrong hour")

    assert here.cases.acts == []
    assert "The message is out already" in page.text


async def test_a_message_that_leaves_at_the_very_moment_is_not_stopped() -> None:
    here = house(approved(and_allowed=True))
    page = await with_code(here).open(stop_link(here))
    here.cases.meanwhile = MarkPosted(by=BEATRIZ, url="https://status.example.com/1")

    page = await with_code(here).send(page, page.forms[0], answer="stop", reason="Wrong hour")

    assert (page.status, here.cases.acts) == (409, [])
    assert "The message is out already" in page.text


async def test_a_stop_link_of_an_earlier_text_does_not_stop_a_later_one() -> None:
    here = house(approved())
    early = stop_link(here)
    page = await here.browser().open(early)
    here.play.act(DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="Another summary.")))
    here.play.wait(hours=1)
    asked = here.case.message.approval
    assert asked is not None
    here.play.act(approving(asked))
    here.play.until(here.play.now + timedelta(minutes=1))

    page = await with_code(here).send(page, page.forms[0], answer="stop", reason="Wrong hour")

    assert here.cases.acts == []
    assert here.case.message.approved_at is not None


async def test_the_stop_page_says_why_there_is_nothing_to_stop() -> None:
    asked = house(asked_to_approve())
    waiting = await asked.browser().open(stop_link(asked))
    assert "There is nothing to stop here" in waiting.text

    here = house(approved())
    here.play.act(WithdrawMessage(by=AMARA, reason="Not needed", for_good=True))
    given_up = await with_code(here).open(stop_link(here))
    assert "The message is stopped for good" in given_up.text

    here.cases.away = True
    away = await with_code(here).open(stop_link(here))
    assert away.status == 503
