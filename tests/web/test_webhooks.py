"""Webhooks: the signature first, then what can be used, and nothing started for the rest."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.action_items.ticket import IssueState
from tests.playing import an_incident
from tests.web_cases import CASE, NOW, House, house

SIGNED_BY = {
    "pagerduty": ("X-PagerDuty-Signature", "v1=", "pd-secret"),
    "generic": ("X-Aftermath-Signature", "v1=", "our-secret"),
    "jira": ("X-Hub-Signature", "sha256=", "jira-secret"),
}


async def delivered(
    here: House,
    source: str,
    body: object,
    secret: str | None = None,
    *,
    at: datetime = NOW,
) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await sent(here, source, raw, signed(source, raw, secret, at))


def signed(source: str, raw: bytes, secret: str | None = None, at: datetime = NOW) -> str:
    """What the source's header says; our own webhook signs the time, too."""
    _, mark, ours = SIGNED_BY[source]
    time = f"{at.timestamp():.0f}" if source == "generic" else ""
    told = f"{time}.".encode() + raw if time else raw
    digest = hmac.new((secret or ours).encode(), told, hashlib.sha256).hexdigest()
    return f"t={time},{mark}{digest}" if time else f"{mark}{digest}"


async def sent(here: House, source: str, raw: bytes, signature: str) -> httpx.Response:
    headers = {SIGNED_BY[source][0]: signature, "Content-Type": "application/json"}
    return await here.browser().ask("POST", f"/webhooks/{source}", content=raw, headers=headers)


def resolved(number: int = 204, priority: str | None = "P1") -> dict[str, Any]:
    return {
        "event": {
            "id": f"event-{number}",
            "event_type": "incident.resolved",
            "resource_type": "incident",
            "occurred_at": "2027-01-12T14:52:00Z",
            "agent": None,
            "client": None,
            "data": {
                "id": f"Q{number}",
                "type": "incident",
                "number": number,
                "html_url": f"https://acme.pagerduty.com/incidents/Q{number}",
                "title": "Web requests answered with errors",
                "service": {"id": "PWAF001", "summary": "WAF", "type": "service_reference"},
                "assignees": [],
                "priority": {"id": "P", "summary": priority} if priority else None,
            },
        }
    }


def incident(**changes: object) -> dict[str, Any]:
    return {**an_incident().model_dump(mode="json"), **changes}


def ticket(*labels: str, event: str = "jira:issue_updated") -> dict[str, Any]:
    return {
        "webhookEvent": event,
        "changelog": {"items": [{"field": "status", "toString": "Done"}]},
        "issue": {
            "key": "WAF-1",
            "self": "https://jira.example.com/rest/api/3/issue/1",
            "fields": {
                "labels": list(labels),
                "status": {"name": "Done", "statusCategory": {"key": "done"}},
                "resolution": {"name": "Done"},
                "duedate": "2027-01-27",
                "updated": "2027-01-20T09:00:00.000+0000",
            },
        },
    }


async def test_a_resolved_incident_of_pagerduty_starts_its_case() -> None:
    here = house()

    answer = await delivered(here, "pagerduty", resolved())

    assert answer.status_code == 202
    assert answer.json() == {"accepted": True, "case": "postmortem-PD-acme-204", "reason": ""}
    (started,) = here.cases.started
    assert (started.key, started.services) == ("PD-acme-204", ("edge-firewall",))


async def test_our_own_webhook_takes_an_incident_as_it_stands() -> None:
    here = house()

    answer = await delivered(here, "generic", incident())

    assert answer.json() == {"accepted": True, "case": CASE, "reason": ""}
    assert here.cases.started == [an_incident()]


@pytest.mark.parametrize("source", SIGNED_BY)
async def test_what_is_not_signed_is_refused_and_nothing_is_looked_at(source: str) -> None:
    here = house()

    unsigned = await here.browser().ask("POST", f"/webhooks/{source}", json=incident())
    forged = await delivered(here, source, b"{", secret="somebody else's")

    for answer in (unsigned, forged):
        assert answer.status_code == 401
        assert SIGNED_BY[source][0] in answer.json()["reason"]
    assert (here.cases.started, here.cases.asked) == ([], [])
    assert here.deliveries.counts() == {source: {"unsigned": 2}}


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"key": 1}', b"\xff\xfe"])
async def test_what_our_own_schema_does_not_know_is_named(body: bytes) -> None:
    here = house()

    answer = await delivered(here, "generic", body)

    assert answer.status_code == 400
    assert answer.json()["reason"].startswith("This is no incident of our schema")
    assert here.cases.started == []


@pytest.mark.parametrize("source", ["pagerduty", "jira"])
@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"event": 1}', b"\xff\xfe"])
async def test_a_vendor_is_never_told_4xx_for_what_it_signed(source: str, body: bytes) -> None:
    here = house()

    answer = await delivered(here, source, body)

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert answer.json()["reason"]
    assert here.cases.started == []


async def test_forty_small_pages_start_nothing() -> None:
    here = house()

    for number in range(40):
        priority = ("P3", "P4", "P5", None, "whatever")[number % 5]
        answer = await delivered(here, "pagerduty", resolved(number, priority))
        assert (answer.status_code, answer.json()["accepted"]) == (202, False)

    assert here.cases.started == []
    assert here.deliveries.counts() == {"pagerduty": {"unwanted": 24, "ignored": 16}}


async def test_other_events_of_pagerduty_are_answered_and_ignored() -> None:
    here = house()
    body = resolved()
    body["event"]["event_type"] = "incident.annotated"

    answer = await delivered(here, "pagerduty", body)

    assert answer.json() == {
        "accepted": False,
        "case": None,
        "reason": "only resolved incidents start a postmortem",
    }


async def test_a_severity_that_the_policy_does_not_want_is_answered_and_starts_nothing() -> None:
    here = house()

    answer = await delivered(here, "generic", incident(severity="sev4"))

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert answer.json()["reason"] == "The policy asks for no postmortem after sev4."


@pytest.mark.parametrize(("source", "body"), [("pagerduty", resolved), ("generic", incident)])
async def test_while_temporal_is_away_a_tool_is_asked_to_come_again(
    source: str, body: Callable[[], object]
) -> None:
    here = house()
    here.cases.away = True

    answer = await delivered(here, source, body())

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert here.deliveries.counts() == {source: {"unavailable": 1}}


async def test_a_start_that_temporal_refuses_as_invalid_is_answered_as_such() -> None:
    here = house()
    here.cases.no_good = "Temporal does not accept this: too long."

    answer = await delivered(here, "generic", incident())

    assert (answer.status_code, answer.json()["accepted"]) == (422, False)
    assert answer.json()["reason"] == "Temporal does not accept this: too long."
    assert "Retry-After" not in answer.headers
    assert here.deliveries.counts() == {"generic": {"not accepted": 1}}


async def test_a_tool_that_would_fall_silent_is_told_the_reason_without_a_refusal() -> None:
    here = house()
    here.cases.no_good = "Temporal does not accept this: too long."

    answer = await delivered(here, "pagerduty", resolved())

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert answer.json()["reason"] == "Temporal does not accept this: too long."


async def test_a_ticket_that_temporal_refuses_as_invalid_is_not_sent_again() -> None:
    here = house()
    here.cases.no_good = "Temporal does not accept this: too long."

    answer = await delivered(here, "jira", ticket(CASE))

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert answer.json()["reason"] == "Temporal does not accept this: too long."


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_beyond_the_limit_is_not_read_to_its_end(announced: bool) -> None:  # noqa: FBT001
    here = house()
    piece, pieces = b"x" * 1024, 10_000
    read: list[int] = []

    async def body() -> Any:  # noqa: ANN401
        for _ in range(pieces):
            read.append(1)
            yield piece

    headers = {"Content-Length": str(len(piece) * pieces)} if announced else {}
    request = httpx.Request("POST", "/webhooks/generic", content=body(), headers=headers)
    answer = await here.browser().ask(
        "POST", "/webhooks/generic", content=request.stream, headers=headers
    )

    assert answer.status_code == 413
    assert answer.json()["reason"] == "The body is larger than 256 KB."


async def test_a_changed_ticket_reaches_the_case_that_its_label_names() -> None:
    here = house()

    answer = await delivered(here, "jira", ticket("sev1", "postmortem", "postmortem-X", CASE))

    assert answer.json() == {"accepted": True, "case": CASE, "reason": ""}
    ((case, reading),) = here.cases.tickets
    assert (case, reading.key, reading.state) == (CASE, "WAF-1", IssueState.DONE)


@pytest.mark.parametrize("labels", [(), ("postmortem",), ("postmortem-INC-999",)])
async def test_a_ticket_of_nobody_is_ignored(labels: tuple[str, ...]) -> None:
    here = house()

    answer = await delivered(here, "jira", ticket(*labels))

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert here.cases.tickets == []


@pytest.mark.parametrize("source", SIGNED_BY)
async def test_a_captured_delivery_sent_a_thousand_times_is_told_once(source: str) -> None:
    here = house()
    body = {"pagerduty": resolved(), "generic": incident(), "jira": ticket(CASE)}[source]
    raw = json.dumps(body).encode()
    captured = signed(source, raw)

    answers = [await sent(here, source, raw, captured) for _ in range(1000)]

    assert {each.status_code for each in answers} == {202}
    assert all(each.json()["accepted"] for each in answers)
    assert answers[-1].json()["reason"] == "This was told before; nothing changed."
    assert len(here.cases.started) + len(here.cases.tickets) == 1
    assert here.deliveries.counts() == {source: {"accepted": 1, "repeated": 999}}


async def test_what_was_not_accepted_may_be_told_again() -> None:
    here = house()
    here.cases.away = True
    await delivered(here, "generic", incident())
    here.cases.away = False

    answer = await delivered(here, "generic", incident())

    assert answer.json()["accepted"]
    assert len(here.cases.started) == 1


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
async def test_a_delivery_captured_minutes_ago_is_refused(late: timedelta) -> None:
    here = house()

    answer = await delivered(here, "generic", incident(), at=NOW - late)

    assert answer.status_code == 401
    assert "Sign each delivery as it is sent" in answer.json()["reason"]
    assert here.cases.started == []
    assert here.deliveries.counts() == {"generic": {"stale": 1}}


async def test_a_captured_delivery_cannot_be_given_another_time() -> None:
    here = house()
    raw = json.dumps(incident()).encode()
    captured = signed("generic", raw, at=NOW - timedelta(days=1))
    fresh = f"t={NOW.timestamp():.0f}"

    for forged in (
        captured.replace(captured.split(",")[0], fresh),
        f"{fresh},{captured}",
        captured.split(",")[1],
        f"t=,{captured.split(',')[1]}",
        "t=" + "9" * 400,
    ):
        answer = await sent(here, "generic", raw, forged)
        assert answer.status_code == 401, forged

    assert here.cases.started == []


async def test_a_time_that_is_none_is_refused_even_if_it_is_signed() -> None:
    here = house()
    raw = json.dumps(incident()).encode()

    for time in ("soon", "9" * 40, "१", "-5", "1.5"):
        told = f"{time}.".encode() + raw
        digest = hmac.new(b"our-secret", told, hashlib.sha256).hexdigest()
        headers = {"X-Aftermath-Signature": f"t={time},v1={digest}".encode()}
        answer = await here.browser().ask("POST", "/webhooks/generic", content=raw, headers=headers)
        assert answer.status_code == 401, time

    assert here.cases.started == []


async def test_a_delivery_of_pagerduty_captured_days_ago_starts_nothing() -> None:
    here = house()
    captured = resolved()
    captured["event"]["occurred_at"] = "2027-01-09T14:52:00Z"

    answer = await delivered(here, "pagerduty", captured)

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert here.cases.started == []


async def test_a_delivery_of_jira_captured_days_ago_tells_nothing() -> None:
    here = house()
    before = int((NOW - timedelta(days=4)).timestamp() * 1000)

    answer = await delivered(here, "jira", ticket(CASE) | {"timestamp": before})

    assert (answer.status_code, answer.json()["accepted"]) == (202, False)
    assert here.cases.tickets == []


async def test_two_accounts_that_count_to_the_same_number_have_two_cases() -> None:
    here = house()
    other = resolved()
    other["event"]["data"]["html_url"] = "https://other.eu.pagerduty.com/incidents/Q204"

    await delivered(here, "pagerduty", resolved())
    await delivered(here, "pagerduty", other)

    assert [each.key for each in here.cases.started] == ["PD-acme-204", "PD-other.eu-204"]


@pytest.mark.parametrize("key", ["PD-acme-204", "pd-acme-204", "PD-Q204"])
async def test_no_other_tool_takes_a_key_of_pagerduty(key: str) -> None:
    here = house()

    answer = await delivered(here, "generic", incident(key=key))

    assert answer.status_code == 400
    assert "PagerDuty's" in answer.json()["reason"]
    assert here.cases.started == []


@pytest.mark.parametrize("services", [["s" * 2100], [f"{n:02d}" + "s" * 118 for n in range(19)]])
async def test_services_that_would_end_the_case_are_refused_and_named(services: list[str]) -> None:
    here = house()

    answer = await delivered(here, "generic", incident(services=services))

    assert answer.status_code == 400
    assert "services.0" in answer.json()["reason"]
    assert here.cases.started == []


async def test_what_pagerduty_says_at_too_great_length_is_cut_and_named() -> None:
    here = house()
    body = resolved()
    body["event"]["data"] |= {
        "title": "x" * 5000,
        "service": {"id": "S" * 2100, "summary": "a service"},
    }

    answer = await delivered(here, "pagerduty", body)

    assert answer.json()["accepted"]
    (started,) = here.cases.started
    assert (len(started.title), len(started.services[0])) == (200, 80)
    assert started.shortened == ("title", "services")


async def test_a_ticket_that_bears_a_thousand_labels_is_looked_for_a_few_times() -> None:
    here = house()
    labels = [f"postmortem-INC-{number}" for number in range(1000, 2000)]

    answer = await delivered(here, "jira", ticket(*labels))

    assert not answer.json()["accepted"]
    assert here.cases.told <= 5
