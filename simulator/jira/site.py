"""What a Jira site consists of: statuses, priorities, issue types, permissions, people, fields."""

import base64
import binascii
import hashlib
import re
from typing import Annotated

from fastapi import Depends, Request

from simulator.errors import VendorError, jira_error
from simulator.jira.text import as_adf, as_wiki
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
SUBTASK = "Sub-task"
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
    "parent": ("Parent", "issuelink"),
    "security": ("Security Level", "securitylevel"),
}
PERMISSIONS = {
    "BROWSE_PROJECTS": ("10", "Browse Projects"),
    "CREATE_ISSUES": ("11", "Create Issues"),
    "EDIT_ISSUES": ("12", "Edit Issues"),
    "ASSIGN_ISSUES": ("13", "Assign Issues"),
    "ADD_COMMENTS": ("15", "Add Comments"),
    "DELETE_ISSUES": ("16", "Delete Issues"),
    "LINK_ISSUES": ("21", "Link Issues"),
    "MOVE_ISSUES": ("25", "Move Issues"),
    "SET_ISSUE_SECURITY": ("26", "Set Issue Security"),
    "SCHEDULE_ISSUES": ("28", "Schedule Issues"),
    "MODIFY_REPORTER": ("30", "Modify Reporter"),
    "ADMINISTER_PROJECTS": ("23", "Administer Projects"),
    "TRANSITION_ISSUES": ("46", "Transition Issues"),
}
_API = re.compile(r"^((?:/ex/jira/[^/]+)?)/rest/api/([23])(?:/|$)")


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
    """Tells people, projects and the named values of fields as this Jira does.

    Cloud knows people by account id, and version 3 knows texts as documents; Data Center knows
    people by name, and version 2 knows texts as wiki text.
    """

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self.base = base_url(request)
        self.is_cloud = world.settings.jira_flavour == "cloud"
        asked = _API.match(request.url.path)
        gateway, version = asked.groups() if asked else ("", "3" if self.is_cloud else "2")
        self.version = int(version)
        self.api = f"{self.base}{gateway}/rest/api/{version}"

    @property
    def has_documents(self) -> bool:
        """Say whether texts are in the Atlassian Document Format."""
        return self.version > 2  # noqa: PLR2004 - the version that brought the format

    def text(self, value: JSON | str | None) -> JSON | str | None:
        """Return a text in the format of the version that is spoken."""
        return as_adf(value) if self.has_documents else as_wiki(value)

    def user(self, email: str) -> JSON:
        """Return a user by address."""
        told = {
            "emailAddress": email,
            "displayName": self._world.person_name(email),
            "active": True,
            "timeZone": "Etc/UTC",
        }
        if not self.is_cloud:
            name = user_name(email)
            link = f"{self.api}/user?username={name}"
            return {"self": link, "key": f"JIRAUSER-{name}", "name": name} | told
        account = account_id(email)
        link = f"{self.api}/user?accountId={account}"
        return {"self": link, "accountId": account, "accountType": "atlassian"} | told

    def user_by_id(self, identity: str) -> JSON | None:
        """Return a known user by account id, or by name in a Data Center."""
        emails = [p["email"] for p in self._world.store.all("people")]
        told = account_id if self.is_cloud else user_name
        found = [email for email in emails if told(email) == identity]
        return self.user(found[0]) if found else None

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
        return self.named("issuetype", {name: type_id(name)}, name) | {"subtask": name == SUBTASK}


def type_id(name: str) -> str:
    """Return the id of an issue type, the same every time."""
    return ISSUE_TYPES.get(name) or str(
        11000 + int(hashlib.sha256(name.encode()).hexdigest()[:3], 16)
    )


def account_id(email: str) -> str:
    """Return the account id of an address, the same every time."""
    return "712020:" + hashlib.sha256(email.lower().encode()).hexdigest()[:24]


def user_name(email: str) -> str:
    """Return the login name of an address in a Data Center."""
    return email.partition("@")[0].lower()


def _unauthenticated() -> VendorError:
    error = jira_error(401, "Client must be authenticated to access this resource.")
    error.headers = {"WWW-Authenticate": 'Basic realm="protected-area"'}
    return error
