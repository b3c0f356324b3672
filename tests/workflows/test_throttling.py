"""Vendors that throttle everybody for an hour: no request inside the time that was asked for."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

import worker
from domain.lifecycle import attention
from domain.lifecycle import life as life_of
from simulator.errors import belongs
from tests import playing
from tests.lives import Life, living
from tests.many_lives import beside, copies, time_passes, unfinished
from tests.stories import everything_until_decided, the_message_is_drafted, the_teams_confirm

AN_HOUR, TEN_MINUTES = timedelta(hours=1), timedelta(minutes=10)
FORMS = {
    "google-calendar": {"status": 403, "form": "seconds"},
    "google-drive": {"status": 403, "form": "seconds"},
    "google-docs": {"form": "seconds"},
    "jira": {"form": "date"},
    "sendgrid": {},
}
"""How each vendor asks for the pause; SendGrid has a header of its own."""


@pytest.mark.parametrize("workers", [1, 2])
async def test_of_vendors_that_throttle_everybody_each_worker_learns_once_and_then_waits(
    temporal: Client, tmp_path: Path, workers: int
) -> None:
    async with living(temporal, tmp_path) as life, beside(life, 5) as lives, AsyncExitStack() as up:
        for _ in range(workers - 1):
            await up.enter_async_context(another_worker(life))
        decided, fresh = lives[:2], lives[2:]
        for number, each in enumerate(decided):
            await everything_until_decided(each, f"INC-40{number}")
        over = await throttled_for_an_hour(decided)

        await everything_is_wanted(decided, fresh)
        await time_passes(lives, over + TEN_MINUTES)

        assert max(map(len, moments_too_early(life).values())) < workers
        for each in lives:
            case = await each.case()
            assert (unfinished(case), attention(life_of(case))) == ([], ())
            assert set(copies(life.world, case).values()) == {1}
        assert len(life.tickets()) == 2 * len(decided)
        assert len(life.events()) == len(life.documents()) == len(lives)
        assert len(life.mails("nomination")) == len(lives)
        assert len(life.mails("approval")) == len(decided)


@asynccontextmanager
async def another_worker(life: Life) -> AsyncIterator[None]:
    """Run what a second process would: it shares nothing but the task queue."""
    host = life.client.service_client.config.target_host
    client = await Client.connect(host, data_converter=life.client.data_converter)
    async with worker.worker(client, life.outside, task_queue=life.task_queue):
        yield


async def throttled_for_an_hour(lives: list[Life]) -> datetime:
    """Let all vendors throttle everybody from now on; return until when."""
    now = max([await life.now() for life in lives])
    await time_passes(lives, now)
    over = now + AN_HOUR
    throttled = {vendor: over.isoformat() for vendor in FORMS}
    lives[0].world.set("settings", {"throttled_until": throttled, "rate_limits": FORMS})
    return over


async def everything_is_wanted(decided: list[Life], fresh: list[Life]) -> None:
    """Let one case after the other want something of every vendor, ten minutes apart."""
    begun = list(decided)
    for number, life in enumerate([decided[0], *fresh, decided[1]]):
        now = await begun[0].now()
        if life in decided:
            await the_teams_confirm(life)
            await the_message_is_drafted(life)
        else:
            await life.resolve(playing.an_incident(now, key=f"INC-41{number}"))
            begun.append(life)
        await time_passes(begun, now + TEN_MINUTES)


def moments_too_early(life: Life) -> dict[str, set[str]]:
    """Return, for each vendor, the minutes with requests inside the time it had asked for.

    What a worker sends in one breath crosses on the wire with the answer that tells it.
    """
    early = life.world.all("ledger")["impatient_requests"]
    return {
        vendor: {each["at"][:16] for each in early if belongs(each["path"], vendor)}
        for vendor in FORMS
    }
