"""What robots do to links in mails: they look, follow, press and fill in, and decide nothing."""

import random
from collections.abc import Awaitable, Callable
from itertools import product

import pytest

from domain.customer_message.acts import DecideExternalMessage
from integrations.links import Purpose
from tests.browser import Browser
from tests.playing import JOANA
from tests.web_cases import CASE, LINKS, approved, asked_to_approve, house

ROBOT_CODES = 20


async def head_and_get(browser: Browser, address: str) -> None:
    """Look before delivery, as many mail filters do."""
    for _ in range(3):
        await browser.ask("HEAD", address)
        await browser.ask("GET", address)


async def follow_every_link(browser: Browser, address: str) -> None:
    """Open the page and whatever it links to."""
    page = await browser.open(address)
    for link in page.links:
        if not link.startswith("#"):
            await browser.ask("GET", link)


async def press_every_button(browser: Browser, address: str) -> None:
    """Send each form as it stands."""
    page = await browser.open(address)
    for form in page.forms:
        await browser.press(page, form)


async def fill_and_press_everything(browser: Browser, address: str) -> None:
    """Choose each combination, write into every field, guess codes, and send it all."""
    dice = random.Random(1)
    for _ in range(ROBOT_CODES):
        page = await browser.open(address)
        for form in page.forms:
            for combination in product(*form.choices.values()):
                chosen = dict(zip(form.choices, combination, strict=True))
                guess = f"{dice.randrange(10**6):06d}"
                texts = {name: guess if name == "code" else "robot" for name in form.texts}
                await browser.press(page, form, **chosen, **texts)


@pytest.mark.parametrize(
    "robot", [head_and_get, follow_every_link, press_every_button, fill_and_press_everything]
)
async def test_no_scanner_of_mails_decides(
    robot: Callable[[Browser, str], Awaitable[None]],
) -> None:
    here = house(asked_to_approve())

    await robot(here.browser(), here.review())

    assert not any(isinstance(each, DecideExternalMessage) for each in here.cases.acts)
    assert here.case.message.approved_at is None


async def test_looking_at_the_stop_page_stops_nothing() -> None:
    here = house(approved())
    asked = here.case.message.approvals[-1]
    link = LINKS.url(Purpose.WITHDRAW, CASE, JOANA, asked.id)

    await head_and_get(here.browser(), link)
    await press_every_button(here.browser(), link)

    assert here.cases.acts == []
