"""Whole lives on the real server: a case, its worker, the simulated vendors, its clock."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from domain.acts.act import Act
from domain.case import Answer, Case
from domain.incident import Incident
from integrations.policy_file import read_policy
from settings import read_settings
from tests.simulated import World, simulated_world
from workflows.client import Postmortems

ROOT = Path(__file__).parent.parent
CALENDAR = "postmortems@group.calendar.example.com"
PATIENCE = 60.0


@dataclass
class Life:
    """One case and everything around it."""

    client: Client
    cases: Postmortems
    world: World
    skipper: TimeSkipper
    outside: worker.Outside
    id: str = ""

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(self.id)

    async def resolve(self, incident: Incident) -> None:
        self.id = await self.cases.incident_resolved(incident)
        await self.until(incident.resolved_at + timedelta(minutes=1))

    async def act(self, act: Act) -> Answer:
        answer = await self.cases.act(self.id, act, link="test")
        await self.settled()
        return answer

    async def case(self) -> Case:
        return await self.cases.case(self.id)

    async def now(self) -> datetime:
        return await self.skipper.get_current_time(self.handle)

    async def forward(self, far: timedelta) -> None:
        """Move the case's time, doing all that becomes due on the way."""
        await asyncio.wait_for(self.skipper.fast_forward(self.handle, far), PATIENCE)
        self.world.set("clock", {"now": (await self.now()).isoformat()})

    async def until(self, instant: datetime) -> None:
        await self.forward(instant - await self.now())

    async def settled(self) -> None:
        """Wait until what was due is carried out: a skip of a second waits for activities."""
        await self.forward(timedelta(seconds=1))

    def mails(self, kind: str) -> list[dict[str, Any]]:
        """Return what was sent of one kind, oldest first."""
        everything: list[dict[str, Any]] = self.world.all("mails")
        return [mail for mail in everything if _kind(mail) == kind]


def _kind(mail: dict[str, Any]) -> str:
    return str((mail.get("custom_args") or {}).get("kind", mail["kind"]))


def environment(world: World, folder: Path) -> dict[str, str]:
    """Return the settings of a deployment that has everything, at the simulator."""
    return {
        "PM_PUBLIC_URL": "http://127.0.0.1:8080",
        "PM_LINK_KEYS": "k" * 40,
        "PM_ARCHIVE_FOLDER": str(folder / "archive"),
        "PM_SENDGRID_KEY": "SG.test",
        "PM_SENDGRID_HOST": world.url,
        "PM_SENDER": "postmortems@example.com",
        "PM_GOOGLE_TOKEN": "simulator",
        "PM_GOOGLE_BASE_URL": world.url,
        "PM_CALENDAR_ID": CALENDAR,
        "PM_JIRA_URL": world.url,
        "PM_JIRA_USER": "aftermath@example.com",
        "PM_JIRA_TOKEN": "token",
        "PM_DEVELOPMENT": "true",
    }


@asynccontextmanager
async def living(
    client: Client,
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    policy: Mapping[str, Any] | None = None,
    cached: int = 100,
) -> AsyncIterator[Life]:
    """Run a worker and a simulator for one test; `without` names settings to leave out."""
    with simulated_world() as world:
        furnish(world)
        given = environment(world, folder)
        settings = read_settings({k: v for k, v in given.items() if k not in without})
        outside = worker.outside(settings)
        if policy:
            changed = read_policy(ROOT / "policy.toml").but(**policy)
            outside = replace(outside, policy=changed)
        queue = f"postmortems-{uuid.uuid4().hex[:8]}"
        cases = Postmortems(client, development=True, task_queue=queue)
        skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        options = {"task_queue": queue, "max_cached_workflows": cached}
        async with worker.worker(client, outside, **options):
            life = Life(client, cases, world, skipper, outside)
            yield life
            if life.id:
                await _ended(life)


async def _ended(life: Life) -> None:
    """End a case that a test leaves open, so that its timers do not outlive the test."""
    if await life.cases.is_open(life.id):
        await life.handle.terminate("the test is over")


def furnish(world: World) -> None:
    """Make the simulated world one in which the shipped organisation works."""
    directory = worker.FileDirectory(ROOT / "organisation.toml")
    almanac = directory.almanac(datetime.now(UTC))
    known = directory.addresses(list(almanac.people))
    world.tell("people", {"people": [a.model_dump() for a in known.values()]})
    world.tell("calendars", {"id": CALENDAR})
    for team in almanac.teams.values():
        world.tell("projects", {"key": team.issue_project, "name": team.name})
