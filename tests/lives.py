"""Whole lives on the real server: a case, its worker, the simulated vendors, its clock."""

import asyncio
import os
import re
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.common import SearchAttributeKey
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from devstack.signing import signed
from domain.case import Answer, Case
from domain.engine.act import Act
from domain.incident import Incident
from integrations.files.directory import FileDirectory
from integrations.files.policy import read_policy
from settings import read_settings
from tests.histories_kept import RECORD, keep
from tests.simulated import World, simulated_world
from workflows.client import Postmortems

ROOT = Path(__file__).parent.parent
PUBLIC_URL = "https://postmortems.example.com"
CALENDAR = "postmortems@group.calendar.example.com"
GOOGLE = ("PM_GOOGLE_TOKEN", "PM_GOOGLE_BASE_URL", "PM_CALENDAR_ID")
JIRA = ("PM_JIRA_URL", "PM_JIRA_USER", "PM_JIRA_TOKEN")
PATIENCE = 60.0
A_MOMENT = 0.01
STEP = timedelta(hours=12)
"""How far the case's time goes before the simulated world hears what time it is."""


@dataclass
class Life:
    """One case and everything around it."""

    client: Client
    cases: Postmortems
    world: World
    pages: httpx.AsyncClient
    skipper: TimeSkipper
    outside: worker.Outside
    task_queue: str
    id: str = ""
    run_id: str = ""

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(self.id)

    async def resolve(self, incident: Incident) -> None:
        """Let an incident be resolved at its time, and everything be done that follows at once."""
        self.world.set("clock", {"now": incident.resolved_at.isoformat()})
        self.id = await self.cases.incident_resolved(incident)
        await self._skip(incident.resolved_at + timedelta(minutes=1) - await self.now())
        await self._idle()

    async def act(self, act: Act[Case], *, link: str = "test") -> Answer:
        proved = signed(self.outside.proofs, await self.case(), act)
        answer = await self.cases.act(self.id, proved, link=link)
        await self.settled()
        return answer

    async def signal(self, name: str, *args: object) -> None:
        await self.handle.signal(name, args=list(args))
        await self.settled()

    async def case(self) -> Case:
        return await self.cases.case(self.id)

    async def now(self) -> datetime:
        return await self.skipper.get_current_time(self.handle)

    async def forward(self, far: timedelta) -> None:
        """Move the case's time, doing all that becomes due on the way."""
        target = await self.now() + far
        while await self._idle() and (now := await self.now()) < target:
            await self._skip(min(STEP, target - now))

    async def until(self, instant: datetime) -> None:
        await self.forward(instant - await self.now())

    async def settled(self) -> None:
        """Let what is due be carried out, and wait until it is."""
        await self.forward(timedelta(seconds=1))

    async def is_open(self) -> bool:
        return await self.cases.is_open(self.id)

    async def closed(self) -> Case:
        """Wait until the case is closed; return how it ended."""
        await asyncio.wait_for(self.handle.result(), PATIENCE)
        return await self.case()

    async def described(self) -> WorkflowExecutionDescription:
        return await self.handle.describe()

    async def shows(self, attribute: SearchAttributeKey[Any]) -> Any:  # noqa: ANN401 - of any type
        """Return what operations can filter by in the Temporal UI."""
        return (await self.described()).typed_search_attributes.get(attribute)

    async def details(self) -> str:
        """Return the current details, as the Temporal UI shows them."""
        told = await self.handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
        return str(told.current_details)

    async def updates(self) -> list[str]:
        """Return the names of all updates that the present run accepted."""
        return [
            event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
            async for event in self.handle.fetch_history_events()
            if event.HasField("workflow_execution_update_accepted_event_attributes")
        ]

    async def press(self, path: str, **fields: str | list[str]) -> None:
        """Post a form of the simulated Google or Jira, as its user would."""
        (await self.pages.post(path, data=fields)).raise_for_status()

    def email(self, person: str) -> str:
        return self.outside.directory.addresses([person])[person].email

    def mails(self, kind: str, to: str = "") -> list[dict[str, Any]]:
        """Return what was sent of one kind, oldest first; `to` is a person or list."""
        address = {"to": self.email(to)} if to else {}
        everything: list[dict[str, Any]] = self.world.all("mails", **address)
        return [mail for mail in everything if re.search(_key_of(kind), _key(mail))]

    def events(self) -> list[dict[str, Any]]:
        """Return the events of the shared calendar that were not cancelled."""
        everything: list[dict[str, Any]] = self.world.all("events", calendar=CALENDAR)
        return [event for event in everything if event["status"] != "cancelled"]

    def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.all("documents")
        return found

    def tickets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.all("tickets")
        return found

    def vendor_is_down(self, path: str, **headers: str) -> None:
        """Let a vendor answer everything with 503 until `vendors_are_back`."""
        rule = {"kind": "status", "status": 503, "path_regex": path, "probability": 1}
        self.world.tell("faults", [{**rule, "headers": headers}])

    def vendors_are_back(self) -> None:
        self.world.forget()

    async def recorded(self, name: str) -> None:
        """Keep the histories of this case, if the environment asks for it."""
        if folder := os.environ.get(RECORD):
            await keep(self.client, self.id, Path(folder), name)

    async def _idle(self) -> bool:
        """Wait until nothing is under way; tell whether the case is open.

        A skip may end while an activity runs, and before a new run has had its first task.
        """
        async with asyncio.timeout(PATIENCE):
            while _is_busy(described := await self.described()):  # noqa: ASYNC110 - it is elsewhere
                await asyncio.sleep(A_MOMENT)
        if described.close_time is not None:
            return False
        if described.run_id != self.run_id:
            await self.case()
            self.run_id = described.run_id
        return True

    async def _skip(self, far: timedelta) -> None:
        await asyncio.wait_for(self.skipper.fast_forward(self.handle, far), PATIENCE)
        self.world.set("clock", {"now": (await self.now()).isoformat()})


def _is_busy(described: WorkflowExecutionDescription) -> bool:
    told = described.raw_description
    under_way = bool(told.pending_activities) or told.HasField("pending_workflow_task")
    return under_way and described.close_time is None


def _key(mail: dict[str, Any]) -> str:
    """Return what a mail is about; several notices of one moment share a mail."""
    return str((mail.get("custom_args") or {}).get("key", ""))


def _key_of(kind: str) -> str:
    return rf"(^|\+)postmortem-[^:]+:(notice:)?{kind}:"


def environment(world: World, folder: Path) -> dict[str, str]:
    """Return the settings of a deployment that has everything, at the simulator."""
    return {
        "PM_PUBLIC_URL": PUBLIC_URL,
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
async def living(  # noqa: PLR0913 - a world can lack that many things
    client: Client,
    folder: Path,
    *,
    deployment: Callable[[World, Path], Mapping[str, str]] = environment,
    without: tuple[str, ...] = (),
    unknown_projects: tuple[str, ...] = (),
    policy: Mapping[str, Any] | None = None,
    cached: int = 100,
) -> AsyncIterator[Life]:
    """Run a worker and a simulator for one test; `without` names settings to leave out."""
    with simulated_world() as world:
        furnish(world, unknown_projects)
        given = deployment(world, folder)
        settings = read_settings({k: v for k, v in given.items() if k not in without})
        outside = worker.outside(settings)
        if policy:
            changed = read_policy(ROOT / "policy.toml").replace(**policy)
            outside = replace(outside, policy=changed)
        queue = f"postmortems-{uuid.uuid4().hex[:8]}"
        cases = Postmortems(client, development=True, task_queue=queue)
        skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        pages = httpx.AsyncClient(base_url=world.url, follow_redirects=True, trust_env=False)
        options = {"task_queue": queue, "max_cached_workflows": cached}
        async with pages, worker.worker(client, outside, **options):
            life = Life(client, cases, world, pages, skipper, outside, queue)
            try:
                yield life
            finally:
                await ended(life)


async def ended(life: Life) -> None:
    """End a case that a test leaves open, so that its timers do not outlive the test."""
    if life.id and await life.is_open():
        await life.handle.terminate("the test is over")


def furnish(world: World, unknown_projects: tuple[str, ...] = ()) -> None:
    """Make the simulated world one in which the shipped organisation works."""
    people, projects = _organisation()
    world.tell("people", {"people": people})
    world.tell("calendars", {"id": CALENDAR})
    for key, name in projects.items():
        if key not in unknown_projects:
            world.tell("projects", {"key": key, "name": name})


@cache
def _organisation() -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return everybody with their address, and every team's Jira project."""
    directory = FileDirectory(ROOT / "organisation.toml")
    snapshot = directory.snapshot(datetime.now(UTC))
    known = directory.addresses(list(snapshot.people))
    people = [each.model_dump(include={"email", "name"}) for each in known.values()]
    return people, {team.issue_project: team.name for team in snapshot.teams.values()}
