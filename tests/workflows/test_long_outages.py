"""A vendor that is down for 20 hours: every case, wherever it stands, goes on by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from temporalio.client import Client

from domain.lifecycle import attention
from domain.lifecycle import life as life_of
from tests.lives import Life, living
from tests.many_lives import beside, copies, delayed, unfinished
from tests.stories import (
    an_incident,
    everything_until_approval_is_asked,
    everything_until_decided,
    somebody_owns_it,
    the_liaison_approves,
    the_meeting_is_booked,
    the_message_is_drafted,
    the_message_is_posted,
    the_teams_confirm,
)

OUTAGE = timedelta(hours=20)
LONGEST_WAIT = timedelta(minutes=61)
"""Until a case asks again: 60 minutes, and the rest of a minute."""

Deed = Callable[[Life, str], Awaitable[None]]


class Point(NamedTuple):
    """Where a case stands when a vendor goes away, and what people do meanwhile."""

    before: Deed
    meanwhile: Deed
    wanted: set[str]
    """What must be there in the end, beside mails."""


async def nothing(_life: Life, _key: str) -> None:
    """Let nobody do anything."""


async def it_begins(life: Life, key: str) -> None:
    await life.resolve(an_incident(key=key))
    await somebody_owns_it(life)


async def the_pre_read_is_near(life: Life, key: str) -> None:
    start = await the_meeting_is_booked(life, key)
    await life.until(start - timedelta(days=1) - OUTAGE / 2)


async def tickets_and_approval_are_wanted(life: Life, _key: str) -> None:
    await the_teams_confirm(life)
    await the_message_is_drafted(life)


async def the_report_is_wanted(life: Life, _key: str) -> None:
    await the_liaison_approves(life)
    await the_message_is_posted(life)


BOOKED = {"event", "document"}
TICKETED = BOOKED | {"ticket AI-1", "ticket AI-2"}
POINTS = {
    "INC-301": Point(nothing, it_begins, BOOKED),
    "INC-302": Point(the_pre_read_is_near, nothing, BOOKED | {"notice:pre-read:amara-okafor"}),
    "INC-303": Point(
        everything_until_decided,
        tickets_and_approval_are_wanted,
        TICKETED | {"notice:approval:beatriz-leal"},
    ),
    "INC-304": Point(
        everything_until_approval_is_asked,
        the_report_is_wanted,
        TICKETED | {"notice:published:incident-reports"},
    ),
}


@pytest.mark.usefixtures("one_attempt")
@pytest.mark.parametrize("vendor", ["google", "jira", "sendgrid"])
async def test_after_20_hours_without_a_vendor_every_case_resumes_by_itself(
    temporal: Client, tmp_path: Path, vendor: str
) -> None:
    async with living(temporal, tmp_path) as first, beside(first, len(POINTS)) as others:
        lives = dict(zip(POINTS, others, strict=True))
        await asyncio.gather(*(POINTS[key].before(life, key) for key, life in lives.items()))

        goes_down(first, vendor)
        since = {key: await begins_at(life) for key, life in lives.items()}
        await asyncio.gather(*(POINTS[key].meanwhile(life, key) for key, life in lives.items()))
        await asyncio.gather(*(life.until(since[key] + OUTAGE) for key, life in lives.items()))
        held_up = [key for life in lives.values() for key in unfinished(await life.case())]
        also = [each for life in lives.values() for each in await held_up_besides(life, vendor)]
        first.vendors_are_back()
        await asyncio.gather(*(life.forward(LONGEST_WAIT) for life in lives.values()))

        assert held_up
        assert also == []
        for key, life in lives.items():
            case = await life.case()
            assert (unfinished(case), attention(life_of(case))) == ([], ())
            there = copies(first.world, case)
            assert there.keys() >= POINTS[key].wanted
            assert set(there.values()) == {1}
        assert first.world.all("ledger")["duplicates"] == {}


def goes_down(life: Life, vendor: str) -> None:
    """Let a vendor break half of all connections, and fail to answer on the others."""
    down = {"vendor": vendor, "method": None}
    life.world.tell(
        "faults",
        [
            {**down, "kind": "reset_before", "probability": 0.5},
            {**down, "kind": "status", "probability": 1},
        ],
    )


async def begins_at(life: Life) -> datetime:
    return await life.now() if life.id else an_incident().resolved_at


async def held_up_besides(life: Life, vendor: str) -> list[str]:
    """Name what waits or came late although it is not the vendor's, and what is parked."""
    case = await life.case()
    return [
        *delayed(case, await life.now(), vendor),
        *(each.kind for each in attention(life_of(case))),
    ]
