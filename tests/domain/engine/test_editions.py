"""Editions: a run decides to its end as it began, the next run of its case as the newest code."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from domain.engine.editions import NEWEST
from tests.lives import Life, living
from tests.stories import (
    everything_until_decided,
    everything_until_published,
    the_teams_confirm,
)

A_DAY = timedelta(days=1)
CHANGES = SearchAttributeKey.for_keyword_list("TemporalChangeVersion")
RENEWALS = timedelta(days=28)


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Begin with the workers of edition 1; `undo` brings the newest ones.

    Without a cache each task is replayed from the beginning, as after every release.
    """
    assert NEWEST_EDITION > 1
    monkeypatch.setattr("domain.case.NEWEST_EDITION", 1)
    return monkeypatch


async def edition(life: Life) -> tuple[int, list[str] | None]:
    """Return the edition of the present run, and what operations can filter it by."""
    return (await life.case()).edition, await life.shows(CHANGES)


async def test_a_case_keeps_its_edition_until_it_is_published(
    temporal: Client, tmp_path: Path, release: pytest.MonkeyPatch
) -> None:
    async with living(temporal, tmp_path, cached=0) as life:
        await everything_until_decided(life)
        release.undo()
        await life.forward(timedelta(minutes=5))
        assert await edition(life) == (1, ["edition-1"])

        await the_teams_confirm(life)

        assert (await life.case()).published_at is not None
        assert await edition(life) == (NEWEST_EDITION, [f"edition-{NEWEST_EDITION}"])


async def test_a_later_run_keeps_its_edition_until_it_is_four_weeks_old(
    temporal: Client, tmp_path: Path, release: pytest.MonkeyPatch
) -> None:
    async with living(temporal, tmp_path, cached=0) as life:
        await everything_until_published(life)
        release.undo()
        await life.forward(A_DAY)
        assert await edition(life) == (1, None)

        await life.forward(RENEWALS)

        assert await edition(life) == (NEWEST_EDITION, [f"edition-{NEWEST_EDITION}"])
