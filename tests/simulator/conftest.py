"""The simulator of these tests: one for a module, and vendors who have just forgotten all."""

from collections.abc import Iterator

import httpx
import pytest

from simulator.server import running_simulator
from tests.simulator.bodies import ADA, BOB, TEAM


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_simulator() as simulator:
        yield simulator.url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    """Return a client whom all vendors let in, and of whom they know Ada alone."""
    headers = {"Authorization": "Bearer simulator"}
    with httpx.Client(base_url=url, headers=headers, follow_redirects=True) as client:
        client.post("/simulator/reset")
        client.post("/simulator/people", json={"people": [{"email": ADA, "name": "Ada Byron"}]})
        yield client


@pytest.fixture
def vendors(client: httpx.Client) -> httpx.Client:
    """Return vendors with two people, their team's calendar and a project."""
    client.post("/simulator/people", json={"people": [{"email": BOB, "name": "Bob"}]})
    client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
    client.post("/simulator/projects", json={"key": "OPS", "name": "Operations"})
    return client
