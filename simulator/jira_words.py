"""What a Jira site consists of: statuses, priorities, issue types, people, projects, fields."""

import base64
import binascii
import hashlib
from typing import Annotated

from fastapi import Depends, Request

from simulator.errors import VendorError, jira_error
from simulator.store import JSON
from simulator.world import World, WorldHere, base_url

_CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
STATUSES = {
    "To Do": ("10000", "new"),
    "In Progress": ("10001", "indeterminate"),
    "Done": ("10002", "done"),
    "Won't Do": ("10003", "done"),
}
TRANSITIONS = {"11": "To Do", "21": "In Progress", "31": "Done", "41": "Won't Do"}
RESOLUTIONS = {"Done": "10000", "Won't Do": "10001"}
PRIORITIES = {"Highest": "1", "High": "2", "Medium": "3", "Low": "4", "Lowest": "5"}
ISSUE_TYPES = {"Task": "10001", "Bug": "10004", "Story": "10002", "Epic": "10000"}
FIELDS = {
    "summary": ("Summary", "string"),
    "description": ("Description", "string"),
    "status": ("Status", "status"),
    "resolution": ("Resolution", "resolution"),
    "duedate": ("Due date", "date"),
    "priority": ("Priority", "priority"),
    "labels": ("Labels", "array"),
    "assignee": ("Assignee", "user"),
    "reporter": ("Reporter", "user"),
    "created": ("Created", "datetime"),
    "updated": ("Updated", "datetime"),
    "resolutiondate": ("Resolved", "datetime"),
    "project": ("Project", "project"),
    "issuetype": ("Issue Type", "issuetype"),
}


async def _caller(request: Request, world: WorldHere) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return world.settings.account
    if scheme.lower() == "basic":
        try:
            user, _, secret = base64.b64decode(given).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _unauthenticated() from None
        if user and secret:
            return user
    raise _unauthenticated()


JiraCaller = Annotated[str, Depends(_caller)]


class Site:
    """Tells people, projects and the named values of fields as Jira does."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self.base = base_url(request)
        self.api = f"{self.base}/rest/api/3"

    def user(self, email: str) -> JSON:
        """Return a user by address."""
        account = account_id(email)
        return {
            "self": f"{self.api}/user?accountId={account}",
            "accountId": account,
            "accountType": "atlassian",
            "emailAddress": email,
            "displayName": self._world.person_name(email),
            "active": True,
            "timeZone": "Etc/UTC",
        }

    def user_by_id(self, account: str) -> JSON | None:
        """Return a known user by account id."""
        emails = [p["email"] for p in self._world.store.all("people")]
        found = [email for email in emails if account_id(email) == account]
        return self.user(found[0]) if found else None

    def project(self, name: str) -> JSON | None:
        """Return a project by key or id."""
        for project in self._world.store.all("projects"):
            if name in {project["key"], project["id"]}:
                link = f"{self.api}/project/{project['id']}"
                return {"self": link, **project, "projectTypeKey": "software", "simplified": False}
        return None

    def status(self, name: str) -> JSON:
        """Return a status with its category."""
        number, key = STATUSES[name]
        identity, category, colour = _CATEGORIES[key]
        return {
            "self": f"{self.api}/status/{number}",
            "id": number,
            "name": name,
            "description": "",
            "statusCategory": {
                "self": f"{self.api}/statuscategory/{identity}",
                "id": identity,
                "key": key,
                "name": category,
                "colorName": colour,
            },
        }

    def named(self, kind: str, known: dict[str, str], name: str) -> JSON:
        """Return a value of a field that has a list of values."""
        return {"self": f"{self.api}/{kind}/{known[name]}", "id": known[name], "name": name}

    def issue_type(self, name: str) -> JSON:
        """Return an issue type."""
        return self.named("issuetype", ISSUE_TYPES, name) | {"subtask": False}


def account_id(email: str) -> str:
    """Return the account id of an address, the same every time."""
    return "712020:" + hashlib.sha256(email.lower().encode()).hexdigest()[:24]


def _unauthenticated() -> VendorError:
    error = jira_error(401, "Client must be authenticated to access this resource.")
    error.headers = {"WWW-Authenticate": 'Basic realm="protected-area"'}
    return error
