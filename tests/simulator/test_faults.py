"""Faults on demand: each kind on the wire, and plans that are the same for the same seed."""

import json
import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from simulator.control.faults import KINDS, makes_sense
from simulator.exchange import Exchange
from tests.simulator.bodies import ADA, HOUR, MAIL

SEND, MYSELF, ABOUT = "/v3/mail/send", "/rest/api/3/myself", "/drive/v3/about?fields=user"


def spoil(client: httpx.Client, kind: str, **more: object) -> None:
    client.post("/simulator/faults", json=[{"kind": kind, **more}]).raise_for_status()


def sent(client: httpx.Client) -> int:
    return len(client.get("/simulator/mails").json())


def last(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("/simulator/requests").json()["requests"][-1])


@pytest.mark.parametrize(
    ("kind", "trouble", "effects"),
    [
        ("close_before", httpx.RemoteProtocolError, 0),
        ("close_after", httpx.RemoteProtocolError, 1),
        ("reset_before", httpx.ReadError, 0),
        ("reset_after", httpx.ReadError, 1),
        ("never", httpx.RemoteProtocolError, 0),
    ],
)
def test_a_connection_ends_before_or_after_the_effect(
    client: httpx.Client, kind: str, trouble: type[Exception], effects: int
) -> None:
    spoil(client, kind)

    with pytest.raises(trouble):
        client.post(SEND, json=MAIL)

    assert sent(client) == effects
    entry = last(client)
    assert (entry["fault"], entry["effect"], entry["status"]) == (kind, effects == 1, "dropped")


def test_a_reset_is_a_reset_on_the_wire(client: httpx.Client) -> None:
    spoil(client, "reset_before")
    host, port = client.base_url.host, client.base_url.port
    with socket.create_connection((host, port or 80)) as wire:
        wire.sendall(b"GET /rest/api/3/myself HTTP/1.1\r\nHost: x\r\n\r\n")

        with pytest.raises(ConnectionResetError):
            wire.recv(1)


def test_a_truncated_answer_promises_more_than_it_brings(client: httpx.Client) -> None:
    spoil(client, "truncated", vendor="jira")
    spoil(client, "truncated", vendor="sendgrid")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        client.get(MYSELF)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        client.post(SEND, json=MAIL)

    assert sent(client) == 1


@pytest.mark.parametrize(("kind", "effects"), [("status", 0), ("status_after", 1)])
def test_a_server_fails_before_or_after_the_effect(
    client: httpx.Client, kind: str, effects: int
) -> None:
    spoil(client, kind, status=502)

    answer = client.post(SEND, json=MAIL)

    assert answer.status_code == 502
    assert answer.json()["errors"]
    assert sent(client) == effects
    assert last(client)["effect"] == (effects == 1)


def test_a_vendor_asks_for_a_pause_in_its_own_words(client: httpx.Client) -> None:
    for kind in ("throttle", "throttle_seconds", "throttle_date"):
        spoil(client, kind, retry_after=90, times=3)
        jira, drive, mail = client.get(MYSELF), client.get(ABOUT), client.post(SEND, json=MAIL)

        assert {jira.status_code, drive.status_code, mail.status_code} == {429}
        assert jira.headers["ratelimit-reason"] == "jira-burst-based"
        assert jira.json() == {"errorMessages": ["Rate limit exceeded."], "errors": {}}
        assert drive.json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
        assert "retry-after" not in mail.headers
        assert 88 < int(mail.headers["x-ratelimit-reset"]) - time.time() < 93
        told = [each.headers.get("retry-after") for each in (jira, drive)]
        assert told[0] == told[1] or kind == "throttle_date"
        if kind == "throttle":
            assert told == [None, None]
        elif kind == "throttle_seconds":
            assert told == ["90", "90"]
        else:
            until = parsedate_to_datetime(str(told[0]))
            assert 88 < (until - datetime.now(UTC)).total_seconds() < 93


def test_google_says_that_a_rate_is_exceeded_with_403(client: httpx.Client) -> None:
    for kind, header in (("quota", None), ("quota_seconds", "1")):
        spoil(client, kind)
        answer = client.get(ABOUT)

        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (403, 403)
        assert error["errors"][0]["domain"] == "usageLimits"
        assert answer.headers.get("retry-after") == header


def test_docs_throttle_in_their_own_shape(client: httpx.Client) -> None:
    spoil(client, "throttle_seconds")

    error = client.get("/v1/documents/x").json()["error"]

    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"


def test_a_redirect_leads_where_the_rule_says(client: httpx.Client) -> None:
    spoil(client, "redirect", location="http://other.example/x")
    spoil(client, "redirect", status=307)

    first, second = (client.post(SEND, json=MAIL, follow_redirects=False) for _ in range(2))

    assert (first.status_code, first.headers["location"]) == (302, "http://other.example/x")
    assert (second.status_code, second.headers["location"][:7]) == (307, "http://")
    assert sent(client) == 0


def test_something_else_answers_with_success(client: httpx.Client) -> None:
    spoil(client, "html200")
    spoil(client, "json200")
    spoil(client, "json200", body=[])

    page, other, chosen = (client.get(MYSELF) for _ in range(3))

    assert {page.status_code, other.status_code, chosen.status_code} == {200}
    assert page.headers["content-type"].startswith("text/html")
    assert "emailAddress" not in other.json()
    assert chosen.json() == []


def test_a_slow_answer_trickles_and_is_whole(client: httpx.Client) -> None:
    spoil(client, "slow", seconds=0.2, times=2)
    began = time.monotonic()

    answers = [client.get(MYSELF), client.post(SEND, json=MAIL)]

    assert answers[0].json()["emailAddress"]
    assert answers[1].status_code == 202
    assert time.monotonic() - began > 0.2


def test_the_token_endpoint_can_be_down_alone(client: httpx.Client) -> None:
    spoil(client, "token_down")
    form = {"grant_type": "refresh_token", "refresh_token": "r"}

    untouched, failed, again = client.get(MYSELF), *(client.post("/token", data=form) for _ in "ab")

    assert (untouched.status_code, failed.status_code, again.status_code) == (200, 503, 200)
    assert failed.json()["error"] == "internal_failure"


def test_a_rule_can_be_for_one_vendor(client: httpx.Client) -> None:
    spoil(client, "status", vendor="google", times=2)

    jira, drive, docs = client.get(MYSELF), client.get(ABOUT), client.get("/v1/documents/x")

    assert (jira.status_code, drive.status_code, docs.status_code) == (200, 503, 503)


def test_unknown_kinds_and_bad_patterns_are_refused(client: httpx.Client) -> None:
    for rule in ({"kind": "gremlins"}, {"kind": "slow", "path_regex": "("}):
        assert client.post("/simulator/faults", json=[rule]).status_code == 422
    for plan in ({"seed": 1, "share": 2}, {"seed": 1, "share": 0.5, "kinds": ["gremlins"]}):
        assert client.post("/simulator/faults/plan", json=plan).status_code == 422


def struck(client: httpx.Client, **plan: object) -> list[str | None]:
    """Return what a plan did to the same requests in an order that does not matter."""
    client.post("/simulator/reset")
    quick = {"seconds": 0.01, "slow_seconds": 0.01}
    client.post("/simulator/faults/plan", json=plan | quick).raise_for_status()
    for _ in range(30):
        for request in (("GET", MYSELF, None), ("POST", SEND, MAIL), ("GET", ABOUT, None)):
            with suppress(httpx.TransportError):
                client.request(request[0], request[1], json=request[2])
    requests = client.get("/simulator/requests").json()["requests"]
    return [each["fault"] for each in requests]


def test_a_plan_spoils_its_share_the_same_way_each_time(client: httpx.Client) -> None:
    first = struck(client, seed=7, share=0.5)
    again = struck(client, seed=7, share=0.5)
    other = struck(client, seed=8, share=0.5)

    assert first == again != other
    assert 30 < sum(kind is not None for kind in first) < 60
    assert len(set(first)) > 8
    injected = client.get("/simulator/faults/injected").json()
    assert injected["kinds"] == dict(Counter(kind for kind in other if kind))
    assert injected["total"] == sum(injected["kinds"].values())


def test_a_plan_keeps_to_its_kinds_and_paths_and_ends(client: httpx.Client) -> None:
    kinds = ["html200", "status_after"]
    found = struck(client, seed=1, share=1, kinds=kinds, paths=["^/v3/", "/myself$"])
    client.delete("/simulator/faults")

    assert Counter(found)[None] == 30
    assert set(found) <= {None, *kinds}
    assert client.get(MYSELF).status_code == 200


def test_only_what_can_happen_is_planned() -> None:
    def request(method: str, path: str) -> Exchange:
        return Exchange({"method": method, "path": path}, b"")

    reads = [request("GET", MYSELF), request("POST", "/rest/api/3/search/jql")]
    afterwards = {kind for kind in KINDS if kind.endswith("_after")}

    assert not any(makes_sense(kind, read) for kind in afterwards for read in reads)
    assert all(makes_sense(kind, request("POST", SEND)) for kind in afterwards)
    assert not makes_sense("quota", reads[0])
    assert makes_sense("quota", request("GET", "/drive/v3/about"))
    assert not makes_sense("throttle_date", request("POST", SEND))
    assert makes_sense("token_down", request("POST", "/token"))
    assert not makes_sense("html200", request("POST", "/token"))


def test_what_was_injected_stays_counted_until_a_reset(client: httpx.Client) -> None:
    spoil(client, "html200")
    client.get(MYSELF)
    client.delete("/simulator/faults")

    told = client.get("/simulator/faults/injected").json()
    assert told == {"total": 1, "kinds": {"html200": 1}, "vendors": {"jira": 1}}
    client.post("/simulator/reset")
    told = client.get("/simulator/faults/injected").json()
    assert told == {"total": 0, "kinds": {}, "vendors": {}}


def limit(client: httpx.Client, **settings: object) -> None:
    client.put("/simulator/settings", json=settings).raise_for_status()


def test_more_than_so_many_a_second_are_throttled_and_told_for_how_long(
    client: httpx.Client,
) -> None:
    limit(client, rate_limits={"jira": {"per_second": 2, "retry_after": 30}})

    answers = [client.get(MYSELF) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "30"
    assert client.get(ABOUT).status_code == 200
    assert last(client)["fault"] is None


def test_whoever_comes_before_the_time_is_remembered(client: httpx.Client) -> None:
    limit(client, throttled_until={"google": "2100-01-01T01:00:00Z"})
    client.put("/simulator/clock", json={"now": "2100-01-01T00:00:00Z"})
    told = client.get(ABOUT)
    early = client.get("/v1/documents/x")
    untouched = client.get(MYSELF)

    client.put("/simulator/clock", json={"now": "2100-01-01T01:00:01Z"})
    late = client.get(ABOUT)

    assert (told.status_code, early.status_code) == (429, 429)
    assert 3590 <= int(told.headers["retry-after"]) <= 3600
    assert (untouched.status_code, late.status_code) == (200, 200)
    [impatient] = client.get("/simulator/ledger").json()["impatient_requests"]
    assert (impatient["method"], impatient["path"]) == ("GET", "/v1/documents/x")
    assert not impatient["told_itself"]
    assert impatient["early_seconds"] > 3500


def test_a_single_refusal_binds_that_request_alone(client: httpx.Client) -> None:
    spoil(client, "throttle_seconds", retry_after=60, path_regex="/events$")
    events = f"/calendar/v3/calendars/{ADA}/events"
    bodies = [HOUR | {"id": f"event{number}"} for number in range(2)]

    statuses = [client.post(events, json=body).status_code for body in (*bodies, bodies[0])]

    assert statuses == [429, 200, 200]
    [impatient] = client.get("/simulator/ledger").json()["impatient_requests"]
    assert impatient["told_itself"]


def test_a_vendor_that_names_no_time_cannot_be_answered_too_early(client: httpx.Client) -> None:
    limit(client, rate_limits={"jira": {"per_second": 1, "form": "none"}})

    statuses = [client.get(MYSELF).status_code for _ in range(3)]

    assert statuses == [200, 429, 429]
    assert client.get("/simulator/ledger").json()["impatient_requests"] == []


def test_settings_come_back_as_they_were_set(client: httpx.Client) -> None:
    limits = {"google": {"per_second": 5, "retry_after": 2, "form": "date", "status": 403}}
    limit(client, rate_limits=limits, throttled_until={"jira": "2026-01-01T00:00:00Z"})

    told = client.get("/simulator/settings").json()

    assert told["rate_limits"] == limits
    assert json.dumps(told["throttled_until"]) == '{"jira": "2026-01-01T00:00:00Z"}'
    refused = client.put("/simulator/settings", json={"rate_limits": {"jira": {"often": 1}}})
    assert refused.status_code == 422
