"""A run begins anew before Temporal's limits, however much a case is told: nothing is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from domain.action_items.ticket import ObservedIssue
from domain.phases import phase
from tests.histories_kept import runs
from tests.lives import Life, living
from tests.stories import all_tickets_are_done, everything_until_published
from workflows import options

A_FEW = 10


async def count(life: Life) -> int:
    """Return how many runs a case had so far."""
    return len([each async for each in runs(life.client, life.id)])


async def a_bot_touches_a_ticket(life: Life, times: int) -> None:
    (item, *_) = [each for each in (await life.case()).items if each.issue]
    assert item.issue is not None
    for number in range(times):
        touched = await life.now() + timedelta(seconds=number)
        seen = ObservedIssue(key=item.issue.key, due=item.issue.due, touched_at=touched)
        await life.handle.signal("ticket_changed", seen)
    await life.settled()


async def test_a_case_that_is_told_very_much_begins_a_new_run_and_goes_on(
    temporal: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "MOST_SIGNALS", A_FEW)
    async with living(temporal, tmp_path) as life:
        published = await everything_until_published(life)
        before = await count(life)

        await a_bot_touches_a_ticket(life, 3 * A_FEW)

        assert await count(life) > before
        assert (await life.case()).items[0].text == published.items[0].text
        closed = await all_tickets_are_done(life)
        assert phase(closed).value == "closed"


async def test_a_case_that_many_people_act_on_begins_a_new_run_and_goes_on(
    temporal: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "MOST_UPDATES", 3)
    async with living(temporal, tmp_path) as life:
        published = await everything_until_published(life)

        assert await count(life) > 2
        assert [item.issue for item in published.items if item.accepted]
        assert phase(await all_tickets_are_done(life)).value == "closed"
