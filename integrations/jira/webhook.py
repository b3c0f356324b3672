"""Jira's webhooks: whether one is genuine, and the ticket that it tells of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.inbound import RETRIED_FOR, Ignored, Malformed, fields_of, is_signed, marked
from integrations.issue_projects import IssueProject
from integrations.jira import states as jira_states
from integrations.jira.marks import KEY, is_key

HEADER = "X-Hub-Signature"

_FOLLOWED = {"status", "resolution", "duedate", "project", "key"}
"""What a changelog calls the fields on which a case depends; bots touch all the others."""

TicketKey = Annotated[str, Field(pattern=KEY)]
Milliseconds = Annotated[int, Field(ge=0, lt=10**14)]
"""Since 1970, and before the year 5000."""


class _Body(BaseModel):
    """Jira adds fields and events at any time: what we do not use is ignored."""

    model_config = ConfigDict(extra="ignore")


class _Issue(_Body):
    key: TicketKey
    fields: dict[str, Any]


class _Event(_Body):
    webhookEvent: str  # noqa: N815 - Jira's name


class _Moment(_Body):
    timestamp: Milliseconds


class _Change(_Body):
    field: str
    fromString: str | None = None  # noqa: N815 - Jira's name


class _Changelog(_Body):
    items: tuple[_Change, ...] = ()

    def old_key(self) -> str | None:
        """Return the key of an issue before it was moved to another project."""
        old = (each.fromString or "" for each in self.items if each.field.casefold() == "key")
        return next(filter(is_key, old), None)

    def matters(self) -> bool:
        """Tell whether a case follows one of the fields that changed."""
        return any(each.field.casefold() in _FOLLOWED for each in self.items)


class _IssueUpdated(_Event):
    issue: _Issue
    changelog: _Changelog = _Changelog()


class _IssueDeleted(_Event):
    issue: _Issue
    timestamp: Milliseconds | None = None


def verify(secrets: Sequence[str], raw_body: bytes, header: str) -> bool:
    """Tell whether `X-Hub-Signature: sha256=…` signs this body with one of our secrets."""
    return is_signed(secrets, raw_body, marked(header, "sha256="))


def is_stale(raw_body: bytes, header: str, now: datetime) -> bool:  # noqa: ARG001 - it signs no time
    """Tell whether it happened longer ago than Jira tries to tell it."""
    try:
        happened = _Moment.model_validate_json(raw_body).timestamp
    except ValidationError:
        return False
    return now - datetime.fromtimestamp(happened / 1000, UTC) > RETRIED_FOR


def ticket_from(
    body: bytes, projects: Mapping[str, IssueProject] = jira_states.NO_PROJECTS
) -> ObservedIssue | Ignored:
    """Return the ticket as it stands after a change that a case follows, else why it is ignored.

    A deleted ticket is `unreachable`, and one that was moved is told under the key by which the
    case knows it. Webhooks may come late and out of order: `touched_at`, which is Jira's
    `updated`, tells which observation is the newer one.

    Raises:
        Malformed: the body is no event of Jira's.
    """
    try:
        match _Event.model_validate_json(body).webhookEvent:
            case "jira:issue_updated":
                return _updated(_IssueUpdated.model_validate_json(body), projects)
            case "jira:issue_deleted":
                return _deleted(_IssueDeleted.model_validate_json(body))
            case _:
                return Ignored("only changes of tickets are heard")
    except ValidationError as error:
        raise Malformed(f"This is no event of Jira's that we know: {fields_of(error)}.") from None
    except (ValueError, TypeError, AttributeError):
        raise Malformed("The fields of this ticket are not what Jira sends.") from None


def _updated(event: _IssueUpdated, projects: Mapping[str, IssueProject]) -> ObservedIssue | Ignored:
    if not event.changelog.matters():
        return Ignored("no case follows what changed about this ticket")
    issue = event.issue
    seen = jira_states.reading(issue.key, issue.fields, projects=projects)
    return seen.replace(key=event.changelog.old_key() or issue.key)


def _deleted(event: _IssueDeleted) -> ObservedIssue:
    # A deletion changes no `updated`: without its own instant it would look older than it is.
    at = None if event.timestamp is None else datetime.fromtimestamp(event.timestamp / 1000, UTC)
    return ObservedIssue(key=event.issue.key, state=IssueState.UNREACHABLE, touched_at=at)
