"""Issues of the simulated Jira: created, edited, moved through their statuses."""

import re
from datetime import date, timedelta
from typing import Any

from fastapi import Request

from simulator.clock import jira_time, moment
from simulator.errors import VendorError, jira_error
from simulator.jira_webhook import Webhook
from simulator.jira_words import ISSUE_TYPES, PRIORITIES, RESOLUTIONS, TRANSITIONS, Site
from simulator.store import JSON
from simulator.world import World

_MISSING = "Issue does not exist or you do not have permission to see it."
_NO_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
_UNKNOWN_FIELD = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
_LONGEST_SUMMARY = 255


class Issues:
    """All issues, by key or by id."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self.site = Site(world, request)

    def get(self, name: str) -> JSON:
        """Return an issue, or refuse."""
        key = self._world.store.get("issue_keys", name)
        found = self._world.store.get("issues", key["key"] if key else name.upper())
        if found is None:
            raise jira_error(404, _MISSING)
        return found

    def indexed(self, reconciled: set[str]) -> list[JSON]:
        """Return the issues that search sees by now, newest first, as it sees them by now.

        Issues that the caller asks to be reconciled are seen at once.
        """
        lag = timedelta(seconds=self._world.settings.jira_index_lag_seconds)
        known_by = self._world.clock.now() - lag
        issues = reversed(self._world.store.all("issues"))
        return [
            issue
            for issue in issues
            if not lag
            or issue["id"] in reconciled
            or moment(issue["fields"]["created"]) <= known_by
        ]

    def create(self, body: JSON, reporter: str) -> JSON:
        """Create an issue with its entity properties."""
        given = body.get("fields") or {}
        fields = self._checked(given, creating=True)
        number = self._world.store.next_number(f"issues/{fields['project']['key']}")
        key = f"{fields['project']['key']}-{number}"
        now = jira_time(self._world.clock.now())
        issue: JSON = {
            "id": str(10000 + self._world.store.next_number("issue_ids")),
            "key": key,
            "fields": self._fresh(now, reporter) | fields,
            "properties": {p["key"]: p["value"] for p in body.get("properties") or []},
            "comments": [],
            "links": [],
        }
        self._world.store.put("issue_keys", issue["id"], {"key": key})
        return self.keep(issue)

    def edit(self, issue: JSON, body: JSON, actor: str) -> None:
        """Change fields, and properties if there are any; watchers hear of it by webhook."""
        given = dict(body.get("fields") or {})
        for name, operations in (body.get("update") or {}).items():
            given[name] = _updated(issue["fields"].get(name), operations, name)
        for entry in body.get("properties") or []:
            issue["properties"][entry["key"]] = entry["value"]
        self._changed(issue, self._checked(given, creating=False), actor)

    def transition(self, issue: JSON, number: str, actor: str) -> None:
        """Move an issue to another status; done sets a resolution, anything else clears it."""
        if number not in TRANSITIONS:
            message = (
                "It seems that you have tried to perform a workflow operation that is not valid."
            )
            raise jira_error(400, message)
        to = TRANSITIONS[number]
        done = to in RESOLUTIONS
        changes = {
            "status": self.site.status(to),
            "resolution": self.site.named("resolution", RESOLUTIONS, to) if done else None,
            "resolutiondate": jira_time(self._world.clock.now()) if done else None,
        }
        self._changed(issue, changes, actor)

    def next_number(self, counter: str) -> int:
        """Return the next number of a counter of this site."""
        return self._world.store.next_number(f"jira/{counter}")

    def keep(self, issue: JSON) -> JSON:
        """Write an issue down."""
        self._world.store.put("issues", issue["key"], issue)
        return issue

    def _changed(self, issue: JSON, changes: JSON, actor: str) -> None:
        before = issue["fields"]
        differing = {name: new for name, new in changes.items() if before.get(name) != new}
        stamp = {"updated": jira_time(self._world.clock.now())}
        issue["fields"] = before | differing | stamp
        self.keep(issue)
        if differing:
            Webhook(self._world, self.site).tell(issue, before, differing, actor)

    def _fresh(self, now: str, reporter: str) -> JSON:
        return {
            "status": self.site.status("To Do"),
            "resolution": None,
            "resolutiondate": None,
            "description": None,
            "duedate": None,
            "priority": self.site.named("priority", PRIORITIES, "Medium"),
            "labels": [],
            "assignee": None,
            "reporter": self.site.user(reporter),
            "creator": self.site.user(reporter),
            "created": now,
            "updated": now,
        }

    def _checked(self, given: JSON, *, creating: bool) -> JSON:
        """Return the fields as they will be kept, or refuse them all with one message for each."""
        errors: dict[str, str] = {}
        fields: JSON = {}
        required = {"project", "issuetype", "summary"} if creating else set()
        for name in [*given, *(required - given.keys())]:
            try:
                fields[name] = self._value(name, given.get(name))
            except ValueError as refused:
                errors[name] = str(refused)
        if errors:
            raise VendorError(400, {"errorMessages": [], "errors": errors})
        return fields

    def _value(self, name: str, value: Any) -> Any:  # noqa: ANN401 - one case for each field
        match name:
            case "project":
                return self._project(value)
            case "issuetype":
                return self._listed(value, ISSUE_TYPES, "issuetype", "Specify a valid issue type")
            case "priority":
                message = "Specify the Priority (id or name) in string format"
                return self._listed(value, PRIORITIES, "priority", message)
            case "assignee" | "reporter":
                return self._person(value)
            case "summary":
                return _summary(value)
            case "description":
                return _document(value)
            case "duedate":
                return _due(value)
            case "labels":
                return _labels(value)
            case _:
                raise ValueError(_UNKNOWN_FIELD.format(name))

    def _project(self, value: Any) -> JSON:  # noqa: ANN401 - whatever the caller sent
        wanted = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
        if not wanted:
            raise ValueError("Specify a valid project ID or key")
        found = self.site.project(str(wanted))
        if found is None:
            raise ValueError("valid project is required")
        return found

    def _listed(self, value: Any, known: dict[str, str], kind: str, message: str) -> JSON:  # noqa: ANN401
        given = value if isinstance(value, dict) else {}
        by_id = {number: name for name, number in known.items()}
        name = by_id.get(str(given.get("id"))) or given.get("name")
        if name not in known:
            raise ValueError(message)
        return (
            self.site.issue_type(name)
            if kind == "issuetype"
            else self.site.named(kind, known, name)
        )

    def _person(self, value: Any) -> JSON | None:  # noqa: ANN401 - whatever the caller sent
        if value is None:
            return None
        account = (value.get("accountId") or value.get("id")) if isinstance(value, dict) else None
        user = self.site.user_by_id(str(account)) if account else None
        if user is None:
            raise ValueError(f"User '{account}' does not exist.")
        return user


def _summary(value: Any) -> str:  # noqa: ANN401 - whatever the caller sent
    if not isinstance(value, str) or not value.strip():
        raise ValueError("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise ValueError("The summary is invalid because it contains newline characters.")
    if len(value) > _LONGEST_SUMMARY:
        raise ValueError("Summary can't exceed 255 characters.")
    return value


def _document(value: Any) -> JSON | None:  # noqa: ANN401 - whatever the caller sent
    if value is None:
        return None
    if not is_document(value):
        raise ValueError(_NO_DOCUMENT)
    return dict(value)


def is_document(value: Any) -> bool:  # noqa: ANN401 - whatever the caller sent
    """Say whether a value is in the Atlassian Document Format."""
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        return False
    return isinstance(value.get("content"), list) and all(map(_is_node, value["content"]))


def _is_node(node: Any) -> bool:  # noqa: ANN401 - whatever the caller sent
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and bool(node["text"])
    return isinstance(node.get("content", []), list) and all(map(_is_node, node.get("content", [])))


def _due(value: Any) -> str | None:  # noqa: ANN401 - whatever the caller sent
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError(f"Error parsing date string: {value}")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"Error parsing date string: {value}") from None


def _labels(value: Any) -> list[str]:  # noqa: ANN401 - whatever the caller sent
    labels = value or []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ValueError("data was not an array")
    for label in labels:
        if re.search(r"\s", label) or not label:
            raise ValueError(f"The label '{label}' contains spaces which is invalid.")
    return sorted(set(labels))


def _updated(value: Any, operations: list[JSON], name: str) -> Any:  # noqa: ANN401 - any field
    for operation in operations:
        [(verb, operand)] = operation.items()
        if verb == "set":
            value = operand
        elif verb == "add" and isinstance(value, list):
            value = [*value, operand]
        elif verb == "remove" and isinstance(value, list):
            value = [item for item in value if item != operand]
        else:
            raise jira_error(400, **{name: f"Field does not support update '{verb}'"})
    return value
