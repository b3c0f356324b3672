"""Looking at a case changes nothing about it, whatever becomes of the workers meanwhile."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory, WorkflowQueryFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

import worker
from domain.case import Case
from domain.incident import Incident
from domain.ownership.acts import AcceptOwnership
from settings import Settings, read_settings
from tests.lives import environment, furnish
from tests.playing import an_incident
from tests.simulated import World, simulated_world
from workflows.client import OutOfReach, Postmortems
from workflows.postmortem import Postmortem

A_MOMENT = 0.05
PATIENCE = 45.0
LOOKS = 5
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

    def another_process(self) -> Postmortems:
        return Postmortems(self.client, task_queue=self.queue)

    async def has_busy_times(self, case: str) -> None:
        """Wait until their answer lies in history, for a worker that is not there yet."""
        handle = self.client.get_workflow_handle(case)
        async with asyncio.timeout(PATIENCE):
            while not _has_busy_times(await handle.fetch_history()):  # noqa: ASYNC110 - it is elsewhere
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

    async def change_over(self, case: str, looks: Sequence[asyncio.Task[Any]]) -> Case:
        """Let an answer come while nobody decides; return what a new worker makes of it."""
        async with self.worker_without_workflows():
            await self.has_busy_times(case)
        async with self.worker():
            await asyncio.wait(looks)
            return await self.booked(case)

    async def is_replayed_as(self, lived: Case) -> None:
        """See that whoever comes later finds a case as it was lived, and end it."""
        case = lived.id
        async with self.worker():
            replayed = await self.booked(case)
        assert lived.ledger["busy"] == replayed.ledger["busy"]
        handle = self.client.get_workflow_handle(case)
        replayer = Replayer(workflows=[Postmortem], data_converter=pydantic_data_converter)
        await replayer.replay_workflow(await handle.fetch_history())
        await handle.terminate("the test is over")


@pytest.fixture
async def shift(temporal: Client, tmp_path: Path) -> AsyncIterator[Shift]:
    with simulated_world() as world:
        furnish(world)
        outside = worker.outside(read_settings(environment(world, tmp_path), Settings))
        queue = f"postmortems-{uuid.uuid4().hex[:8]}"
        cases = Postmortems(temporal, development=True, task_queue=queue)
        yield Shift(temporal, cases, world, outside, queue)


async def test_looking_at_a_case_leaves_nothing_in_its_history(shift: Shift) -> None:
    async with shift.worker():
        case = await shift.cases.incident_resolved(incident())
        before = await shift.booked(case)
        handle = shift.client.get_workflow_handle(case)
        events = len((await handle.fetch_history()).events)

        looked = [await shift.cases.case(case) for _ in range(LOOKS)]

        assert looked == [before] * LOOKS
        assert len((await handle.fetch_history()).events) == events
        assert await handle.query("case", result_type=Case) == before
        await handle.terminate("the test is over")
        assert await shift.cases.case(case) == before


async def test_a_case_that_is_to_begin_later_does_not_begin_by_being_looked_at(
    shift: Shift,
) -> None:
    async with shift.worker():
        case = await shift.cases.incident_resolved(incident(timedelta(days=3)))

        with pytest.raises(OutOfReach):
            await shift.cases.case(case)

        handle = shift.client.get_workflow_handle(case)
        types = {event.event_type for event in (await handle.fetch_history()).events}
        await handle.terminate("the test is over")
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED not in types


async def test_a_case_that_was_looked_at_while_workers_came_and_went_can_be_replayed(
    shift: Shift,
) -> None:
    # Two failures leave two seconds in which the first worker can go.
    shift.world.break_next("POST", FREE_BUSY, "status", times=2)
    async with shift.worker():
        case = await shift.cases.incident_resolved(incident())
        await shift.asked_for_busy_times(2)
    # From as many processes, since those of one share a question.
    looks = [asyncio.create_task(shift.another_process().case(case)) for _ in range(LOOKS)]

    lived = await shift.change_over(case, looks)

    assert {each.result().id for each in looks} == {case}
    await shift.is_replayed_as(lived)


async def test_temporals_own_questions_while_every_worker_is_away_do_not_stop_a_case(
    shift: Shift,
) -> None:
    shift.world.break_next("POST", FREE_BUSY, "status", times=2)
    async with shift.worker():
        case = await shift.cases.incident_resolved(incident())
        await shift.asked_for_busy_times(2)
    handle = shift.client.get_workflow_handle(case)
    looks = [asyncio.create_task(asked_by_the_pages(handle)) for _ in range(LOOKS)]

    lived = await shift.change_over(case, looks)

    await shift.is_replayed_as(lived)


async def test_whoever_looks_or_clicks_while_no_worker_is_there_is_told_to_come_back(
    shift: Shift,
) -> None:
    async with shift.worker():
        case = await shift.cases.incident_resolved(incident())
        owner = (await shift.booked(case)).ownership.candidates[0]
    impatient = Postmortems(shift.client, task_queue=shift.queue, patience=timedelta(seconds=0.3))
    yes = AcceptOwnership(by=owner)

    with pytest.raises(OutOfReach, match="No worker answered"):
        await impatient.case(case)
    with pytest.raises(OutOfReach, match="No worker answered"):
        await impatient.act(case, yes, link="a mail")

    async with shift.worker():
        await shift.cases.act(case, yes, link="a mail")
        assert (await shift.cases.case(case)).ownership.owner == owner
        await shift.client.get_workflow_handle(case).terminate("the test is over")


async def asked_by_the_pages(handle: WorkflowHandle[Any, Any]) -> None:
    """Ask as Temporal's own pages do; what comes too early fails, and may be asked again."""
    with suppress(WorkflowQueryFailedError):
        await handle.query("__temporal_workflow_metadata")


def incident(ahead: timedelta = timedelta()) -> Incident:
    return an_incident(datetime.now(UTC) + ahead, key=uuid.uuid4().hex)


def _has_busy_times(history: WorkflowHistory) -> bool:
    asked = {
        event.event_id
        for event in history.events
        if event.activity_task_scheduled_event_attributes.activity_type.name == "read_busy_times"
    }
    answered = (event.activity_task_completed_event_attributes for event in history.events)
    return any(each.scheduled_event_id in asked for each in answered)
