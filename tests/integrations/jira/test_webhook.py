"""Jira's webhooks: genuine or not, and the ticket that they tell of."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.inbound import Ignored, Malformed
from integrations.jira.webhook import ticket_from, verify


def event(kind: str = "jira:issue_updated", **fields: Any) -> bytes:  # noqa: ANN401 - any field
    told = {
        "status": {"name": "Done", "statusCategory": {"key": "done"}},
        "resolution": {"name": "Won't Do"},
        "duedate": "2026-03-17",
        "updated": "2026-03-10T11:22:33.444+0100",
        "summary": "Roll rules out in stages",
    }
    issue = {"id": "10001", "key": "WAF-1", "fields": told | fields}
    return json.dumps({"webhookEvent": kind, "timestamp": 1, "issue": issue}).encode()


def test_a_change_is_told_as_the_ticket_stands_after_it() -> None:
    assert ticket_from(event()) == ObservedIssue(
        key="WAF-1",
        state=IssueState.WONT_DO,
        due=date(2026, 3, 17),
        touched_at=datetime(2026, 3, 10, 10, 22, 33, 444000, tzinfo=UTC),
    )


def test_a_deleted_ticket_is_missing() -> None:
    reading = ticket_from(event("jira:issue_deleted"))

    assert isinstance(reading, ObservedIssue)
    assert reading.state is IssueState.MISSING


def test_any_other_event_is_ignored_whatever_its_shape() -> None:
    assert isinstance(ticket_from(b'{"webhookEvent": "sprint_started"}'), Ignored)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"webhookEvent": "jira:issue_updated"}',
        event(duedate="soon"),
        event(updated="2026-03-10T11:22:33"),
        event(status=7),
        event(resolution="Done"),
    ],
)
def test_a_body_that_is_no_event_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        ticket_from(raw)


def test_a_signature_holds_for_its_body_and_secret_alone() -> None:
    header = "sha256=" + hmac.new(b"secret", event(), hashlib.sha256).hexdigest()

    assert verify(["new", "secret"], event(), header)
    assert not verify(["new"], event(), header)
    assert not verify(["secret"], event() + b" ", header)
    assert not verify(["secret"], event(), "")
