"""A story plays its chapters in order, each once, in one go or in pieces."""

from typing import cast

import pytest

from demo.scene import Scene
from demo.story import Story

PLAYED: list[str] = []


async def morning(_: Scene) -> None:
    PLAYED.append("morning")


async def noon(_: Scene) -> None:
    PLAYED.append("noon")


async def evening(_: Scene) -> None:
    PLAYED.append("evening")


@pytest.fixture
def story() -> Story:
    PLAYED.clear()
    return Story(cast("Scene", object()), (morning, noon, evening))


async def test_the_chapters_are_played_in_order(story: Story) -> None:
    await story.play()

    assert PLAYED == ["morning", "noon", "evening"]


async def test_a_story_goes_on_where_it_was_left(story: Story) -> None:
    await story.play(up_to=noon)
    first = list(PLAYED)
    await story.play()

    assert first == ["morning", "noon"]
    assert PLAYED == ["morning", "noon", "evening"]
