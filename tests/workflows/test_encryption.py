"""What Temporal keeps of a case: nothing that a person wrote, no name and no address, anywhere."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from console.logs import log_as_json
from devstack.parts import Part
from devstack.stack import Stack
from integrations.payloads import Encryption
from tests.lives import Life, environment, living
from tests.logging_apart import logging_apart
from tests.playing import AMARA, BEATRIZ, INES, JOANA
from tests.scenes import TEXT
from tests.simulated import World
from tests.stories import (
    BACKTRACK,
    REASON,
    an_incident,
    everything_until_approval_is_asked,
    the_liaison_approves,
)
from workflows.connection import data_converter
from workflows.search_attributes import OWNER, SEARCH_ATTRIBUTES

KEY = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"


def encrypting(world: World, folder: Path) -> Mapping[str, str]:
    return environment(world, folder) | {"PM_PAYLOAD_KEYS": KEY}


async def live(life: Life) -> None:
    """Live until the customer message is approved."""
    await everything_until_approval_is_asked(life)
    await the_liaison_approves(life)


@asynccontextmanager
async def on_a_file(folder: Path, codec: PayloadCodec) -> AsyncIterator[tuple[Client, Path]]:
    """Start a Temporal that keeps its state in a file."""
    database = folder / "temporal.db"
    stack = Stack(
        folder,
        parts=[Part.TEMPORAL],
        search_attributes=SEARCH_ATTRIBUTES,
        temporal_database=database,
    )
    async with stack:
        converter = data_converter(codec)
        yield await Client.connect(stack.temporal_address, data_converter=converter), database


def canaries(life: Life) -> Sequence[str]:
    """Return what a person wrote or is called, and what leads to a person or opens something."""
    people = life.outside.directory.addresses([AMARA, BEATRIZ, JOANA, INES])
    incident = an_incident()
    return (
        *(each.email for each in people.values()),
        *(each.name for each in people.values()),
        *people,
        incident.title,
        incident.summary,
        incident.url,
        BACKTRACK,
        REASON,
        TEXT.subject,
        TEXT.what_happened,
        TEXT.digest,
    )


async def kept(life: Life) -> dict[str, bytes]:
    """Return everything that Temporal tells of a case."""
    described = (await life.handle.describe()).raw_description
    events = [each.SerializeToString() async for each in life.handle.fetch_history_events()]
    return {"history": b"".join(events), "description": described.SerializeToString()}


def told(places: dict[str, bytes], words: Sequence[str]) -> set[tuple[str, str]]:
    return {
        (name, word) for name, held in places.items() for word in words if word.encode() in held
    }


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Let this process log as a worker does."""
    with logging_apart():
        written = io.StringIO()
        log_as_json("worker", [], written)
        yield written


async def test_nothing_that_a_person_wrote_or_is_called_lies_in_clear_at_temporal(
    tmp_path: Path, log: io.StringIO
) -> None:
    async with on_a_file(tmp_path, Encryption([KEY])) as (client, database):
        async with living(client, tmp_path, deployment=encrypting) as life:
            await live(life)
            owner = await life.shows(OWNER)
            read = await life.case()
            places = await kept(life) | {"log": log.getvalue().encode()}
        files = await asyncio.to_thread(lambda: [*tmp_path.glob(f"{database.name}*")])
        places |= {each.name: await asyncio.to_thread(each.read_bytes) for each in files}

    assert read.message.text == TEXT
    assert owner == Encryption([KEY]).opaque(read.ownership.owner or "")
    assert told(places, canaries(life)) == set()
    # What operations filter by is found, so the search does find what is there.
    assert {name for name, _ in told(places, [life.id])} >= {"history", "temporal.db"}


async def test_without_encryption_all_of_it_lies_there_so_the_search_can_find_it(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await live(life)
        places = await kept(life)

    words = {each for each in canaries(life) if "@" not in each}
    assert {word for where, word in told(places, [*words]) if where == "history"} == words
