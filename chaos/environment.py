"""What a run plays on: the parts, the proxy before Temporal, and the ways to reach them."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from chaos.mailbox import Mailbox
from chaos.proxy import Proxy
from devstack.browser import Browser
from devstack.ports import HOST, Ports
from devstack.stack import CALENDAR, WORKER_READY, Part, Stack
from workflows.client import Postmortems
from workflows.search_attributes import SEARCH_ATTRIBUTES

CUSTOMERS = "customers"
CUSTOMERS_ADDRESS = "customers@example.net"
_ROOT = Path(__file__).resolve().parent.parent
_MANUAL = re.compile(r'^channel = "manual".*$', re.MULTILINE)
# A client whose process ends at once can take the process down with it (sdk-python issue 300).
_CLIENT_REST = 0.1


@dataclass
class Stage:
    """Everything that the lives, the storm and the checker can reach.

    The client reaches Temporal directly; worker and web go through the proxy.
    """

    stack: Stack
    proxy: Proxy
    client: Client
    skipper: TimeSkipper
    cases: Postmortems
    simulator: httpx.AsyncClient
    web: httpx.AsyncClient
    mailbox: Mailbox
    organisation: Mapping[str, Any]

    @property
    def browser(self) -> Browser:
        """A browser for whoever opens a link."""
        return Browser(self.web)

    @property
    def archive(self) -> Path:
        """The folder with the records."""
        return self.stack.settings.archive_folder

    def address(self, person: str) -> str:
        """Return where a person or list gets mail."""
        known = self.organisation["people"] | self.organisation["lists"]
        return str(known[person]["email"])

    async def answers(self, part: Part) -> bool:
        """Tell whether a part that was started is ready."""
        match part:
            case Part.WORKER:
                return self.stack.process(part).said(WORKER_READY)
            case Part.WEB:
                return await self._livez()
            case _:
                return await _listens(self.stack.ports.temporal)

    async def _livez(self) -> bool:
        url = f"http://{HOST}:{self.stack.ports.web_internal}/livez"
        with suppress(httpx.TransportError):
            return (await self.web.get(url)).is_success
        return False

    async def told(self, what: str) -> Any:  # noqa: ANN401 - JSON
        """Return what the simulated world holds."""
        return (await self.simulator.get(f"/simulator/{what}")).raise_for_status().json()

    async def tell(self, what: str, body: Any) -> Any:  # noqa: ANN401 - JSON
        """Change the simulated world."""
        answer = await self.simulator.post(f"/simulator/{what}", json=body)
        return answer.raise_for_status().json()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Start everything on a Temporal that keeps its state in a file, and end it on leaving."""
    ports = Ports.free()
    proxy = Proxy(HOST, _another_port(ports), ports.temporal)
    stack = Stack(
        folder,
        ports=ports,
        search_attributes=SEARCH_ATTRIBUTES,
        temporal_database=folder / "temporal.db",
        settings={
            "TEMPORAL_ADDRESS": proxy.address,
            "PM_POLICY_FILE": str(_policy(folder)),
            "PM_ORGANISATION_FILE": str(_organisation(folder)),
        },
    )
    async with (
        proxy,
        stack,
        httpx.AsyncClient(base_url=stack.simulator_url, trust_env=False, timeout=60) as simulator,
        httpx.AsyncClient(base_url=stack.web_url, trust_env=False, timeout=60) as web,
    ):
        client = await Client.connect(
            stack.temporal_address,
            data_converter=pydantic_data_converter,
            runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
        )
        here = Stage(
            stack,
            proxy,
            client,
            TimeSkipper(client, config=TimeSkippingConfig(enabled=False)),
            Postmortems(client, development=True),
            simulator,
            web,
            Mailbox(simulator),
            tomllib.loads(stack.settings.organisation_file.read_text(encoding="utf-8")),
        )
        await _furnish(here)
        yield here
        await asyncio.sleep(_CLIENT_REST)


def _another_port(ports: Ports) -> int:
    taken = set(vars(ports).values())
    while (port := Ports.free().temporal) in taken:
        pass
    return port


def _policy(folder: Path) -> Path:
    """Write the policy that ships, with customers who get their message by mail."""
    shipped = (_ROOT / "policy.toml").read_text(encoding="utf-8")
    mailed, found = _MANUAL.subn(f'channel = "mail"\nmailing_list = "{CUSTOMERS}"', shipped)
    if found != 1:
        raise LookupError("The policy that ships does not say channel = manual once.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policy.toml"
    path.write_text(mailed, encoding="utf-8")
    return path


def _organisation(folder: Path) -> Path:
    """Write the organisation that ships, with a mailing list of customers."""
    shipped = (_ROOT / "organisation.toml").read_text(encoding="utf-8")
    added = f'\n[lists.{CUSTOMERS}]\nname = "Customers"\nemail = "{CUSTOMERS_ADDRESS}"\n'
    path = folder / "organisation.toml"
    path.write_text(shipped + added, encoding="utf-8")
    return path


async def _furnish(here: Stage) -> None:
    """Give the simulated Google and Jira the people and teams of the organisation file."""
    people = [
        {"email": each["email"], "name": each["name"]}
        for each in here.organisation["people"].values()
    ]
    await here.tell("people", {"people": people})
    await here.tell("calendars", {"id": CALENDAR, "name": "Postmortems"})
    for team in here.organisation["teams"].values():
        await here.tell("projects", {"key": team["issue_project"], "name": team["name"]})


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True
