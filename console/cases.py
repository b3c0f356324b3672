"""What the commands about cases share: how cases are reached, and how an answer is printed."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter
from temporalio.client import Client
from temporalio.converter import PayloadCodec
from temporalio.runtime import Runtime
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from console.running import patiently, run, told
from domain.case import Case
from domain.engine.act import Act
from integrations.payloads import Keyless, encryption
from settings import Keyed, WrongSettings, read_settings
from workflows.client import Postmortems, case_id
from workflows.connection import connect

CaseName = Annotated[str, Parameter(help="The case, such as postmortem-INC-204 or just INC-204.")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print data instead of text.")]


@dataclass(frozen=True)
class Cases:
    """The way to the cases, and to the server that keeps them."""

    client: Client
    postmortems: Postmortems

    async def now(self, case: str) -> datetime:
        """Return the case's own time: under time skipping it is ahead of ours."""
        skipper = TimeSkipper(self.client, config=TimeSkippingConfig(enabled=False))
        return await skipper.get_current_time(self.client.get_workflow_handle(case))


@asynccontextmanager
async def reached() -> AsyncIterator[Cases]:
    """Reach the cases, and say so where that takes long."""
    client = await connected("command line", codec())
    async with patiently("Waiting for Temporal and a worker"):
        yield Cases(client, Postmortems(client, development=in_development()))


async def connected(
    identity: str, keys: PayloadCodec | None, runtime: Runtime | None = None
) -> Client:
    """Return a connection to Temporal."""
    async with patiently("Connecting to Temporal"):
        return await connect(identity, keys, runtime)


def in_development() -> bool:
    """Tell whether time may be skipped here."""
    return os.environ.get("PM_DEVELOPMENT", "").strip().lower() in ("1", "true", "yes", "on")


def codec() -> PayloadCodec:
    """Return what decrypts, as far as this machine has keys; it needs no other setting."""
    settings = told(lambda: read_settings(os.environ, Keyed), WrongSettings)
    return encryption(settings.payload_keys) or Keyless()


def id_of(name: CaseName) -> str:
    """Return the id of a case that was named by it, or by its incident."""
    return name if name.startswith(case_id("")) else case_id(name)


def perform(name: str, act: Act[Case], *, as_json: bool) -> None:
    """Carry an act out on a case, and print where that leaves it."""
    case = id_of(name)

    async def go() -> None:
        async with reached() as cases:
            link = f"cli {datetime.now(UTC).isoformat()}"
            answer = await cases.postmortems.act(case, act, link=link)
        data = {"case": case, "phase": answer.phase, "act": act.name}
        say(data, f"{case} is {answer.phase}.", as_json=as_json)

    run(go())


def say(data: object, text: str, *, as_json: bool) -> None:
    """Print an answer: as data, if so wished."""
    print(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text)
