"""How tickets are opened in one project of the tracker, and what its endings mean."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from domain.engine.value import Value

PRIORITIES = {"P0": "Highest", "P1": "High", "P2": "Medium", "P3": "Low"}

UNASSIGNED = "unassigned"

_OURS = {
    "assignee": "assignee",
    "issuetype": "issue_type",
    "parent": "parent",
    "priority": "priorities",
    "security": "security_level",
}
"""Fields that have a setting of their own, and its name."""

_WRITTEN = {"project", "summary", "description", "labels", "duedate"}
"""Fields that every ticket gets from its action item."""

ProjectKey = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,254}$")]
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,254}$")]
Word = Annotated[str, Field(min_length=1, max_length=255)]


class IssueProject(Value):
    """One project: `[issue_projects.WAF]` in the organisation file; all of it may be left out.

    `fields` are values in Jira's own words, for what the project requires beyond the usual.
    Nobody is assigned unless `assignee` names an account (Data Center: a user name); left out,
    the project's own triage decides, and `unassigned` overrides even that.
    """

    issue_type: Word = "Task"
    priorities: dict[str, str] = PRIORITIES
    fields: dict[FieldName, Any] = Field(default_factory=dict)
    parent: Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9_]+-[1-9][0-9]*)?$")] = ""
    security_level: str = ""
    assignee: str = ""
    fallback_project: ProjectKey | None = None
    done: tuple[Word, ...] = ()
    wont_do: tuple[Word, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Return what every ticket of the project gets, in Jira's words, but for people."""
        told: dict[str, Any] = {"issuetype": {"name": self.issue_type}, **self.fields}
        if self.parent:
            told["parent"] = {"key": self.parent}
        if self.security_level:
            by = "id" if self.security_level.isdecimal() else "name"
            told["security"] = {by: self.security_level}
        return told


def problems(projects: Mapping[str, IssueProject], named_by_teams: set[str]) -> Iterator[str]:
    """Yield what is wrong with the projects, each with its place in the organisation file."""
    fallbacks = {each.fallback_project for each in projects.values()}
    for key, project in projects.items():
        place = f"issue_projects.{key}"
        if key not in named_by_teams and key not in fallbacks:
            yield f"{place}: no team opens its tickets there, and no project falls back to it"
        if project.fallback_project == key:
            yield f"{place}.fallback_project: must be another project"
        for name in sorted(project.fields.keys() & _OURS.keys()):
            yield f"{place}.fields.{name}: has a setting of its own, {_OURS[name]}"
        for name in sorted(project.fields.keys() & _WRITTEN):
            yield f"{place}.fields.{name}: comes from the action item"
        both = {each.casefold() for each in project.done} & {
            each.casefold() for each in project.wont_do
        }
        for name in sorted(both):
            yield f"{place}: '{name}' is both done and wont_do"
    for team_project in sorted(named_by_teams):
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,254}", team_project):
            yield f"teams: '{team_project}' cannot be the key of a project"
