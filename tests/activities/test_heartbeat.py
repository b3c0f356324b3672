"""Activities that take long: they are known to be alive, hold up nothing, and end as they end."""

import asyncio
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.worker import Worker

from activities import heartbeat
from activities.heartbeat import Heartbeat

SILENCE = timedelta(seconds=1.5)
LONG = 2 * SILENCE
BEAT = SILENCE / 10
LATE = 5
"""Seconds after which an event loop is not busy but stuck."""


@activity.defn
def take_long() -> str:
    threading.Event().wait(LONG.total_seconds())
    return "done"


@activity.defn
def say_it_once() -> list[str]:
    """Say something in the first attempt, live for a few beats, and fail; tell it in the third."""
    info = activity.info()
    if info.attempt == 1:
        activity.heartbeat("WAF-1 is open")
    threading.Event().wait(4 * BEAT.total_seconds())
    if info.attempt < 3:
        raise RuntimeError
    return list(info.heartbeat_details)


@workflow.defn
class Forgetful:
    @workflow.run
    async def run(self) -> list[str]:
        return await workflow.execute_activity(
            say_it_once,
            start_to_close_timeout=10 * SILENCE,
            heartbeat_timeout=SILENCE,
            retry_policy=RetryPolicy(maximum_attempts=3, initial_interval=BEAT),
        )


@workflow.defn
class Patient:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(
            take_long,
            start_to_close_timeout=10 * SILENCE,
            heartbeat_timeout=SILENCE,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


async def _longest_hold_up() -> float:
    """Return, once cancelled, for how many seconds the event loop did nothing else."""
    longest = 0.0
    try:
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - begun)
    except asyncio.CancelledError:
        return longest


async def worked(temporal: Client, kind: type[Patient | Forgetful], work: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Return what came of a workflow of this kind, by a worker whose activities beat."""
    name = f"{kind.__name__}-{uuid.uuid4().hex[:8]}"
    async with Worker(
        temporal,
        task_queue=name,
        workflows=[kind],
        activities=[work],
        activity_executor=ThreadPoolExecutor(1),
        interceptors=[Heartbeat()],
        max_heartbeat_throttle_interval=BEAT,
    ):
        return await temporal.execute_workflow(kind.__name__, id=name, task_queue=name)


async def test_an_activity_that_takes_longer_than_the_silence_allowed_ends_as_it_ends(
    temporal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", BEAT)
    watching = asyncio.create_task(_longest_hold_up())

    ended = await worked(temporal, Patient, take_long)

    watching.cancel()
    assert ended == "done"
    assert await watching < LATE


async def test_what_an_attempt_said_outlives_its_own_beats_and_the_next_attempt(
    temporal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", BEAT)

    told = await worked(temporal, Forgetful, say_it_once)

    assert told == ["WAF-1 is open"]
