"""PagerDuty's webhooks: genuine or not, and what a resolved incident becomes."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.incident import Incident, Participant, Role, Severity
from integrations.files.directory import FileDirectory
from integrations.inbound import Ignored, Malformed
from integrations.incident_tools.pagerduty import PagerDuty

SEVERITIES = {"P1": "sev1", "SEV-1": "sev1", "P2": "sev2"}
SECRET = "whsec-of-this-test"
ORGANISATION = Path(__file__).parents[3] / "organisation.toml"


@pytest.fixture(scope="module")
def directory() -> FileDirectory:
    return FileDirectory(ORGANISATION)


def reference(id_: str, summary: str = "") -> dict[str, Any]:
    return {"id": id_, "type": "x_reference", "summary": summary, "self": None, "html_url": None}


def delivery(**changes: object) -> dict[str, Any]:
    data = {
        "id": "Q1WAF204",
        "type": "incident",
        "html_url": "https://example.pagerduty.com/incidents/Q1WAF204",
        "number": 204,
        "status": "resolved",
        "created_at": "2026-03-02T02:14:00Z",
        "title": "Rule update blocked logins",
        "service": reference("PWAF001", "WAF"),
        "assignees": [reference("PAMARA1"), reference("PJOANA1"), reference("PSTRANGER")],
        "priority": reference("PRIO1", "P1"),
        "urgency": "high",
        "resolve_reason": None,
    }
    return {
        "event": {
            "id": "01ABC",
            "event_type": "incident.resolved",
            "resource_type": "incident",
            "occurred_at": "2026-03-02T04:40:00.250Z",
            "agent": reference("PRUIBA1"),
            "client": None,
            "data": data | changes,
        }
    }


def body(**changes: object) -> bytes:
    return json.dumps(delivery(**changes)).encode()


def signature(secret: str, raw: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def holds(secrets: list[str], raw: bytes, header: str) -> bool:
    return PagerDuty(FileDirectory(ORGANISATION), SEVERITIES).verify(secrets, raw, header)


def incident(directory: FileDirectory, **changes: object) -> Incident:
    result = PagerDuty(directory, SEVERITIES).read(body(**changes))
    assert isinstance(result, Incident)
    return result


def test_a_resolved_incident_is_told_in_our_words(directory: FileDirectory) -> None:
    told = incident(directory)

    assert told.key == "PD-example-204"
    assert told.severity is Severity.SEV1
    assert told.services == ("edge-firewall",)
    assert told.started_at == datetime(2026, 3, 2, 2, 14, tzinfo=UTC)
    assert told.resolved_at == datetime(2026, 3, 2, 4, 40, 0, 250000, tzinfo=UTC)
    assert told.source == "pagerduty"


def test_the_assignee_from_the_pool_commanded_and_the_others_responded(
    directory: FileDirectory,
) -> None:
    told = incident(directory)

    assert told.participants == (
        Participant(person="amara-okafor", role=Role.RESPONDER),
        Participant(person="joana-neves", role=Role.INCIDENT_COMMANDER),
        Participant(person="rui-barbosa", role=Role.RESPONDER),
    )


def test_a_resolver_who_was_assigned_is_told_once(directory: FileDirectory) -> None:
    told = incident(directory, assignees=[reference("PRUIBA1")])

    assert told.participants == (Participant(person="rui-barbosa", role=Role.RESPONDER),)


def test_a_service_is_known_by_its_name_as_well(directory: FileDirectory) -> None:
    told = incident(directory, service=reference("PRENAMED", "Edge proxy"))

    assert told.services == ("edge-proxy",)


def test_an_unknown_service_keeps_its_id_so_that_no_postmortem_is_lost(
    directory: FileDirectory,
) -> None:
    told = incident(directory, service=reference("PNEW", "Something new"))

    assert told.services == ("PNEW",)


def test_an_incident_without_a_number_is_called_by_its_id(directory: FileDirectory) -> None:
    assert incident(directory, number=None).key == "PD-Q1WAF204"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://acme.eu.pagerduty.com/incidents/Q1", "PD-acme.eu-204"),
        ("https://acme.example.com/incidents/Q1", "PD-Q1WAF204"),
        ("https://.pagerduty.com/incidents/Q1", "PD-Q1WAF204"),
        (None, "PD-Q1WAF204"),
    ],
)
def test_a_number_counts_within_its_account_alone(
    directory: FileDirectory, address: str | None, key: str
) -> None:
    assert incident(directory, html_url=address).key == key


@pytest.mark.parametrize("priority", [None, reference("X", "P5"), {"id": "X", "summary": None}])
def test_a_priority_that_the_policy_does_not_map_starts_nothing(
    directory: FileDirectory, priority: object
) -> None:
    result = PagerDuty(directory, SEVERITIES).read(body(priority=priority))

    assert result == Ignored("no priority that the policy maps")


def test_priorities_match_in_any_case(directory: FileDirectory) -> None:
    assert incident(directory, priority=reference("X", "sev-1")).severity is Severity.SEV1


def test_a_creation_after_the_resolution_is_not_believed(directory: FileDirectory) -> None:
    assert incident(directory, created_at="2026-03-03T00:00:00Z").started_at is None


def test_a_title_that_is_too_long_is_cut_and_a_missing_one_replaced(
    directory: FileDirectory,
) -> None:
    long = incident(directory, title="x" * 999)

    assert (len(long.title), long.shortened) == (200, ("title",))
    assert incident(directory, title=None).title == "Incident PD-example-204"


def test_any_other_event_starts_nothing_whatever_its_shape(directory: FileDirectory) -> None:
    other = {"event": {"event_type": "incident.role.assigned", "data": {"type": "new"}}}

    result = PagerDuty(directory, SEVERITIES).read(json.dumps(other).encode())

    assert isinstance(result, Ignored)


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{}", b'{"event": {}}', b"\xff", body(service=None)]
)
def test_a_body_that_is_no_delivery_is_malformed_in_one_sentence(
    directory: FileDirectory, raw: bytes
) -> None:
    with pytest.raises(Malformed) as refusal:
        PagerDuty(directory, SEVERITIES).read(raw)

    assert str(refusal.value).startswith("This is no PagerDuty V3 event we know")


def test_a_local_time_without_an_offset_is_malformed(directory: FileDirectory) -> None:
    with pytest.raises(Malformed, match="created_at"):
        PagerDuty(directory, SEVERITIES).read(body(created_at="2026-03-02T02:14:00"))


def test_a_signature_under_any_of_our_secrets_holds() -> None:
    header = f"v1={'0' * 64},{signature(SECRET, body())}"

    assert holds(["new-secret", SECRET], body(), header)


@pytest.mark.parametrize("header", ["", "v1=", "v1=é", signature("other", body()), "v2=abc"])
def test_any_other_signature_does_not_hold(header: str) -> None:
    assert not holds([SECRET], body(), header)


def test_a_changed_body_does_not_hold() -> None:
    assert not holds([SECRET], body() + b" ", signature(SECRET, body()))


def test_an_empty_secret_verifies_nothing() -> None:
    assert not holds([""], body(), signature("", body()))
    assert not holds([], body(), signature("", body()))
