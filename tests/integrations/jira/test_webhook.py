"""Jira's webhooks: genuine or not, and the ticket that they tell of."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.inbound import Ignored, Malformed
from integrations.jira.webhook import ticket_from, verify

STATUS = {"field": "status", "fieldtype": "jira", "fromString": "To Do", "toString": "Done"}


def changed(*items: Mapping[str, str | None], **fields: Any) -> bytes:  # noqa: ANN401 - any field
    told = json.loads(event(**fields))
    return json.dumps(told | {"changelog": {"id": "1", "items": items}}).encode()


def event(kind: str = "jira:issue_updated", **fields: Any) -> bytes:  # noqa: ANN401 - any field
    told = {
        "status": {"name": "Done", "statusCategory": {"key": "done"}},
        "resolution": {"name": "Won't Do"},
        "duedate": "2026-03-17",
        "updated": "2026-03-10T11:22:33.444+0100",
        "summary": "Roll rules out in stages",
    }
    issue = {"id": "10001", "key": "WAF-1", "fields": told | fields}
    body = {"webhookEvent": kind, "timestamp": 1_773_137_000_000, "issue": issue}
    return json.dumps(body | {"changelog": {"id": "1", "items": [STATUS]}}).encode()


def test_a_change_is_told_as_the_ticket_stands_after_it() -> None:
    assert ticket_from(event()) == ObservedIssue(
        key="WAF-1",
        state=IssueState.WONT_DO,
        due=date(2026, 3, 17),
        touched_at=datetime(2026, 3, 10, 10, 22, 33, 444000, tzinfo=UTC),
    )


def test_a_deleted_ticket_is_unreachable_since_the_deletion() -> None:
    assert ticket_from(event("jira:issue_deleted")) == ObservedIssue(
        key="WAF-1",
        state=IssueState.UNREACHABLE,
        touched_at=datetime.fromtimestamp(1_773_137_000, UTC),
    )


@pytest.mark.parametrize("field", ["status", "resolution", "duedate", "project", "Key"])
def test_a_change_that_a_case_follows_is_passed_on(field: str) -> None:
    other = {"field": "labels", "fromString": "", "toString": "seen"}

    told = ticket_from(changed(other, {"field": field, "fromString": None, "toString": "x"}))

    assert isinstance(told, ObservedIssue)


@pytest.mark.parametrize("field", ["labels", "assignee", "Rank", "description", "priority"])
def test_what_a_bot_touches_every_minute_is_ignored_with_a_reason(field: str) -> None:
    told = ticket_from(changed({"field": field, "fromString": "a", "toString": "b"}))

    assert told == Ignored("no case follows what changed about this ticket")


@pytest.mark.parametrize("key", ["WAF-1\x07", "waf-1", "WAF-1\n", "\u202eWAF-1", "x" * 9000])
def test_a_key_that_jira_cannot_have_is_malformed(key: str) -> None:
    told = json.loads(event())
    told["issue"]["key"] = key

    with pytest.raises(Malformed):
        ticket_from(json.dumps(told).encode())


def test_a_comment_which_has_no_changelog_is_ignored() -> None:
    told = json.loads(event())
    del told["changelog"]

    assert isinstance(ticket_from(json.dumps(told).encode()), Ignored)


def test_a_moved_ticket_is_told_under_the_key_that_the_case_knows() -> None:
    told = ticket_from(changed({"field": "Key", "fromString": "OLD-7", "toString": "WAF-1"}))

    assert isinstance(told, ObservedIssue)
    assert told.key == "OLD-7"


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
