"""The ledger of effects: what was asked for, created, and stands, by the key it may exist under."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulator.server import running_simulator

ADA, TEAM = "ada@example.com", "team@example.com"
EVENTS = f"/calendar/v3/calendars/{TEAM}/events"
FILES = "/drive/v3/files"
DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"
TEXT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Done."}]}],
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_simulator() as simulator:
        yield simulator.url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer simulator"}
    with httpx.Client(base_url=url, headers=headers, timeout=5) as client:
        client.post("/simulator/reset")
        client.post("/simulator/calendars", json={"id": TEAM})
        client.post("/simulator/projects", json={"key": "OPS", "name": "Operations"})
        yield client


def ledger(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("/simulator/ledger").json())


def counts(client: httpx.Client, kind: str) -> dict[str, tuple[int, int, int]]:
    told = ledger(client)["effects"][kind]
    return {key: (e["posts"], e["created"], e["standing"]) for key, e in told.items()}


def event(name: str, key: str) -> dict[str, Any]:
    return {
        "id": name,
        "start": {"dateTime": "2026-01-05T09:00:00Z"},
        "end": {"dateTime": "2026-01-05T10:00:00Z"},
        "extendedProperties": {"private": {"pmKey": key}},
    }


def mail(key: str, *to: str, kind: str = "review") -> dict[str, Any]:
    marks = {"key": key, "kind": kind}
    return {
        "personalizations": [{"to": [{"email": each}], "custom_args": marks} for each in to],
        "from": {"email": "bot@example.com"},
        "subject": "Review",
        "content": [{"type": "text/plain", "value": "Please review."}],
    }


def ticket(client: httpx.Client, label: str) -> str:
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Fix"}
    answer = client.post("/rest/api/3/issue", json={"fields": fields | {"labels": [label]}})
    return str(answer.json()["key"])


def test_events_are_counted_by_their_private_key(client: httpx.Client) -> None:
    client.post(EVENTS, json=event("event0", "k1"))
    client.post(EVENTS, json=event("event0", "k1"))
    client.post(EVENTS, json=event("event1", "k2"))
    client.post(EVENTS, json=event("event2", "k2"))
    client.delete(f"{EVENTS}/event2")

    assert counts(client, "events") == {"k1": (2, 1, 1), "k2": (2, 2, 1)}
    assert ledger(client)["duplicates"] == {}


def test_documents_are_counted_by_property_and_by_folder(client: httpx.Client) -> None:
    [folder] = client.get(f"{FILES}/generateIds?count=1").json()["ids"]
    marks = {"appProperties": {"pmKey": "k1"}}
    client.post(FILES, json={"id": folder, "name": "Case", "mimeType": FOLDER} | marks)
    body = {"name": "D", "mimeType": DOCUMENT, "parents": [folder]} | marks
    first, second = (client.post(FILES, json=body).json()["id"] for _ in range(2))
    twice = ledger(client)["duplicates"]
    client.patch(f"{FILES}/{second}", json={"trashed": True})
    mark = {"name": "pm:template", "range": {"startIndex": 1, "endIndex": 2}}
    batch = {"requests": [{"createNamedRange": mark}]}
    client.post(f"/v1/documents/{first}:batchUpdate", json=batch)

    assert twice == {"documents": {"k1": 2}, "documents_by_folder": {folder: 2}}
    assert ledger(client)["duplicates"] == {}
    assert counts(client, "folders") == {"k1": (1, 1, 1)}
    assert counts(client, "documents") == {"k1": (2, 2, 1)}
    assert counts(client, "documents_by_folder") == {folder: (2, 2, 1)}
    assert counts(client, "contents") == {f"{first} pm:template": (1, 1, 1)}


def test_tickets_links_and_comments_are_counted(client: httpx.Client) -> None:
    key = ticket(client, "pm-1")
    ticket(client, "pm-1")
    link = {"globalId": "pm=1", "object": {"url": "https://example.com/1", "title": "D"}}
    for _ in range(2):
        client.post(f"/rest/api/3/issue/{key}/remotelink", json=link)
        client.post(f"/rest/api/3/issue/{key}/comment", json={"body": TEXT})

    assert counts(client, "tickets") == {"pm-1": (2, 2, 2)}
    assert counts(client, "remote_links") == {f"{key} pm=1": (2, 1, 1)}
    assert counts(client, "comments") == {f"{key} Done.": (2, 2, 2)}
    assert ledger(client)["duplicates"] == {"tickets": {"pm-1": 2}, "comments": {f"{key} Done.": 2}}


def test_mails_are_duplicates_when_one_person_gets_them_twice(client: httpx.Client) -> None:
    client.post("/v3/mail/send", json=mail("k1", ADA, TEAM))
    client.post("/v3/mail/send", json=mail("k2", ADA, kind="customers"))
    assert ledger(client)["duplicates"] == {}

    client.post("/v3/mail/send", json=mail("k2", ADA, kind="customers"))

    assert counts(client, "mails") == {"k1": (2, 2, 2), "k2": (2, 2, 2)}
    assert counts(client, "customer_mails") == {"k2": (2, 2, 2)}
    twice = {f"k2 to {ADA}": 2}
    assert ledger(client)["duplicates"] == {"mails": twice, "customer_mails": twice}


def test_a_lost_answer_counts_as_created_and_a_lost_request_does_not(client: httpx.Client) -> None:
    for kind in ("close_after", "close_before"):
        client.post("/simulator/faults", json=[{"kind": kind}])
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/v3/mail/send", json=mail("k1", ADA))

    assert counts(client, "mails") == {"k1": (2, 1, 1)}


def test_what_bears_no_mark_is_told_apart_and_no_duplicate(client: httpx.Client) -> None:
    for number in range(2):
        client.post(EVENTS, json=event(f"event{number}", "") | {"extendedProperties": None})
    client.post(EVENTS, json={"extendedProperties": ["nonsense"]})

    assert counts(client, "events") == {"unmarked": (2, 2, 2)}
    assert ledger(client)["duplicates"] == {}


def test_requests_tell_what_befell_them(client: httpx.Client) -> None:
    client.post("/simulator/faults", json=[{"kind": "status_after", "method": "POST"}])
    client.post(EVENTS, json=event("event0", "k1"))
    client.get(f"{EVENTS}/event0")

    posted, read = client.get("/simulator/requests").json()["requests"]

    assert (posted["fault"], posted["effect"], posted["status"]) == ("status_after", True, 503)
    assert (read["fault"], read["effect"], read["status"]) == (None, False, 200)
    assert read["route"] == "/calendar/v3/calendars/{calendar}/events/{event}"
