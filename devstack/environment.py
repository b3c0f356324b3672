"""Everything that a case meets, running on this machine, and the ways to reach it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime, TelemetryConfig

from devstack.browser import Browser
from devstack.case_time import CaseTime
from devstack.furnishing import settle_organisation
from devstack.stack import Stack
from domain.case import Case
from integrations.files.directory import FileDirectory
from integrations.proofs import Proofs
from workflows.client import Postmortems
from workflows.search_attributes import SEARCH_ATTRIBUTES

PAGERDUTY_SECRET = "demo-pagerduty-secret"  # noqa: S105 - it guards nothing but the demo
_ANSWERS_WITHIN = 60.0
_CLIENT_REST = 0.1


@dataclass
class Environment:
    """The running parts, and how people, programs and a case's clock are reached.

    `case_id` names the case whose time passes; it is set by whoever starts one.
    """

    stack: Stack
    client: Client
    simulator: httpx.AsyncClient
    web: httpx.AsyncClient
    directory: FileDirectory
    case_id: str = ""

    @property
    def cases(self) -> Postmortems:
        """The door to the cases."""
        return Postmortems(self.client, development=True)

    @property
    def browser(self) -> Browser:
        """A browser for whoever opens a link."""
        return Browser(self.web)

    @property
    def proofs(self) -> Proofs:
        """What signs decisions, as the web part does."""
        return Proofs([key.get_secret_value() for key in self.stack.settings.link_keys])

    @property
    def archive(self) -> Path:
        """The folder with the records."""
        return self.stack.settings.archive_folder

    async def case(self) -> Case:
        """Return the case as it stands."""
        return await self.cases.case(self.case_id)

    async def now(self) -> datetime:
        """Return the case's time."""
        return await self._time.now()

    async def until(self, instant: datetime) -> None:
        """Let the case's time pass up to an instant."""
        await self._time.until(instant)

    async def forward(self, far: timedelta) -> None:
        """Let some time pass; all that becomes due is done on the way."""
        if await self.cases.is_open(self.case_id):
            await self._time.forward(far)

    async def settle(self) -> None:
        """Let what is due be done: a second's skip waits for running activities."""
        await self.forward(timedelta(seconds=1))

    async def told(self, what: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """Return what the simulated world holds."""
        answer = await self.simulator.get(f"/simulator/{what}", params=query)
        return answer.raise_for_status().json()

    async def tell(self, what: str, body: Any) -> None:  # noqa: ANN401 - JSON
        """Change the simulated world behind people's backs."""
        (await self.simulator.post(f"/simulator/{what}", json=body)).raise_for_status()

    async def press(self, path: str, **fields: str | list[str]) -> None:
        """Post a form of the simulated Google or Jira, as its user would."""
        answer = await self.simulator.post(path, data=fields, follow_redirects=True)
        answer.raise_for_status()

    def email(self, person: str) -> str:
        """Return the address of a person or a list."""
        return self.directory.addresses([person])[person].email

    @property
    def _time(self) -> CaseTime:
        return CaseTime(self.client, self.case_id, self.simulator)


@asynccontextmanager
async def environment(
    folder: Path,
    *,
    record: Path | None = None,
    settings: Mapping[str, str | None] | None = None,
) -> AsyncIterator[Environment]:
    """Start everything, furnish the simulated world, and end it all on leaving."""
    given = {"PM_PAGERDUTY_SECRETS": PAGERDUTY_SECRET, **(settings or {})}
    stack = Stack(folder, search_attributes=SEARCH_ATTRIBUTES, record=record, settings=given)
    async with reached(stack) as here:
        yield here


@asynccontextmanager
async def reached(stack: Stack) -> AsyncIterator[Environment]:
    """Start a stack, furnish the simulated world, and end it all on leaving."""
    async with (
        stack,
        _browsing(stack.simulator_url) as simulator,
        _browsing(stack.web_url) as web,
    ):
        client = await Client.connect(
            stack.temporal_address,
            data_converter=pydantic_data_converter,
            # It would otherwise log each call that meets a part which was killed on purpose.
            runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
        )
        directory = FileDirectory(stack.settings.organisation_file)
        await settle_organisation(simulator, directory)
        yield Environment(stack, client, simulator, web, directory)
        await asyncio.sleep(_CLIENT_REST)


def emptied(folder: Path) -> Path:
    """Return a folder with nothing in it, so that nothing of an earlier run is found again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _browsing(base_url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=_ANSWERS_WITHIN)
