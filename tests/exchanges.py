"""What came over the wire when the simulator was used: to be compared with the vendors."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from simulator.app import VENDOR_ROUTES
from simulator.server import running_simulator
from tests.simulator.bodies import ADA, TEAM

Exchange = dict[str, Any]
Shape = dict[str, Any]


def recorded(folder: Path, *uses: Callable[[httpx.Client], None]) -> list[Exchange]:
    """Return what came over the wire in a world with one person, calendar and project."""
    record = folder / "record.json"
    headers = {"Authorization": "Bearer simulator"}
    field = {"id": "customfield_1", "name": "Why", "kind": "option", "options": ["a"]}
    with (
        running_simulator(record=record) as simulator,
        httpx.Client(base_url=simulator.url, headers=headers) as client,
    ):
        client.post("/simulator/people", json={"people": [{"email": ADA, "name": "Ada"}]})
        client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
        project = {"key": "OPS", "name": "Operations", "fields": [field]}
        client.post("/simulator/projects", json=project)
        client.put("/simulator/settings", json={"verified_domains": ["example.com"]})
        for use in uses:
            use(client)
    return list(json.loads(record.read_text()))


def pattern(template: str) -> re.Pattern[str]:
    """Return what matches the paths of a template such as `/a/{b}:c`."""
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("([^/:]+)".join(map(re.escape, parts)) + "$")


def routes(is_one: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return method and path of the vendors' routes whose path is one of those meant."""
    return [
        (method, route.path)
        for route in VENDOR_ROUTES
        for method in route.methods or ()
        if is_one(route.path)
    ]


def uncalled(
    meant: Sequence[tuple[str, str]], exchanges: Sequence[Exchange]
) -> list[tuple[str, str]]:
    """Return those routes that no exchange was about."""
    asked = {(each["method"], each["path"]) for each in exchanges}
    return [
        (method, path)
        for method, path in meant
        if not any(m == method and pattern(path).match(p) for m, p in asked)
    ]
