"""What one develops with: everything running on this machine, and time that passes on request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from temporalio.client import Client

from console.running import CannotRun
from devstack.case_time import CaseTime
from devstack.environment import emptied, environment


async def keep_running(folder: Path) -> None:
    """Start everything with an empty world, print the addresses, and wait to be stopped."""
    running = emptied(folder / "running")
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    async with environment(running) as here:
        stack = here.stack
        print(f"  Temporal UI  {stack.temporal_ui_url}")
        print(f"  simulator    {stack.simulator_url}  (calendar, documents, inbox, tickets)")
        print(f"  pages        {stack.web_url}")
        print(f"  logs         {running}/logs\n")
        print("For the command line in another terminal:")
        print(f"  export TEMPORAL_ADDRESS={stack.temporal_address} PM_DEVELOPMENT=true")
        print(f"  export AFTERMATH_SIMULATOR={stack.simulator_url}")
        print("  aftermath start examples/incident.json --now")
        print("  aftermath skip INC-204 3h && aftermath show INC-204\n")
        print("Press Ctrl-C to stop everything.", flush=True)
        await asyncio.Event().wait()


async def let_pass(client: Client, case: str, far: timedelta, simulator: str = "") -> datetime:
    """Let a case's time pass, and return what it is then.

    All that becomes due is done on the way; a case that closes stops its clock. The simulated
    world's clock keeps up, where its address is given.

    Raises:
        CannotRun: the simulator does not answer.
        TimeoutError: a step takes minutes: most likely no worker runs.
    """
    async with _simulator_at(simulator) as there:
        time = CaseTime(client, case, there)
        await time.until(await time.now() + far)
        return await time.now()


@asynccontextmanager
async def _simulator_at(address: str) -> AsyncIterator[httpx.AsyncClient | None]:
    if not address:
        yield None
        return
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as simulator:
            yield simulator
    except (httpx.HTTPError, httpx.InvalidURL):
        raise CannotRun(
            f"No simulator answers at {address}, so its clock was left behind: check the address."
        ) from None
