"""A bare workflow of a case's shape, and a worker for it alone: what Temporal itself costs.

    python -m bench.bare ADDRESS TASK_QUEUE

It has as many activities, timers, updates and upserts as a case has to publication, but they
decide nothing, ask nobody, and pass a few words on.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.worker import Worker

READY = "bare worker ready"
MOMENT = timedelta(seconds=1)
_PHASE = SearchAttributeKey.for_keyword("PostmortemPhase")
_THREADS = 20
_ANSWER_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Shape:
    """How much of each a life has."""

    activities: int = 29
    timers: int = 9
    updates: int = 6
    upserts: int = 7


@activity.defn
def echo(words: str) -> str:
    """Say what was said."""
    return words


@workflow.defn
class BareLife:
    """One life: moments with activities and upserts between timers, and updates meanwhile."""

    @workflow.init
    def __init__(self, shape: Shape) -> None:
        self._left = shape.updates

    @workflow.run
    async def run(self, shape: Shape) -> None:
        """Go through the moments, and end when everybody has acted."""
        for moment in range(shape.timers):
            await workflow.sleep(MOMENT)
            if moment < shape.upserts:
                workflow.upsert_search_attributes([_PHASE.value_set(f"moment {moment}")])
            share = range(moment, shape.activities, shape.timers)
            await asyncio.gather(*(_echoed(number) for number in share))
        await workflow.wait_condition(lambda: self._left == 0)

    @workflow.update
    def act(self, words: str) -> str:
        """Take in what a person does."""
        self._left -= 1
        return words


async def _echoed(number: int) -> str:
    return await workflow.execute_activity(
        echo, f"request {number}", start_to_close_timeout=_ANSWER_WITHIN
    )


async def _work(address: str, task_queue: str) -> None:
    worker = Worker(
        await Client.connect(address),
        task_queue=task_queue,
        workflows=[BareLife],
        activities=[echo],
        activity_executor=ThreadPoolExecutor(_THREADS),
        max_concurrent_activities=_THREADS,
    )
    async with worker:
        print(READY, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(*sys.argv[1:]))
