"""What tests share: one real Temporal server for all, and a simulated world for each module."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.parts import Part
from devstack.stack import Stack
from tests.simulated import World, simulated_world
from workflows.search_attributes import SEARCH_ATTRIBUTES

# A busy machine is no reason to fail: properties are about results, not about speed.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session")
async def temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Return a client of a real server that skips time on request."""
    folder = tmp_path_factory.mktemp("temporal")
    async with Stack(folder, parts=[Part.TEMPORAL], search_attributes=SEARCH_ATTRIBUTES) as stack:
        yield await Client.connect(stack.temporal_address, data_converter=pydantic_data_converter)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with simulated_world() as world:
        yield world
