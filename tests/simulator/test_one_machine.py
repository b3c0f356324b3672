"""The simulator as one machine: control, faults, records, pages, start and stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from simulator.server import running_simulator
from tests.simulator.bodies import ADA, DOCUMENT, HOUR, TEAM

ROOT = Path(__file__).parents[2]
MAIL = {
    "personalizations": [{"to": [{"email": ADA}], "custom_args": {"notice": "n1"}}],
    "from": {"email": "bot@example.com"},
    "subject": "Review",
    "content": [
        {"type": "text/plain", "value": "See https://example.com/review?a=1&b=2 please"},
        {"type": "text/html", "value": "<p>See <script>alert(1)</script></p>"},
    ],
}


def open_ticket(vendors: httpx.Client, **fields: object) -> str:
    given = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Fix it"}
    answer = vendors.post("/rest/api/3/issue", json={"fields": given | fields})
    return str(answer.json()["key"])


def last_mail(vendors: httpx.Client) -> dict[str, Any]:
    return dict(vendors.get("/simulator/mails").json()[-1])


def test_the_clock_goes_where_it_is_set_and_stamps_what_happens(vendors: httpx.Client) -> None:
    vendors.put("/simulator/clock", json={"now": "2030-05-06T07:08:09+02:00"})

    vendors.post("/v3/mail/send", json=MAIL)

    assert last_mail(vendors)["at"].startswith("2030-05-06T05:08:")


def test_a_lost_answer_is_a_dropped_connection_after_the_effect(vendors: httpx.Client) -> None:
    seen = len(vendors.get("/simulator/mails").json())
    vendors.post("/simulator/faults", json=[{"path_regex": "/v3/mail", "kind": "close_after"}])

    with pytest.raises(httpx.RemoteProtocolError):
        vendors.post("/v3/mail/send", json=MAIL)

    assert len(vendors.get("/simulator/mails").json()) == seen + 1
    assert vendors.post("/v3/mail/send", json=MAIL).status_code == 202


def test_a_connection_dropped_before_the_effect_leaves_nothing(vendors: httpx.Client) -> None:
    seen = len(vendors.get("/simulator/mails").json())
    vendors.post("/simulator/faults", json=[{"path_regex": "/v3/mail", "kind": "close_before"}])

    with pytest.raises(httpx.RemoteProtocolError):
        vendors.post("/v3/mail/send", json=MAIL)

    assert len(vendors.get("/simulator/mails").json()) == seen


def test_a_client_that_gives_up_waiting_has_still_made_its_request(vendors: httpx.Client) -> None:
    seen = len(vendors.get("/simulator/mails").json())
    rule = {"path_regex": "/v3/mail", "kind": "delay_before", "seconds": 0.2}
    vendors.post("/simulator/faults", json=[rule])

    with pytest.raises(httpx.ReadTimeout):
        vendors.post("/v3/mail/send", json=MAIL, timeout=0.05)

    time.sleep(0.3)
    assert len(vendors.get("/simulator/mails").json()) == seen + 1


def test_a_status_fault_speaks_in_the_vendors_shape_and_is_used_up(vendors: httpx.Client) -> None:
    rule = {
        "path_regex": "^/rest/",
        "method": "get",
        "times": 2,
        "kind": "status",
        "status": 429,
        "headers": {"Retry-After": "7"},
    }
    vendors.post("/simulator/faults", json=[rule])

    answers = [vendors.get("/rest/api/3/myself") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].json() == {"errorMessages": ["Too Many Requests"], "errors": {}}


def test_a_rule_with_a_seed_strikes_the_same_requests_each_time(vendors: httpx.Client) -> None:
    rule = {"path_regex": "myself", "probability": 0.5, "seed": 7, "kind": "html200"}
    runs = []

    for _ in range(2):
        vendors.delete("/simulator/faults")
        vendors.post("/simulator/faults", json=[rule])
        answers = [vendors.get("/rest/api/3/myself") for _ in range(12)]
        runs.append(["html" in answer.headers["content-type"] for answer in answers])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


def test_the_ledger_counts_by_route_and_knows_how_it_ended(vendors: httpx.Client) -> None:
    vendors.delete("/simulator/requests")
    key = open_ticket(vendors)
    vendors.get(f"/rest/api/3/issue/{key}")
    vendors.get("/rest/api/3/issue/OPS-999999")

    ledger = vendors.get("/simulator/requests").json()

    assert ledger["counts"] == {"GET /rest/api/3/issue/{issue}": 2, "POST /rest/api/3/issue": 1}
    assert [entry["status"] for entry in ledger["requests"]] == [201, 200, 404]


def test_an_unknown_setting_is_refused_and_the_others_are_kept(vendors: httpx.Client) -> None:
    vendors.put("/simulator/settings", json={"drive_list_lag_seconds": 3})

    refused = vendors.put("/simulator/settings", json={"lag": 1})

    assert refused.status_code == 422
    settings = vendors.put("/simulator/settings", json={"drive_list_lag_seconds": 0}).json()
    assert settings["account"] == "aftermath@example.com"


def test_a_person_moves_an_event_and_the_attendees_hear_of_it(vendors: httpx.Client) -> None:
    body = HOUR | {"id": "move01", "summary": "Meet", "attendees": [{"email": ADA}]}
    event = vendors.post(f"/calendar/v3/calendars/{TEAM}/events", json=body).json()
    form = {"start": "2026-01-06T15:00", "end": "2026-01-06T16:00", "zone": "Europe/Berlin"}

    page = vendors.post(f"{event['htmlLink']}/move", data=form)

    assert "Tuesday 6 January 2026, 14:00" in page.text
    moved = vendors.get(f"/calendar/v3/calendars/{TEAM}/events/move01").json()
    assert moved["start"]["dateTime"] == "2026-01-06T14:00:00Z"
    assert moved["sequence"] == 1
    mail = last_mail(vendors)
    assert mail["kind"] == "calendar"
    assert mail["subject"].startswith("Updated invitation: Meet")


def test_a_person_answers_and_deletes_an_event(vendors: httpx.Client) -> None:
    body = HOUR | {"id": "rsvp01", "summary": "Meet", "attendees": [{"email": ADA}]}
    event = vendors.post(f"/calendar/v3/calendars/{TEAM}/events", json=body).json()
    answer = {"email": ADA, "response": "declined"}

    vendors.post(f"{event['htmlLink']}/respond", data=answer)
    vendors.post(f"{event['htmlLink']}/delete")

    found = vendors.get(f"/calendar/v3/calendars/{TEAM}/events/rsvp01").json()
    assert found["attendees"][0]["responseStatus"] == "declined"
    assert found["status"] == "cancelled"
    assert last_mail(vendors)["subject"].startswith("Cancelled: Meet")


def test_the_inbox_shows_text_with_links_and_html_behind_glass(vendors: httpx.Client) -> None:
    vendors.post("/v3/mail/send", json=MAIL)
    number = last_mail(vendors)["id"]

    page = vendors.get(f"/inbox/{number}").text
    html = vendors.get(f"/inbox/{number}/html")

    assert 'href="https://example.com/review?a=1&amp;b=2"' in page
    assert "<script>" not in page
    assert html.headers["content-security-policy"].startswith("sandbox")
    assert "Ada" in vendors.get("/inbox").text
    assert "Ada" in vendors.get("/").text


def test_a_person_moves_a_ticket_and_changes_its_due_date(vendors: httpx.Client) -> None:
    key = open_ticket(vendors)

    vendors.post(f"/tickets/{key}/transition", data={"to": "Won't Do", "author": ADA})
    page = vendors.post(f"/tickets/{key}/due-date", data={"duedate": "2026-02-03"})

    fields = vendors.get(f"/rest/api/3/issue/{key}").json()["fields"]
    assert fields["status"]["statusCategory"]["key"] == "done"
    assert fields["resolution"]["name"] == "Won't Do"
    assert fields["duedate"] == "2026-02-03"
    assert "Won&#39;t Do" in page.text
    assert key in vendors.get("/tickets").text


def test_a_form_that_cannot_be_followed_says_why(vendors: httpx.Client) -> None:
    key = open_ticket(vendors)

    page = vendors.post(f"/tickets/{key}/due-date", data={"duedate": "soon"})

    assert page.status_code == 400
    assert "Error parsing date string: soon" in page.text
    assert vendors.get("/tickets/OPS-424242").status_code == 404
    assert vendors.get("/calendar/nobody/none").status_code == 404


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/calendar/v3/colors", ["error", "errors"]),
        ("/drive/v3/changes", ["error", "errors"]),
        ("/v1/documents/x/y", ["error", "status"]),
        ("/rest/api/3/nothing", ["errorMessages"]),
        ("/rest/api/2/nothing", ["errorMessages"]),
        ("/v3/marketing/lists", ["errors"]),
    ],
)
def test_what_is_not_simulated_is_not_found_in_the_vendors_shape(
    vendors: httpx.Client, path: str, mark: list[str]
) -> None:
    answer = vendors.get(path)

    assert answer.status_code == 404
    found = answer.json()
    for name in mark:
        found = found[name]
    assert found


def test_no_vendor_answers_a_caller_without_credentials(url: str) -> None:
    refused = {
        path: httpx.get(url + path).status_code
        for path in ("/drive/v3/files", "/v1/documents/x", "/rest/api/3/myself")
    }

    assert set(refused.values()) == {401}
    google = httpx.get(f"{url}/calendar/v3/calendars/primary")
    assert google.headers["www-authenticate"].startswith('Bearer realm="https://accounts.google')
    assert httpx.post(f"{url}/v3/mail/send", json=MAIL).status_code == 401


def test_a_database_file_outlives_the_simulator(tmp_path: Path) -> None:
    database = str(tmp_path / "vendors.db")
    headers = {"Authorization": "Bearer simulator"}

    with running_simulator(database) as first:
        httpx.post(f"{first.url}/v3/mail/send", json=MAIL, headers=headers)
    with running_simulator(database) as second:
        mails = httpx.get(f"{second.url}/simulator/mails", params={"to": ADA.upper()}).json()

    assert [mail["custom_args"] for mail in mails] == [{"notice": "n1"}]


def test_the_record_holds_every_vendor_exchange_and_no_secret(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    headers = {"Authorization": "Bearer very-secret"}

    with running_simulator(record=record) as simulator:
        httpx.get(f"{simulator.url}/simulator/clock")
        httpx.get(f"{simulator.url}/")
        assert json.loads(record.read_text()) == []
        query = {"q": "trashed=false", "fields": "files(id)"}
        httpx.get(f"{simulator.url}/drive/v3/files", params=query, headers=headers)
        httpx.post(f"{simulator.url}/v3/mail/send", json=MAIL, headers=headers)
        found = json.loads(record.read_text())

    assert [entry["path"] for entry in found] == ["/drive/v3/files", "/v3/mail/send"]
    assert found[0]["query"] == [["q", "trashed=false"], ["fields", "files(id)"]]
    assert found[0]["response"]["body"] == {"files": []}
    assert found[1]["body"] == MAIL
    assert found[1]["response"]["status"] == 202
    assert found[1]["response"]["body"] == ""
    assert found[1]["headers"]["authorization"] == "[redacted]"
    assert "very-secret" not in record.read_text()


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "simulator", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=-1, stderr=-1, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_process_says_where_it_listens_and_a_second_one_that_it_cannot(tmp_path: Path) -> None:
    record = tmp_path / "record.json"

    with started("--port", "0", "--record", str(record)) as first:
        assert first.stdout is not None
        line = first.stdout.readline().strip()
        url = line.removeprefix("simulator listening on ")
        httpx.post(f"{url}/v3/mail/send", json=MAIL, headers={"Authorization": "Bearer x"})
        with started("--port", url.rpartition(":")[2]) as second:
            _, complaint = second.communicate(timeout=60)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)

    assert url.startswith("http://127.0.0.1:")
    assert second.returncode == 2
    assert complaint.count("\n") == 1
    assert "cannot listen on 127.0.0.1" in complaint
    assert [entry["path"] for entry in json.loads(record.read_text())] == ["/v3/mail/send"]


def test_a_chosen_port_is_the_port() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with running_simulator(port=port) as simulator:
        assert simulator.url == f"http://127.0.0.1:{port}"


def test_an_event_is_linked_even_from_a_calendar_with_an_odd_name(vendors: httpx.Client) -> None:
    vendors.post("/simulator/calendars", json={"id": "rooms#1@example.com"})
    path = f"/calendar/v3/calendars/{quote('rooms#1@example.com', safe='')}/events"
    event = vendors.post(path, json=HOUR | {"summary": "Odd & <b>bold</b>"}).json()

    page = vendors.get(event["htmlLink"])

    assert page.status_code == 200
    assert "Odd &amp; &lt;b&gt;bold" in page.text
    assert "Odd &amp; &lt;b&gt;bold" in vendors.get("/calendar").text


def test_a_folder_shows_what_it_holds(vendors: httpx.Client) -> None:
    folder = {"name": "Case", "mimeType": "application/vnd.google-apps.folder"}
    made = vendors.post("/drive/v3/files?fields=id,webViewLink", json=folder).json()
    inside = {"name": "Inside", "mimeType": DOCUMENT, "parents": [made["id"]]}

    vendors.post("/drive/v3/files", json=inside)

    assert "Inside" in vendors.get(made["webViewLink"]).text
    assert "Inside" in vendors.get("/documents").text
