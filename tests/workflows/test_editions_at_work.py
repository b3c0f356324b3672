"""Editions: a run decides to its end as it began, the next run of its case as the newest code."""

from collections.abc import Callable
from datetime import timedelta
from enum import IntEnum
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from tests.lives import Life, living
from tests.stories import everything_until_decided, everything_until_published, the_teams_confirm

A_DAY = timedelta(days=1)
CHANGES = SearchAttributeKey.for_keyword_list("TemporalChangeVersion")
RENEWALS = timedelta(days=28 + 7)
"""After four weeks a run begins anew as soon as something wakes it: here within a week."""


class Releases(IntEnum):
    """The editions of a release that is made up: the next one."""

    ONE = 1
    TWO = 2


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what brings the workers of the next release.

    Without a cache each task is replayed from the beginning, as after every release.
    """
    return lambda: monkeypatch.setattr("domain.engine.editions.Edition", Releases)


async def edition(life: Life) -> tuple[int, list[str] | None]:
    """Return the edition of the present run, and what operations can filter it by."""
    return (await life.case()).edition, await life.shows(CHANGES)


async def test_a_case_keeps_its_edition_until_it_is_published(
    temporal: Client, tmp_path: Path, next_release: Callable[[], None]
) -> None:
    async with living(temporal, tmp_path, cached=0) as life:
        await everything_until_decided(life)
        next_release()
        await life.forward(timedelta(minutes=5))
        assert await edition(life) == (1, ["edition-1"])

        await the_teams_confirm(life)

        assert (await life.case()).published_at is not None
        assert await edition(life) == (2, ["edition-2"])


async def test_a_later_run_keeps_its_edition_until_it_is_four_weeks_old(
    temporal: Client, tmp_path: Path, next_release: Callable[[], None]
) -> None:
    async with living(temporal, tmp_path, cached=0) as life:
        await everything_until_published(life)
        next_release()
        await life.forward(A_DAY)
        assert await edition(life) == (1, ["edition-1"])

        await life.forward(RENEWALS)

        assert await edition(life) == (2, ["edition-2"])
