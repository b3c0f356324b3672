"""Codes on the pages: every act on the customer message needs the one that stands in a mail."""

from collections.abc import Callable

import pytest

from domain.customer_message.codes import ReportWrongCode, SendCode
from domain.engine.journal import Door
from tests.browser import Page
from tests.playing import AMARA, BEATRIZ, JOANA, Play
from tests.web_cases import (
    TEXT,
    House,
    approved,
    asked_to_approve,
    held,
    house,
    opened,
    posted,
    sent,
)

OTHER = TEXT.replace(summary="Another summary.").model_dump()
POSTED = {"url": "https://status.example.com/1"}
GIVEN_UP = {"answer": "never", "reason": "The customer asked us to"}


def allowed() -> Play:
    return approved(and_allowed=True)


def wrong(here: House, person: str) -> str:
    return "111111" if here.code(person) != "111111" else "222222"


ACTS = pytest.mark.parametrize(
    ("play", "person", "form", "typed"),
    [
        (asked_to_approve, AMARA, "draft_external_message", OTHER),
        (approved, AMARA, "draft_external_message", OTHER),
        (asked_to_approve, JOANA, "withdraw_message", GIVEN_UP),
        (approved, BEATRIZ, "withdraw_message", GIVEN_UP),
        (allowed, BEATRIZ, "mark_posted", POSTED),
    ],
)


@ACTS
async def test_without_the_code_nothing_about_the_message_changes(
    play: Callable[[], Play], person: str, form: str, typed: dict[str, str]
) -> None:
    here = house(play())
    before = here.case.message

    page = await posted(here, person, form, {**typed, "code": "", "word": "send"})

    assert (page.status, here.cases.acts, here.case.message) == (422, [], before)
    assert f"#{form}-code" in page.links


@ACTS
async def test_a_wrong_code_is_counted_and_changes_nothing_else(
    play: Callable[[], Play], person: str, form: str, typed: dict[str, str]
) -> None:
    here = house(play())
    before = here.case.message

    page = await posted(here, person, form, {**typed, "code": wrong(here, person)})

    assert (page.status, [type(each) for each in here.cases.acts]) == (422, [ReportWrongCode])
    assert "This is not the code" in page.text
    assert here.case.message.approved_at == before.approved_at
    assert (here.case.message.text, here.case.message.finished) == (before.text, before.finished)


@ACTS
async def test_with_the_code_of_the_mail_it_is_done(
    play: Callable[[], Play], person: str, form: str, typed: dict[str, str]
) -> None:
    here = house(play())

    page = await posted(here, person, form, typed)

    assert (page.status, len(here.cases.acts)) == (200, 1)


async def test_another_persons_code_is_none() -> None:
    here = house(allowed())

    page = await posted(here, BEATRIZ, "mark_posted", {**POSTED, "code": here.code(AMARA)})

    assert page.status == 422
    assert here.case.message.posted_at is None


async def test_once_locked_even_the_right_code_counts_no_more() -> None:
    here = house(allowed())
    for _ in range(30):
        await posted(here, BEATRIZ, "mark_posted", {**POSTED, "code": wrong(here, BEATRIZ)})

    page = await posted(here, BEATRIZ, "mark_posted", POSTED)

    assert page.status == 409
    assert "locked" in page.text
    assert here.case.message.posted_at is None


async def test_another_person_unlocks_on_their_page() -> None:
    here = house(allowed())
    for _ in range(30):
        await posted(here, BEATRIZ, "mark_posted", {**POSTED, "code": wrong(here, BEATRIZ)})
    asked = (await opened(here, AMARA)).text

    await sent(here, AMARA, "unlock_codes")
    page = await posted(here, BEATRIZ, "mark_posted", POSTED)

    assert "Look at wrong codes, and unlock" in asked
    assert (page.status, here.case.message.finished) == (200, True)


async def test_who_has_no_code_has_one_sent() -> None:
    here = house(asked_to_approve())

    page = await sent(here, AMARA, "send_code")

    assert here.cases.acts == [SendCode(by=AMARA, through=Door.PAGE)]
    assert "on its way to your mailbox" in page.text
    assert here.play.sent("code")[-1][1] == AMARA


async def test_a_first_text_needs_the_word_alone() -> None:
    here = house(held())
    page: Page = await opened(here, AMARA)
    filled = page.form("draft_external_message").filled

    assert ("word" in filled, "code" in filled) == (True, False)
    page = await posted(here, AMARA, "draft_external_message", {**OTHER, "word": "robot"})
    assert (page.status, here.cases.acts) == (422, [])
    assert "#draft_external_message-word" in page.links
