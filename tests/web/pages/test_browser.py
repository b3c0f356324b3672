"""The liaison's page in a real browser without scripts: read, choose, type the code."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from devstack.ports import Ports
from tests.playing import DIRECTORY, POLICY
from tests.web_cases import LINKS, SECRETS, WORDS, House, asked_to_approve, house
from web.public import public_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Without a browser a person may still run the tests; CI may not.
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="needs Chromium: on Debian, apt-get install chromium",
)


@pytest.fixture
async def served() -> AsyncIterator[tuple[House, str]]:
    """Serve the pages of a case that waits for its liaison on a real port."""
    here, port = house(asked_to_approve()), Ports.free().web
    base = f"http://127.0.0.1:{port}"
    app = public_app(here.cases, LINKS, DIRECTORY, POLICY, SECRETS, WORDS, base_url=base)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield here, base + urlsplit(here.review()).path
    server.should_exit = True
    await serving


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(java_script_enabled=False)
        yield await context.new_page()
        await browser.close()


async def test_the_liaison_approves_with_the_code_of_the_mail(
    served: tuple[House, str], page: Page
) -> None:
    here, url = served
    await page.goto(url)
    assert here.case.message.approvals[-1].decision is None

    await page.get_by_label("Approve").first.check()
    await page.get_by_label("code").fill(here.code())
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
