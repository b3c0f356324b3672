"""A workflow task that is handed an earlier task's time is given back, and nothing is decided."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

import worker
from domain.case import Case
from settings import read_settings
from tests.lives import environment, furnish
from tests.playing import an_incident
from tests.simulated import World, simulated_world
from workflows.client import OutOfReach, Postmortems
from workflows.postmortem import Postmortem

A_MOMENT = 0.05
PATIENCE = 45.0
QUESTIONS = 5
FREE_BUSY = "/freeBusy$"


@dataclass
class Shift:
    """One case, and workers that come and go."""

    client: Client
    cases: Postmortems
    world: World
    outside: worker.Outside
    queue: str

    def worker(self) -> Worker:
        return worker.worker(self.client, self.outside, task_queue=self.queue)

    def worker_without_workflows(self) -> Worker:
        found: list[Any] = list(worker.activities(self.outside))
        return Worker(
            self.client,
            task_queue=self.queue,
            activities=found,
            activity_executor=ThreadPoolExecutor(4),
        )

    async def asked_for_busy_times(self, times: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.world.asked("POST", FREE_BUSY) < times:  # noqa: ASYNC110 - it is elsewhere
                await asyncio.sleep(A_MOMENT)

    async def booked(self, case: str) -> Case:
        """Return a case once its meeting is booked, asking as often as its reader is told to."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(OutOfReach):
                    found = await self.cases.case(case)
                    if found.done("event"):
                        return found
                await asyncio.sleep(A_MOMENT)


@pytest.fixture
async def shift(temporal: Client, tmp_path: Path) -> AsyncIterator[Shift]:
    with simulated_world() as world:
        furnish(world)
        outside = worker.outside(read_settings(environment(world, tmp_path)))
        queue = f"postmortems-{uuid.uuid4().hex[:8]}"
        cases = Postmortems(temporal, development=True, task_queue=queue)
        yield Shift(temporal, cases, world, outside, queue)


async def test_a_question_that_waited_for_a_worker_leaves_a_case_that_can_be_replayed(
    shift: Shift,
) -> None:
    # Two failures leave two seconds in which the first worker can go.
    shift.world.break_next("POST", FREE_BUSY, "status", times=2)
    key = uuid.uuid4().hex
    async with shift.worker():
        case = await shift.cases.incident_resolved(an_incident(datetime.now(UTC), key=key))
        await shift.asked_for_busy_times(2)
    questions = [asyncio.create_task(shift.cases.case(case)) for _ in range(QUESTIONS)]
    await asyncio.sleep(1)
    async with shift.worker_without_workflows():
        await shift.asked_for_busy_times(3)
        await asyncio.sleep(0.5)

    async with shift.worker():
        lived = (await shift.booked(case)).ledger["busy"]
    async with shift.worker():
        replayed = (await shift.booked(case)).ledger["busy"]

    assert lived == replayed
    handle = shift.client.get_workflow_handle(case)
    replayer = Replayer(workflows=[Postmortem], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(await handle.fetch_history())
    await handle.terminate("the test is over")
    # A question may have been given back, with the advice to ask again.
    await asyncio.gather(*questions, return_exceptions=True)
