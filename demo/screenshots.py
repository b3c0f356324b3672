"""The README's pictures: `python -m demo.screenshots` plays the demo halfway and takes them.

It needs Debian's chromium, or any other that CHROMIUM names.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

from playwright.async_api import BrowserContext, FloatRect, async_playwright

from demo.chapters.preparing import the_pre_read_goes_out
from demo.chapters.telling_customers import the_owner_drafts_the_message
from demo.scene import Scene
from demo.story import Story
from devstack.development import let_pass
from devstack.environment import Environment, environment
from domain.incident import Incident, Severity

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 150_000
LIAISON = "beatriz-leal"
STUCK = "postmortem-INC-201"
SETTLING = 10
"""Seconds after which Temporal's pages have loaded what they show."""
NAVIGATION = 255
"""The width of the menu on the left of Temporal's pages."""
COLUMNS = (
    "Workflow ID",
    "PostmortemPhase",
    "PostmortemSeverity",
    "PostmortemOwner",
    "PostmortemWaitingOn",
    "PostmortemLate",
    "PostmortemNeedsAttention",
    "PostmortemMeetingAt",
)


@dataclass(frozen=True)
class Camera:
    """A browser that takes pictures of pages."""

    context: BrowserContext

    async def take(self, name: str, url: str, *, size: tuple[int, int], left: int = 0) -> None:
        """Take one picture of a page, without what stands on its left."""
        width, height = size
        page = await self.context.new_page()
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(url)
        await asyncio.sleep(SETTLING)
        file = IMAGES / f"{name}.png"
        shown: FloatRect = {"x": left, "y": 0, "width": width - left, "height": height}
        await page.screenshot(path=file, clip=shown)
        await page.close()
        weight = file.stat().st_size
        print(f"{file}  {weight // 1000} KB")
        if weight > LARGEST:
            sys.exit(f"{file} is larger than {LARGEST // 1000} KB: show less of the page.")


async def take_all() -> None:
    """Play the story as far as the customer message, and take the pictures on the way."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with environment(Path(folder)) as here, _camera() as camera:
            story = Story(Scene(here, Random(1)))
            await story.play(up_to=the_pre_read_goes_out)
            await _after_the_meeting(story.scene, camera)
            await story.play(up_to=the_owner_drafts_the_message)
            await _review(story.scene, camera)
            await _others(here)
            await _operations(here, camera)


async def _after_the_meeting(scene: Scene, camera: Camera) -> None:
    """Picture what the facilitator sees after the meeting."""
    chair = scene.person((await scene.case()).meeting.facilitator or "")
    await camera.take("steps", await chair.link("meeting-outcome"), size=(900, 980))


async def _review(scene: Scene, camera: Camera) -> None:
    """Picture the mail that asks the liaison, and the page behind its link."""
    liaison = scene.person(LIAISON)
    mail = f"/inbox/{(await liaison.mail('approval'))['id']}/html"
    await camera.take("mail", scene.here.stack.simulator_url + mail, size=(760, 760))
    await camera.take("liaison", await liaison.link("approval"), size=(900, 960))


async def _others(here: Environment) -> None:
    """Open a few more cases, so that there is something to filter."""
    told = {"INC-201": Severity.SEV2, "INC-204": Severity.SEV1, "INC-207": Severity.SEV2}
    for key, severity in told.items():
        await here.cases.incident_resolved(_incident(key, severity))
    await asyncio.sleep(5)
    await let_pass(here.client, STUCK, timedelta(days=9))
    misspelt = here.client.get_workflow_handle("postmortem-INC-204")
    await misspelt.signal("incident_resolvd")
    await asyncio.sleep(3)


def _incident(key: str, severity: Severity) -> Incident:
    now = datetime.now(UTC).replace(microsecond=0)
    return Incident(
        key=key,
        title="Uploads to the edge were slow",
        severity=severity,
        services=("edge-proxy",),
        started_at=now - timedelta(minutes=95),
        resolved_at=now - timedelta(minutes=5),
    )


async def _operations(here: Environment, camera: Camera) -> None:
    """Picture Temporal's own pages: the list of open cases, and one case."""
    ui = f"{here.stack.temporal_ui_url}/namespaces/default/workflows"
    query = quote("ExecutionStatus = 'Running'")
    await camera.take("list", f"{ui}?query={query}", size=(1980, 520), left=NAVIGATION)
    run = (await here.client.get_workflow_handle(STUCK).describe()).run_id
    page = f"{ui}/{STUCK}/{run}/user-metadata"
    await camera.take("case", page, size=(1400, 760), left=NAVIGATION)


@asynccontextmanager
async def _camera() -> AsyncIterator[Camera]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("No chromium: apt-get install chromium, or set CHROMIUM.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context()
        columns = json.dumps({"default": [{"label": each} for each in COLUMNS]})
        key = "namespace-workflow-table-columns"
        await context.add_init_script(f"localStorage.setItem('{key}', {json.dumps(columns)})")
        yield Camera(context)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take_all())
