"""A new ticket as we write it into Jira."""

from typing import Any

from domain.action_items.ticket import DesiredIssue
from domain.plain_text import one_line
from integrations.issue_projects import UNASSIGNED, IssueProject
from integrations.jira.dialect import Dialect
from integrations.jira.marks import digest, label, proof

SUMMARY_LENGTH = 255


def new_ticket(
    wanted: DesiredIssue, key: str, project: IssueProject, dialect: Dialect
) -> dict[str, Any]:
    """Return what opens a ticket in the project of this key, its proof included."""
    body = list(wanted.body)
    if key != wanted.project:
        body.append(f"Opened here because {wanted.project} did not take the ticket.")
    fields: dict[str, Any] = {
        **project.settings(),
        "project": {"key": key},
        "summary": one_line(wanted.title)[:SUMMARY_LENGTH],
        "description": dialect.text(body, (wanted.link_url, wanted.link_title)),
        "labels": [*map(_as_label, wanted.labels), label(digest(wanted.key))],
        "duedate": wanted.due.isoformat(),
    }
    if priority := project.priorities.get(wanted.priority):
        fields["priority"] = {"name": priority}
    if project.assignee:
        assigned = {dialect.person: project.assignee}
        fields["assignee"] = None if project.assignee == UNASSIGNED else assigned
    return {"fields": fields, "properties": [proof(digest(wanted.key))]}


def new_link(wanted: DesiredIssue) -> dict[str, Any]:
    """Return the link back to the document; its id makes a repeat change nothing."""
    title = one_line(wanted.link_title) or wanted.link_url
    return {
        "globalId": f"aftermath={digest(wanted.key)}",
        "object": {"url": wanted.link_url, "title": title[:SUMMARY_LENGTH]},
    }


def _as_label(text: str) -> str:
    return "-".join(one_line(text).split())
