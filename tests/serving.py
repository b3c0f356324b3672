"""The pages of one case on a real port, and a real browser to open them with."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from playwright.async_api import BrowserContext, async_playwright

from devstack.ports import Ports
from tests.playing import DIRECTORY, POLICY
from tests.web_cases import LINKS, PROOFS, SECRETS, WORDS, House
from web.public import public_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CAN_BROWSE = CHROMIUM is not None or bool(os.environ.get("CI"))
"""Without a browser a person may still run the tests; CI may not."""

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def serving(here: House) -> AsyncIterator[str]:
    """Serve the pages of a case, and give the address under which they are."""
    port = Ports.free().web
    base = f"http://127.0.0.1:{port}"
    app = public_app(here.cases, LINKS, PROOFS, DIRECTORY, POLICY, SECRETS, WORDS, base_url=base)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield base
    server.should_exit = True
    await running


@asynccontextmanager
async def chromium(*, scripts: bool) -> AsyncIterator[BrowserContext]:
    """Start a browser, with scripts or without."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield await browser.new_context(java_script_enabled=scripts)
        await browser.close()
