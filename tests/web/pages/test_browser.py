"""The liaison's page in a real browser without scripts: read, choose, type the code."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from tests.serving import CAN_BROWSE, chromium, serving
from tests.web_cases import House, asked_to_approve, house

pytestmark = pytest.mark.skipif(
    not CAN_BROWSE, reason="needs Chromium: on Debian, apt-get install chromium"
)


@pytest.fixture
async def served() -> AsyncIterator[tuple[House, str]]:
    """Serve the pages of a case that waits for its liaison on a real port."""
    here = house(asked_to_approve())
    async with serving(here) as base:
        yield here, base + urlsplit(here.review()).path


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with chromium(scripts=False) as browser:
        yield await browser.new_page()


async def test_the_liaison_approves_with_the_code_of_the_mail(
    served: tuple[House, str], page: Page
) -> None:
    here, url = served
    await page.goto(url)
    assert here.case.message.approvals[-1].decision is None

    await page.get_by_label("Approve").first.check()
    await page.get_by_label("code").first.fill(here.code())
    await page.get_by_role("button").first.click()

    assert here.case.message.approvals[-1].decision == "approved"
    assert "approved" in (await page.inner_text("main")).lower()


async def test_a_choice_without_the_code_is_refused_beside_its_field(
    served: tuple[House, str], page: Page
) -> None:
    here, url = served
    await page.goto(url)

    await page.get_by_label("Approve").first.check()
    await page.get_by_role("button").first.click()

    assert here.case.message.approvals[-1].decision is None
    assert await page.locator("[aria-invalid=true], .error").count() > 0
