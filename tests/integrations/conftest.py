"""How tests of adapters begin: with vendors that nobody has broken, or that know nothing yet."""

import pytest

from tests import checkups, creating
from tests.simulated import World


@pytest.fixture(scope="module")
def furnished(world: World) -> None:
    """Let the vendors know the people, projects and calendar that our calls need."""
    creating.set_up(world)


@pytest.fixture
def nothing_broken(world: World) -> None:
    world.forget()


@pytest.fixture
def as_new(world: World) -> None:
    checkups.as_new(world)
