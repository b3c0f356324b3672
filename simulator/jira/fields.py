"""What may stand in the fields of an issue, in Jira's words when it may not."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from simulator.errors import VendorError, jira_error
from simulator.jira.projects import CustomField, Project, Projects
from simulator.jira.site import PRIORITIES, Site, type_id
from simulator.jira.text import is_document
from simulator.store import JSON

_NO_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
_NO_STRING = "Operation value must be a string"
_UNKNOWN_FIELD = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
_LONGEST_SUMMARY = 255
_REQUIRED_WORDS = {
    "summary": "You must specify a summary of the issue.",
    "issuetype": "Specify a valid issue type",
}


class Unfit(Exception):
    """A value that its field does not take; the text is what Jira would say."""


class Fields:
    """Reads the fields of a request, for one project."""

    def __init__(
        self, site: Site, projects: Projects, parent: Callable[[str], JSON | None]
    ) -> None:
        self._site = site
        self._projects = projects
        self._parent_of = parent

    def project(self, given: JSON) -> Project:
        """Return the project that a new issue is for, or refuse."""
        value = given.get("project")
        wanted = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
        if not wanted:
            raise jira_error(400, project="Specify a valid project ID or key")
        found = self._projects.find(str(wanted))
        if found is None:
            raise jira_error(400, project="valid project is required")
        return found

    def of_new(self, given: JSON, project: Project) -> JSON:
        """Return the fields of a new issue, or refuse them all with one message for each."""
        errors, fields = self._read(given, project)
        fields["project"] = self._projects.told(project)
        for name, title in _demanded(project).items():
            if name not in errors and given.get(name) in (None, "", []):
                errors[name] = _REQUIRED_WORDS.get(name, f"{title} is required.")
        subtask = (fields.get("issuetype") or {}).get("subtask")
        if subtask and not fields.get("parent"):
            errors["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
        _refuse(errors)
        return fields

    def of_old(self, given: JSON, project: Project) -> JSON:
        """Return changed fields, or refuse them all with one message for each."""
        errors, fields = self._read(given, project)
        for name in given.keys() & _demanded(project).keys():
            if given[name] is None and name not in errors:
                errors[name] = f"{_demanded(project)[name]} is required."
        _refuse(errors)
        return fields

    def _read(self, given: JSON, project: Project) -> tuple[dict[str, str], JSON]:
        errors: dict[str, str] = {}
        fields: JSON = {}
        for name, value in given.items():
            if name == "project":
                continue
            try:
                fields[name] = self._value(name, value, project)
            except Unfit as refused:
                errors[name] = str(refused)
        return errors, fields

    def _value(self, name: str, value: Any, project: Project) -> Any:  # noqa: ANN401 - any field
        if name in project.hidden:
            raise Unfit(_UNKNOWN_FIELD.format(name))
        if name in _PLAIN:
            return _PLAIN[name](value)
        match name:
            case "issuetype":
                return self._issue_type(value, project)
            case "priority":
                return self._priority(value)
            case "assignee" | "reporter":
                return self._person(value)
            case "description":
                return self._text(value)
            case "parent":
                return self._parent(value)
            case "security":
                return self._security(value, project)
            case _:
                return self._custom(name, value, project)

    def _issue_type(self, value: Any, project: Project) -> JSON:  # noqa: ANN401
        names = {type_id(name): name for name in project.issue_types}
        name = _chosen(value, names)
        if name is None:
            raise Unfit("Specify a valid issue type")
        return self._site.issue_type(name)

    def _priority(self, value: Any) -> JSON:  # noqa: ANN401 - whatever the caller sent
        name = _chosen(value, {number: name for name, number in PRIORITIES.items()})
        if name is None:
            raise Unfit("Specify the Priority (id or name) in string format")
        return self._site.named("priority", PRIORITIES, name)

    def _person(self, value: Any) -> JSON | None:  # noqa: ANN401 - whatever the caller sent
        if value is None:
            return None
        names = ("accountId", "id") if self._site.is_cloud else ("name",)
        given = value if isinstance(value, dict) else {}
        identity = next((given[name] for name in names if given.get(name)), None)
        user = self._site.user_by_id(str(identity)) if identity else None
        if user is None:
            raise Unfit(f"User '{identity}' does not exist.")
        return user

    def _text(self, value: Any) -> JSON | str | None:  # noqa: ANN401 - whatever the caller sent
        if value is None:
            return None
        refuse_text(self._site, value)
        return value if isinstance(value, str) else dict(value)

    def _parent(self, value: Any) -> JSON | None:  # noqa: ANN401 - whatever the caller sent
        if value is None:
            return None
        given = value if isinstance(value, dict) else {}
        found = self._parent_of(str(given.get("key") or given.get("id") or ""))
        if found is None:
            raise Unfit("Could not find issue by id or key.")
        kept = {name: found["fields"][name] for name in ("summary", "status", "issuetype")}
        link = f"{self._site.api}/issue/{found['id']}"
        return {"id": found["id"], "key": found["key"], "self": link, "fields": kept}

    def _security(self, value: Any, project: Project) -> JSON:  # noqa: ANN401
        name = _chosen(value, {type_id(level): level for level in project.security_levels})
        if name is None:
            raise Unfit("Security level is not valid.")
        return self._projects.option("securitylevel", name)

    def _custom(self, name: str, value: Any, project: Project) -> Any:  # noqa: ANN401
        found = next((field for field in project.fields if field.id == name), None)
        if found is None:
            raise Unfit(_UNKNOWN_FIELD.format(name))
        if value is None:
            return None
        return self._person(value) if found.kind == "user" else self._typed(found, value)

    def _typed(self, field: CustomField, value: Any) -> Any:  # noqa: ANN401 - any field
        match field.kind:
            case "number":
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise Unfit("Operation value must be a number")
                return value
            case "date":
                return _due(value)
            case "option":
                return _option(field, value)
            case "options":
                if not isinstance(value, list):
                    raise Unfit("data was not an array")
                return [_option(field, each) for each in value]
            case "text":
                return self._text(value)
            case _:
                if not isinstance(value, str):
                    raise Unfit(_NO_STRING)
                return value


def refuse_text(site: Site, value: Any) -> None:  # noqa: ANN401 - whatever the caller sent
    """Refuse a text that is not in the format of the version that is spoken."""
    if site.has_documents and not is_document(value):
        raise Unfit(_NO_DOCUMENT)
    if not site.has_documents and not isinstance(value, str):
        raise Unfit(_NO_STRING)


def updated(value: Any, operations: list[JSON], name: str) -> Any:  # noqa: ANN401 - any field
    """Return a field after the operations of an `update`."""
    for operation in operations:
        for verb, operand in operation.items():
            if verb == "set":
                value = operand
            elif verb == "add" and isinstance(value, list):
                value = [*value, operand]
            elif verb == "remove" and isinstance(value, list):
                value = [item for item in value if item != operand]
            else:
                raise jira_error(400, **{name: f"Field does not support update '{verb}'"})
    return value


def _refuse(errors: dict[str, str]) -> None:
    if errors:
        raise VendorError(400, {"errorMessages": [], "errors": errors})


def _demanded(project: Project) -> dict[str, str]:
    """Return the fields that may not be empty, each with its name."""
    custom = {f.id: f.name for f in project.fields if f.required and not f.has_default}
    system = {name: name.capitalize() for name in project.required}
    return {"summary": "Summary", "issuetype": "Issue Type"} | system | custom


def _chosen(value: Any, known: dict[str, str]) -> str | None:  # noqa: ANN401
    """Return the known name that a value means by its id or its name."""
    given = value if isinstance(value, dict) else {}
    name = known.get(str(given.get("id"))) or given.get("name")
    return name if isinstance(name, str) and name in known.values() else None


def _option(field: CustomField, value: Any) -> JSON:  # noqa: ANN401 - whatever the caller sent
    given = value if isinstance(value, dict) else {}
    for option in field.options:
        if option == given.get("value") or type_id(option) == given.get("id"):
            return {"id": type_id(option), "value": option}
    raise Unfit(f"Option value '{given.get('value') or given.get('id')}' is not valid")


def _summary(value: Any) -> str:  # noqa: ANN401 - whatever the caller sent
    if not isinstance(value, str) or not value.strip():
        raise Unfit("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise Unfit("The summary is invalid because it contains newline characters.")
    if len(value) > _LONGEST_SUMMARY:
        raise Unfit("Summary can't exceed 255 characters.")
    return value


def _due(value: Any) -> str | None:  # noqa: ANN401 - whatever the caller sent
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise Unfit(f"Error parsing date string: {value}")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Unfit(f"Error parsing date string: {value}") from None


def _labels(value: Any) -> list[str]:  # noqa: ANN401 - whatever the caller sent
    labels = value or []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise Unfit("data was not an array")
    for label in labels:
        if re.search(r"\s", label) or not label:
            raise Unfit(f"The label '{label}' contains spaces which is invalid.")
    return sorted(set(labels))


_PLAIN: dict[str, Callable[[Any], Any]] = {"summary": _summary, "duedate": _due, "labels": _labels}
