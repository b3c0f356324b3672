"""The simulated Google of these tests: two people, and a calendar of their team."""

import httpx
import pytest

from tests.simulator.bodies import BOB, TEAM


@pytest.fixture
def google(client: httpx.Client) -> httpx.Client:
    client.post("/simulator/people", json={"people": [{"email": BOB, "name": "Bob"}]})
    client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
    return client
