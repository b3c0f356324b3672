"""What stands in the simulated world before anything happens there."""

from datetime import UTC, datetime
from typing import Any

import httpx

from integrations.files.directory import FileDirectory


async def add_calendar(simulator: httpx.AsyncClient, calendar: str) -> None:
    """Give the simulated Google the calendar that everybody's meetings are in."""
    await _tell(simulator, "calendars", {"id": calendar, "name": "Postmortems"})


async def point_jira_at(simulator: httpx.AsyncClient, webhook_url: str, secret: str) -> None:
    """Let the simulated Jira tell us what happens to tickets."""
    webhook = {"jira_webhook_url": webhook_url, "jira_webhook_secret": secret}
    (await simulator.put("/simulator/settings", json=webhook)).raise_for_status()


async def settle_organisation(simulator: httpx.AsyncClient, directory: FileDirectory) -> None:
    """Give the simulated Google and Jira the people and teams of the organisation file."""
    snapshot = directory.snapshot(datetime.now(UTC))
    known = directory.addresses(list(snapshot.people))
    people = [each.model_dump(include={"email", "name"}) for each in known.values()]
    await _tell(simulator, "people", {"people": people})
    for team in snapshot.teams.values():
        await _tell(simulator, "projects", {"key": team.issue_project, "name": team.name})


async def _tell(simulator: httpx.AsyncClient, what: str, body: Any) -> None:  # noqa: ANN401 - JSON
    (await simulator.post(f"/simulator/{what}", json=body)).raise_for_status()
