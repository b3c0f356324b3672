"""Who came too early: not who was on the way when another was asked to wait."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulator.control.clock import moment
from simulator.server import running_simulator

MYSELF, SEARCH = "/rest/api/3/myself", "/rest/api/3/serverInfo"
NOON = "2100-01-01T12:00:00Z"
THE_CLOCK = {"now": "2100-01-01T11:00:00Z"}


@pytest.fixture
def callers() -> Iterator[list[httpx.Client]]:
    """Return clients with a connection each, of a Jira that throttles everybody until noon."""
    with running_simulator() as simulator:
        clients = [httpx.Client(base_url=simulator.url, timeout=5) for _ in range(3)]
        clients[0].put("/simulator/clock", json=THE_CLOCK)
        clients[0].put("/simulator/settings", json={"throttled_until": {"jira": NOON}})
        yield clients
        for client in clients:
            client.close()


def impatient(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/simulator/ledger").json()["impatient_requests"]
    return found


def test_a_request_that_crossed_with_the_answer_to_another_is_not_too_early(
    callers: list[httpx.Client],
) -> None:
    callers[0].get(MYSELF)
    callers[1].get(SEARCH)

    assert impatient(callers[0]) == []


def test_who_was_told_on_the_same_connection_is_too_early_at_once(
    callers: list[httpx.Client],
) -> None:
    callers[0].get(MYSELF)
    callers[0].get(SEARCH)

    assert [each["path"] for each in impatient(callers[0])] == [SEARCH]


def test_a_moment_later_everybody_is_too_early(callers: list[httpx.Client]) -> None:
    callers[0].get(MYSELF)
    later = moment(THE_CLOCK["now"]) + timedelta(minutes=1)
    callers[0].put("/simulator/clock", json={"now": later.isoformat()})
    callers[2].get(SEARCH)

    assert [each["path"] for each in impatient(callers[0])] == [SEARCH]
