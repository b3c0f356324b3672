"""Jira's webhooks: whether one is genuine, and the ticket that it tells of."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.inbound import Ignored, Malformed, fields_of, is_signed, marked
from integrations.issue_projects import IssueProject
from integrations.jira import states as jira_states

HEADER = "X-Hub-Signature"


class _Body(BaseModel):
    """Jira adds fields and events at any time: what we do not use is ignored."""

    model_config = ConfigDict(extra="ignore")


class _Issue(_Body):
    key: str
    fields: dict[str, Any]


class _Event(_Body):
    webhookEvent: str  # noqa: N815 - Jira's name


class _IssueEvent(_Event):
    issue: _Issue


def verify(secrets: Sequence[str], raw_body: bytes, header: str) -> bool:
    """Tell whether `X-Hub-Signature: sha256=…` signs this body with one of our secrets."""
    return is_signed(secrets, raw_body, marked(header, "sha256="))


def ticket_from(
    body: bytes, projects: Mapping[str, IssueProject] = jira_states.NO_PROJECTS
) -> ObservedIssue | Ignored:
    """Return the ticket as it stands after the change, `missing` once it is deleted.

    Webhooks may come late and out of order: `touched_at` tells which reading is the newer one.

    Raises:
        Malformed: the body is no event of Jira's.
    """
    try:
        event = _Event.model_validate_json(body).webhookEvent
        if event not in {"jira:issue_updated", "jira:issue_deleted"}:
            return Ignored("only changes of tickets are heard")
        issue = _IssueEvent.model_validate_json(body).issue
        if event == "jira:issue_deleted":
            return ObservedIssue(key=issue.key, state=IssueState.MISSING)
        return jira_states.reading(issue.key, issue.fields, projects=projects)
    except ValidationError as error:
        raise Malformed(f"This is no event of Jira's that we know: {fields_of(error)}.") from None
    except (ValueError, TypeError, AttributeError):
        raise Malformed("The fields of this ticket are not what Jira sends.") from None
