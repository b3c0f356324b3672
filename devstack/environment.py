"""The demo's town: the running parts, the case's clock, and the mails that arrive."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from devstack.browser import Browser
from devstack.stack import CALENDAR, Stack
from domain.case import Case
from integrations.files.directory import FileDirectory
from workflows.client import Postmortems
from workflows.search_attributes import SEARCH_ATTRIBUTES

PAGERDUTY_SECRET = "demo-pagerduty-secret"  # noqa: S105 - it guards nothing but the demo
STEP = timedelta(hours=12)
_PATIENCE = 90.0
_CLIENT_REST = 0.1


@dataclass
class Town:
    """Everything that the demo's people and its narrator can reach."""

    stack: Stack
    client: Client
    skipper: TimeSkipper
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

    async def case(self) -> Case:
        """Return the case as it stands."""
        return await self.cases.case(self.case_id)

    async def now(self) -> datetime:
        """Return the case's time."""
        return await self.skipper.get_current_time(self._handle)

    async def until(self, instant: datetime) -> None:
        """Let the case's time pass in steps, so that the simulated world's clock keeps up."""
        while (now := await self.now()) < instant:
            await self.forward(min(STEP, instant - now))

    async def forward(self, far: timedelta) -> None:
        """Let some time pass; all that becomes due is done on the way."""
        if not await self.cases.is_open(self.case_id):
            return
        skip = self.skipper.fast_forward(self._handle, far)
        await asyncio.wait_for(skip, _PATIENCE)
        await self.set_clock(await self.now())

    async def settle(self) -> None:
        """Let what is due be done: a second's skip waits for running activities."""
        await self.forward(timedelta(seconds=1))

    async def set_clock(self, now: datetime) -> None:
        """Tell the simulated world what time it is."""
        answer = await self.simulator.put("/simulator/clock", json={"now": now.isoformat()})
        answer.raise_for_status()

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
        """Return a person's address."""
        return self.directory.addresses([person])[person].email

    @property
    def _handle(self) -> Any:  # noqa: ANN401 - a handle of whatever it returns
        return self.client.get_workflow_handle(self.case_id)


@asynccontextmanager
async def town(
    folder: Path,
    *,
    record: Path | None = None,
    settings: Mapping[str, str | None] | None = None,
) -> AsyncIterator[Town]:
    """Start everything, furnish the simulated world, and end it all on leaving."""
    given = {"PM_PAGERDUTY_SECRETS": PAGERDUTY_SECRET, **(settings or {})}
    stack = Stack(folder, search_attributes=SEARCH_ATTRIBUTES, record=record, settings=given)
    async with (
        stack,
        httpx.AsyncClient(base_url=stack.simulator_url, trust_env=False, timeout=30) as simulator,
        httpx.AsyncClient(base_url=stack.web_url, trust_env=False, timeout=30) as web,
    ):
        client = await Client.connect(
            stack.temporal_address, data_converter=pydantic_data_converter
        )
        skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        directory = FileDirectory(stack.settings.organisation_file)
        here = Town(stack, client, skipper, simulator, web, directory)
        await _furnish(here)
        yield here
        await asyncio.sleep(_CLIENT_REST)


async def _furnish(here: Town) -> None:
    """Give the simulated Google and Jira the people and teams of the organisation file."""
    snapshot = here.directory.snapshot(datetime.now(UTC))
    known = here.directory.addresses(list(snapshot.people))
    await here.tell("people", {"people": [each.model_dump() for each in known.values()]})
    await here.tell("calendars", {"id": CALENDAR, "name": "Postmortems"})
    for team in snapshot.teams.values():
        await here.tell("projects", {"key": team.issue_project, "name": team.name})
