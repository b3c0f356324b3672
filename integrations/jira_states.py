"""What an issue's fields mean to us: its state, due day and last change."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from domain.outside import IssueReading, IssueState

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

FIELDS_READ = ("status", "resolution", "duedate", "updated")


def reading(
    key: str, fields: Mapping[str, Any], url: str = "", wont_do: Collection[str] = WONT_DO
) -> IssueReading:
    """Return a ticket in our words.

    Raises:
        ValueError: a date among the fields is none.
    """
    due, updated = fields.get("duedate"), fields.get("updated")
    return IssueReading(
        key=key,
        url=url,
        state=state(fields, wont_do),
        due=date.fromisoformat(due) if due else None,
        touched_at=datetime.fromisoformat(updated) if updated else None,
    )


def state(fields: Mapping[str, Any], wont_do: Collection[str] = WONT_DO) -> IssueState:
    """Return where a ticket stands: its status says whether it is over, its resolution how.

    A resolution alone ends nothing: Jira keeps it on tickets that are reopened carelessly.
    """
    status = fields.get("status") or {}
    if (status.get("statusCategory") or {}).get("key") != "done":
        return IssueState.OPEN
    endings = {name.casefold() for name in wont_do}
    told = (status.get("name"), (fields.get("resolution") or {}).get("name"))
    given_up = any((name or "").casefold() in endings for name in told)
    return IssueState.WONT_DO if given_up else IssueState.DONE
