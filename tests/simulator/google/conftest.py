"""The simulated Google of these tests: two people, and a calendar of their team."""

from collections.abc import Iterator

import httpx
import pytest

from simulator.server import running_simulator

ADA, BOB, TEAM = "ada@example.com", "bob@example.com", "team@example.com"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_simulator() as simulator:
        yield simulator.url


@pytest.fixture
def google(url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer simulator"}
    with httpx.Client(base_url=url, headers=headers) as client:
        client.post("/simulator/reset")
        people = [{"email": ADA, "name": "Ada"}, {"email": BOB, "name": "Bob"}]
        client.post("/simulator/people", json={"people": people})
        client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
        yield client
