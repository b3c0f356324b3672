"""What an issue's fields mean to us: its state, due day and last change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.issue_projects import IssueProject

WONT_DO = (
    "Won't Do",
    "Won't Fix",
    "Duplicate",
    "Cannot Reproduce",
    "Declined",
    "Rejected",
    "Cancelled",
    "Canceled",
    "Abandoned",
    "Obsolete",
)
"""Resolutions, and final statuses, that end a ticket without the work being done."""

FIELDS_READ = ("status", "resolution", "duedate", "updated", "created", "labels")

NO_PROJECTS: Mapping[str, IssueProject] = {}


def reading(
    key: str,
    fields: Mapping[str, Any],
    url: str = "",
    projects: Mapping[str, IssueProject] = NO_PROJECTS,
) -> ObservedIssue:
    """Return a ticket in our words; `key` says whose words its endings are.

    Raises:
        ValueError: a date among the fields is none.
    """
    due, updated = fields.get("duedate"), fields.get("updated")
    return ObservedIssue(
        key=key,
        url=url,
        state=state(fields, projects.get(key.rpartition("-")[0], IssueProject())),
        due=date.fromisoformat(due) if due else None,
        touched_at=datetime.fromisoformat(updated) if updated else None,
    )


def state(fields: Mapping[str, Any], project: IssueProject | None = None) -> IssueState:
    """Return where a ticket stands: its status says whether it is over, its resolution how.

    A resolution alone ends nothing: Jira keeps it on tickets that are reopened carelessly.
    What the project says of a resolution or final status goes before what is usual.
    """
    status = fields.get("status") or {}
    if (status.get("statusCategory") or {}).get("key") != "done":
        return IssueState.OPEN
    words = project or IssueProject()
    told = {
        (name or "").casefold()
        for name in (status.get("name"), (fields.get("resolution") or {}).get("name"))
    }
    if told & _folded(words.done):
        return IssueState.DONE
    given_up = told & _folded((*words.wont_do, *WONT_DO))
    return IssueState.WONT_DO if given_up else IssueState.DONE


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}
