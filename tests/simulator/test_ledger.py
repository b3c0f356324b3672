"""The ledger of effects: what was asked for, created, and stands, by the key it may exist under."""

from typing import Any

import httpx
import pytest

from tests.simulator.bodies import (
    ADA,
    API,
    DOCUMENT,
    EVENTS,
    FILES,
    FOLDER,
    HOUR,
    MAIL,
    TASK,
    TEAM,
    TEXT,
)


def ledger(vendors: httpx.Client) -> dict[str, Any]:
    return dict(vendors.get("/simulator/ledger").json())


def counts(vendors: httpx.Client, kind: str) -> dict[str, tuple[int, int, int]]:
    told = ledger(vendors)["effects"][kind]
    return {key: (e["posts"], e["created"], e["standing"]) for key, e in told.items()}


def event(name: str, key: str) -> dict[str, Any]:
    return HOUR | {"id": name, "extendedProperties": {"private": {"pmKey": key}}}


def mail(key: str, *to: str, kind: str = "review") -> dict[str, Any]:
    marks = {"key": key, "kind": kind}
    people = [{"to": [{"email": each}], "custom_args": marks} for each in to]
    return MAIL | {"personalizations": people}


def ticket(vendors: httpx.Client, label: str) -> str:
    answer = vendors.post(f"{API}/issue", json={"fields": TASK | {"labels": [label]}})
    return str(answer.json()["key"])


def test_events_are_counted_by_their_private_key(vendors: httpx.Client) -> None:
    vendors.post(EVENTS, json=event("event0", "k1"))
    vendors.post(EVENTS, json=event("event0", "k1"))
    vendors.post(EVENTS, json=event("event1", "k2"))
    vendors.post(EVENTS, json=event("event2", "k2"))
    vendors.delete(f"{EVENTS}/event2")

    assert counts(vendors, "events") == {"k1": (2, 1, 1), "k2": (2, 2, 1)}
    assert ledger(vendors)["duplicates"] == {}


def test_documents_are_counted_by_property_and_by_folder(vendors: httpx.Client) -> None:
    [folder] = vendors.get(f"{FILES}/generateIds?count=1").json()["ids"]
    marks = {"appProperties": {"pmKey": "k1"}}
    vendors.post(FILES, json={"id": folder, "name": "Case", "mimeType": FOLDER} | marks)
    body = {"name": "D", "mimeType": DOCUMENT, "parents": [folder]} | marks
    first, second = (vendors.post(FILES, json=body).json()["id"] for _ in range(2))
    twice = ledger(vendors)["duplicates"]
    vendors.patch(f"{FILES}/{second}", json={"trashed": True})
    mark = {"name": "pm:template", "range": {"startIndex": 1, "endIndex": 2}}
    batch = {"requests": [{"createNamedRange": mark}]}
    vendors.post(f"/v1/documents/{first}:batchUpdate", json=batch)

    assert twice == {"documents": {"k1": 2}, "documents_by_folder": {folder: 2}}
    assert ledger(vendors)["duplicates"] == {}
    assert counts(vendors, "folders") == {"k1": (1, 1, 1)}
    assert counts(vendors, "documents") == {"k1": (2, 2, 1)}
    assert counts(vendors, "documents_by_folder") == {folder: (2, 2, 1)}
    assert counts(vendors, "contents") == {f"{first} pm:template": (1, 1, 1)}


def test_tickets_links_and_comments_are_counted(vendors: httpx.Client) -> None:
    key = ticket(vendors, "pm-1")
    ticket(vendors, "pm-1")
    link = {"globalId": "pm=1", "object": {"url": "https://example.com/1", "title": "D"}}
    for _ in range(2):
        vendors.post(f"{API}/issue/{key}/remotelink", json=link)
        vendors.post(f"{API}/issue/{key}/comment", json={"body": TEXT})

    assert counts(vendors, "tickets") == {"pm-1": (2, 2, 2)}
    assert counts(vendors, "remote_links") == {f"{key} pm=1": (2, 1, 1)}
    assert counts(vendors, "comments") == {f"{key} Why & how": (2, 2, 2)}
    assert ledger(vendors)["duplicates"] == {
        "tickets": {"pm-1": 2},
        "comments": {f"{key} Why & how": 2},
    }


def test_mails_are_duplicates_when_one_person_gets_them_twice(vendors: httpx.Client) -> None:
    vendors.post("/v3/mail/send", json=mail("k1", ADA, TEAM))
    vendors.post("/v3/mail/send", json=mail("k2", ADA, kind="customers"))
    assert ledger(vendors)["duplicates"] == {}

    vendors.post("/v3/mail/send", json=mail("k2", ADA, kind="customers"))

    assert counts(vendors, "mails") == {"k1": (2, 2, 2), "k2": (2, 2, 2)}
    assert counts(vendors, "customer_mails") == {"k2": (2, 2, 2)}
    twice = {f"k2 to {ADA}": 2}
    assert ledger(vendors)["duplicates"] == {"mails": twice, "customer_mails": twice}


def test_a_lost_answer_counts_as_created_and_a_lost_request_does_not(vendors: httpx.Client) -> None:
    for kind in ("close_after", "close_before"):
        vendors.post("/simulator/faults", json=[{"kind": kind}])
        with pytest.raises(httpx.RemoteProtocolError):
            vendors.post("/v3/mail/send", json=mail("k1", ADA))

    assert counts(vendors, "mails") == {"k1": (2, 1, 1)}


def test_what_bears_no_mark_is_told_apart_and_no_duplicate(vendors: httpx.Client) -> None:
    for number in range(2):
        vendors.post(EVENTS, json=event(f"event{number}", "") | {"extendedProperties": None})
    vendors.post(EVENTS, json={"extendedProperties": ["nonsense"]})

    assert counts(vendors, "events") == {"unmarked": (2, 2, 2)}
    assert ledger(vendors)["duplicates"] == {}


def test_requests_tell_what_befell_them(vendors: httpx.Client) -> None:
    vendors.post("/simulator/faults", json=[{"kind": "status_after", "method": "POST"}])
    vendors.post(EVENTS, json=event("event0", "k1"))
    vendors.get(f"{EVENTS}/event0")

    posted, read = vendors.get("/simulator/requests").json()["requests"]

    assert (posted["fault"], posted["effect"], posted["status"]) == ("status_after", True, 503)
    assert (read["fault"], read["effect"], read["status"]) == (None, False, 200)
    assert read["route"] == "/calendar/v3/calendars/{calendar}/events/{event}"
