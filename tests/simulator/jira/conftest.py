"""The simulated Jira of these tests: one project, and an account that signs in as Jira's do."""

import httpx
import pytest


@pytest.fixture
def jira(client: httpx.Client) -> httpx.Client:
    del client.headers["Authorization"]
    client.auth = ("bot@example.com", "token")
    client.post("/simulator/projects", json={"key": "OPS", "name": "Operations"})
    return client
