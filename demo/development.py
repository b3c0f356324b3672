"""What one develops with: everything running on this machine, and time that passes on request."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from demo.story import fresh
from devstack.environment import STEP, town
from devstack.stack import StackFailed

_PATIENCE = 120.0


async def keep_running(folder: Path) -> None:
    """Start everything with an empty world, print the addresses, and wait to be stopped."""
    fresh(folder)
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    running = folder / "running"
    async with town(running) as here:
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

    All that becomes due is done on the way; a case that closes stops its clock. It goes in
    steps, so that the simulated world's clock keeps up, where its address is given.

    Raises:
        StackFailed: the simulator does not answer.
        TimeoutError: a step takes minutes: most likely no worker runs.
    """
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    handle = client.get_workflow_handle(case)
    now = await skipper.get_current_time(handle)
    until, goes_on = now + far, True
    while now < until and goes_on:
        step = skipper.fast_forward(handle, min(STEP, until - now))
        goes_on = await asyncio.wait_for(step, _PATIENCE)
        now = await skipper.get_current_time(handle)
        await _set_clock(simulator, now)
    return now


async def _set_clock(simulator: str, now: datetime) -> None:
    if not simulator:
        return
    try:
        async with httpx.AsyncClient(base_url=simulator, trust_env=False) as world:
            answer = await world.put("/simulator/clock", json={"now": now.isoformat()})
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL):
        raise StackFailed(
            f"No simulator answers at {simulator}, so its clock was left behind: check the address."
        ) from None
