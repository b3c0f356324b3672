"""One case's time: it passes on request, and the simulated world's clock goes along."""

import asyncio
from datetime import datetime, timedelta

import httpx
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

STEP = timedelta(hours=12)
"""How far a case's time goes before the simulated world hears what time it is."""

_PATIENCE = 120.0


class CaseTime:
    """The time of one case, and of the simulated world where there is one."""

    def __init__(self, client: Client, case: str, simulator: httpx.AsyncClient | None) -> None:
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        self._handle = client.get_workflow_handle(case)
        self._simulator = simulator

    async def now(self) -> datetime:
        """Return the case's time."""
        return await self._skipper.get_current_time(self._handle)

    async def until(self, instant: datetime) -> None:
        """Let time pass up to an instant, or until the case closes and its clock stops."""
        while (now := await self.now()) < instant:
            if not await self.forward(min(STEP, instant - now)):
                return

    async def forward(self, far: timedelta) -> bool:
        """Let some time pass, doing all that becomes due; tell whether the case is still open.

        Raises:
            TimeoutError: it takes minutes: most likely no worker runs.
        """
        skip = self._skipper.fast_forward(self._handle, far)
        is_open = await asyncio.wait_for(skip, _PATIENCE)
        if self._simulator is not None:
            await set_clock(self._simulator, await self.now())
        return is_open


async def set_clock(simulator: httpx.AsyncClient, now: datetime) -> None:
    """Tell the simulated world what time it is."""
    answer = await simulator.put("/simulator/clock", json={"now": now.isoformat()})
    answer.raise_for_status()
