"""A pause that a system asked for is kept by everything that one worker does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.pauses import Pause
from integrations.errors import Throttled
from tests.lives import living
from tests.stories import everything_until_decided, the_teams_confirm

NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


def asked_at(instant: datetime, pause: Pause, does: Callable[[], None]) -> None:
    def activity() -> None:
        with pause.kept():
            does()

    environment = ActivityEnvironment()
    info = ActivityEnvironment.default_info()
    environment.info = replace(info, current_attempt_scheduled_time=instant)
    environment.run(activity)


def throttling() -> None:
    raise Throttled("It asks for a pause.", retry_after=AN_HOUR)


def paused_at_noon() -> Pause:
    pause = Pause()
    with pytest.raises(Throttled):
        asked_at(NOON, pause, throttling)
    return pause


def test_nothing_is_asked_while_the_pause_lasts_and_the_rest_of_it_is_told() -> None:
    pause, asked = paused_at_noon(), []

    with pytest.raises(Throttled) as told:
        asked_at(NOON + timedelta(minutes=20), pause, lambda: asked.append("again"))

    assert not asked
    assert told.value.retry_after == timedelta(minutes=40)


def test_when_the_pause_is_over_one_may_ask_again() -> None:
    pause, asked = paused_at_noon(), []

    asked_at(NOON + AN_HOUR, pause, lambda: asked.append("again"))

    assert asked == ["again"]


def test_a_pause_of_another_time_is_no_reason_to_wait() -> None:
    pause, asked = paused_at_noon(), []

    asked_at(NOON - timedelta(days=3), pause, lambda: asked.append("earlier"))

    assert asked == ["earlier"]


async def test_a_tracker_that_throttles_everybody_for_an_hour_is_left_alone_for_it(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await everything_until_decided(life)
        over = await life.now() + AN_HOUR
        life.world.set("settings", {"throttled_until": {"jira": over.isoformat()}})

        await the_teams_confirm(life)
        for _ in range(8):
            await life.forward(timedelta(minutes=10))

        assert life.world.all("ledger")["impatient_requests"] == []
        assert all(item.issue for item in (await life.case()).items if item.accepted)
