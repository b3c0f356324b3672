"""What a project's create screen would refuse, and the lines that mend it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.checks.examination import Finding, fail, ok
from integrations.issue_projects import UNASSIGNED, IssueProject

CreateFields = Mapping[str, Mapping[str, Any]]
"""The fields that may be set when a ticket is opened, by id."""

_WRITTEN = ("summary", "description", "labels", "duedate")
_FILLED_BY_JIRA = {"project", "issuetype", "reporter"}
_IDS_SHOWN = 5
_ID = re.compile(r"[A-Za-z0-9_:-]{1,80}")
_EXAMPLES = {"number": "0", "date": '"2026-01-31"', "datetime": '"2026-01-31T09:00:00.000+0000"'}
_DOCUMENT = (
    '{ type = "doc", version = 1, content = [{ type = "paragraph", '
    'content = [{ type = "text", text = "…" }] }] }'
)
_OWN_SETTINGS = {
    "assignee": 'assignee = "…"',
    "parent": 'parent = "KEY-1"',
    "security": 'security_level = "…"',
}


def create_field_findings(
    about: str, key: str, project: IssueProject, offered: CreateFields, *, documents: bool
) -> Iterator[Finding]:
    """Yield what opening a ticket would meet; `documents`: long texts are documents, not wiki."""
    troubles = [
        *_not_offered(about, key, project, offered),
        *_not_covered(about, key, project, offered, documents=documents),
        *_priorities(about, key, project, offered),
        *_values(about, key, project, offered),
    ]
    yield from troubles or [ok(about, "its create screen takes what our tickets say.")]


def sent(project: IssueProject) -> set[str]:
    """Return the fields that every ticket of the project sets."""
    names = {*_WRITTEN, *project.fields}
    own = {
        "priority": bool(project.priorities),
        "parent": bool(project.parent),
        "security": bool(project.security_level),
        "assignee": bool(project.assignee),
    }
    return names | {name for name, is_set in own.items() if is_set}


def _not_offered(
    about: str, key: str, project: IssueProject, offered: CreateFields
) -> Iterator[Finding]:
    for name in sorted(sent(project) - offered.keys()):
        remedy = {
            "priority": f"Add it to the screen, or set priorities = {{}} under {_table(key)}.",
        }.get(name, "Add it to the screen (Jira: project settings > screens).")
        if name not in _WRITTEN and name != "priority":
            remedy = f"Add it to the screen, or take it out of {_table(key)}."
        yield fail(about, f"field {name} is not on the create screen.", remedy)


def _not_covered(
    about: str, key: str, project: IssueProject, offered: CreateFields, *, documents: bool
) -> Iterator[Finding]:
    given = sent(project) | _FILLED_BY_JIRA
    for name, field in sorted(offered.items()):
        if field.get("required") and not field.get("hasDefaultValue") and name not in given:
            line = _line(key, name, field, documents=documents)
            yield fail(about, f"field {name} is required and has no default.", line)


def _priorities(
    about: str, key: str, project: IssueProject, offered: CreateFields
) -> Iterator[Finding]:
    allowed = _allowed(offered, "priority")
    names = {str(each.get("name", "")) for each in allowed}
    unknown = [each for each in dict.fromkeys(project.priorities.values()) if each not in names]
    if allowed and unknown:
        told = f"the project has no priority {', '.join(unknown)}."
        yield fail(about, told, f"Set those it has as priorities under {_table(key)}.")


def _values(
    about: str, key: str, project: IssueProject, offered: CreateFields
) -> Iterator[Finding]:
    settings = project.settings()
    for name in sorted(settings.keys() & offered.keys() - {"issuetype", "parent"}):
        allowed = _allowed(offered, name)
        given = settings[name] if isinstance(settings[name], list) else [settings[name]]
        if allowed and not all(_is_among(each, allowed) for each in given):
            told = f"the value set for field {name} is none of those the project allows."
            yield fail(about, told, f"Set one of {_ids(allowed)} under {_table(key)}.")
    if project.assignee == UNASSIGNED and (offered.get("assignee") or {}).get("required"):
        yield fail(about, "tickets may not be unassigned.", f"Set assignee under {_table(key)}.")


def _is_among(value: object, allowed: Sequence[Mapping[str, Any]]) -> bool:
    if not isinstance(value, dict):
        return True
    return any(
        name in value and str(value[name]) == str(each.get(name))
        for each in allowed
        for name in ("id", "name", "value")
    )


def _line(key: str, name: str, field: Mapping[str, Any], *, documents: bool) -> str:
    """Return the line of the organisation file that covers a field."""
    if name in _OWN_SETTINGS:
        return f"Add to the organisation file, under {_table(key)}: {_OWN_SETTINGS[name]}"
    value = _example(field, documents=documents)
    return f"Add to the organisation file, under [issue_projects.{key}.fields]: {name} = {value}"


def _example(field: Mapping[str, Any], *, documents: bool) -> str:
    schema = field.get("schema") or {}
    kind, many = str(schema.get("type", "")), schema.get("type") == "array"
    allowed = [each for each in field.get("allowedValues") or [] if isinstance(each, dict)]
    if allowed:
        ids = _ids(allowed)
        one = f'{{ id = "{ids.partition(",")[0]}" }}'
        return f"[{one}]  # ids: {ids}" if many else f"{one}  # ids: {ids}"
    if kind == "user":
        return '{ id = "…" }' if documents else '{ name = "…" }'
    if documents and str(schema.get("custom", "")).endswith((":textarea", ":text")):
        return _DOCUMENT if str(schema["custom"]).endswith(":textarea") else '"…"'
    return _EXAMPLES.get(kind, '["…"]' if many else '"…"')


def _ids(allowed: Sequence[Mapping[str, Any]]) -> str:
    ids = [str(each.get("id", "")) for each in allowed]
    shown = [each for each in ids if _ID.fullmatch(each)]
    return ", ".join(shown[:_IDS_SHOWN]) + (" …" if len(shown) > _IDS_SHOWN else "")


def _allowed(offered: CreateFields, name: str) -> list[Mapping[str, Any]]:
    values = (offered.get(name) or {}).get("allowedValues") or []
    return [each for each in values if isinstance(each, dict)]


def _table(key: str) -> str:
    return f"[issue_projects.{key}]"
