"""The simulated Drive: folders and documents, lists that lag, readers, partial answers."""

import json
from importlib.resources import files

import httpx

from tests.simulator.bodies import ADA, BOB, DOCUMENT, EVENTS, FOLDER, MEET, NOON, TEAM


def schema(document: str, name: str) -> set[str]:
    """Return the fields that Google's own description gives a type."""
    package = files("googleapiclient") / "discovery_cache" / "documents" / f"{document}.json"
    return set(json.loads(package.read_text())["schemas"][name]["properties"])


def reason(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["errors"][0]["reason"]


def folder(google: httpx.Client) -> str:
    [name] = google.get("/drive/v3/files/generateIds", params={"count": 1}).json()["ids"]
    body = {"id": name, "name": "Case", "mimeType": FOLDER, "appProperties": {"key": "k1"}}
    google.post("/drive/v3/files", json=body).raise_for_status()
    return str(name)


def document(google: httpx.Client, parent: str) -> str:
    body = {"name": "Postmortem", "mimeType": DOCUMENT, "parents": [parent]}
    return str(google.post("/drive/v3/files", json=body).json()["id"])


def test_a_folder_takes_a_reserved_id_once(google: httpx.Client) -> None:
    name = folder(google)

    again = google.post("/drive/v3/files", json={"id": name, "name": "X", "mimeType": FOLDER})
    made_up = google.post("/drive/v3/files", json={"id": "mine", "name": "X", "mimeType": FOLDER})

    assert reason(again) == (409, "fileIdInUse")
    assert reason(made_up) == (400, "invalid")
    params = {"fields": "name,appProperties"}
    assert google.get(f"/drive/v3/files/{name}", params=params).json() == {
        "name": "Case",
        "appProperties": {"key": "k1"},
    }


def test_a_document_takes_no_id_of_the_callers(google: httpx.Client) -> None:
    [name] = google.get("/drive/v3/files/generateIds", params={"count": 1}).json()["ids"]

    answer = google.post("/drive/v3/files", json={"id": name, "mimeType": DOCUMENT})

    assert reason(answer) == (400, "generatedIdNotSupported")


def test_files_are_found_by_parent_type_name_and_property(google: httpx.Client) -> None:
    parent = folder(google)
    first, second = document(google, parent), document(google, parent)
    google.patch(f"/drive/v3/files/{second}", json={"name": "O'Hara", "trashed": True})

    def found(query: str) -> list[str]:
        params = {"q": query, "fields": "files(id)", "orderBy": "createdTime"}
        files = google.get("/drive/v3/files", params=params).json()["files"]
        return [file["id"] for file in files]

    assert found(f"'{parent}' in parents and trashed=false") == [first]
    assert found(f"'{parent}' in parents and mimeType='{DOCUMENT}'") == [first, second]
    assert found(f"'{parent}' in parents and mimeType != '{DOCUMENT}'") == []
    assert found("name = 'O\\'Hara'") == [second]
    assert found("appProperties has { key='key' and value='k1' } and trashed = false") == [parent]


def test_a_search_that_cannot_be_read_is_refused(google: httpx.Client) -> None:
    for query in ("parents = 'x'", "trashed=false or trashed=true", "trashed=false and "):
        assert reason(google.get("/drive/v3/files", params={"q": query})) == (400, "invalid")


def test_long_lists_come_page_by_page(google: httpx.Client) -> None:
    made = [google.post(EVENTS, json=NOON).json()["id"] for _ in range(3)]

    first = google.get(EVENTS, params={"maxResults": 2}).json()
    token = {"maxResults": 2, "pageToken": first["nextPageToken"]}
    second = google.get(EVENTS, params=token).json()

    assert {event["id"] for event in first["items"] + second["items"]} == set(made)
    assert "nextPageToken" not in second
    assert reason(google.get("/drive/v3/files", params={"pageSize": "all"})) == (400, "invalid")


def test_listing_lags_behind_creation_until_the_worlds_clock_has_moved_on(
    google: httpx.Client,
) -> None:
    google.put("/simulator/settings", json={"drive_list_lag_seconds": 60})
    parent = folder(google)
    made = document(google, parent)
    params = {"q": f"'{parent}' in parents"}

    early = google.get("/drive/v3/files", params=params).json()["files"]
    google.put("/simulator/clock", json={"now": "2100-01-01T00:00:00Z"})
    late = google.get("/drive/v3/files", params=params).json()["files"]

    assert early == []
    assert [file["id"] for file in late] == [made]
    assert google.get(f"/drive/v3/files/{made}").status_code == 200


def test_sharing_twice_gives_one_permission_and_mails_unless_told_not_to(
    google: httpx.Client,
) -> None:
    made = document(google, folder(google))
    path = f"/drive/v3/files/{made}/permissions"
    ada = {"type": "user", "role": "reader", "emailAddress": ADA}
    bob = {"type": "user", "role": "writer", "emailAddress": BOB}

    google.post(path, json=ada, params={"sendNotificationEmail": "false"})
    google.post(path, json=ada | {"role": "writer"}, params={"sendNotificationEmail": "false"})
    google.post(path, json=bob)

    fields = {"fields": "permissions(emailAddress,role)"}
    assert google.get(path, params=fields).json()["permissions"][1:] == [
        {"emailAddress": ADA, "role": "writer"},
        {"emailAddress": BOB, "role": "writer"},
    ]
    assert [mail["to"] for mail in google.get("/simulator/mails?kind=drive").json()] == [BOB]
    assert reason(google.post(path, json={"type": "user", "role": "reader"})) == (400, "invalid")


def test_a_missing_file_parent_or_calendar_is_not_found(google: httpx.Client) -> None:
    orphan = {"mimeType": FOLDER, "parents": ["nowhere"]}

    assert reason(google.get("/drive/v3/files/nothing")) == (404, "notFound")
    assert reason(google.post("/drive/v3/files", json=orphan)) == (404, "notFound")
    assert reason(google.get("/calendar/v3/calendars/nobody/events")) == (404, "notFound")


def test_an_answer_has_the_fields_that_were_asked_for(google: httpx.Client) -> None:
    name = folder(google)

    plain = google.get(f"/drive/v3/files/{name}").json()
    owners = google.get(f"/drive/v3/files/{name}?fields=id,owners/emailAddress").json()
    broken = google.get(f"/drive/v3/files/{name}?fields=owners(emailAddress")

    assert set(plain) == {"kind", "id", "name", "mimeType"}
    assert owners == {"id": name, "owners": [{"emailAddress": "aftermath@example.com"}]}
    assert reason(broken) == (400, "invalidParameter")


def test_every_field_told_is_one_that_google_describes(google: httpx.Client) -> None:
    body = NOON | {"attendees": [{"email": ADA}], "conferenceData": MEET}
    event = google.post(EVENTS, json=body, params={"conferenceDataVersion": 1}).json()
    made = document(google, folder(google))
    file = google.get(f"/drive/v3/files/{made}", params={"fields": "*"}).json()
    told = google.get(f"/v1/documents/{made}").json()

    assert event.keys() <= schema("calendar.v3", "Event")
    assert event["attendees"][0].keys() <= schema("calendar.v3", "EventAttendee")
    assert event["conferenceData"].keys() <= schema("calendar.v3", "ConferenceData")
    assert google.get(EVENTS).json().keys() <= schema("calendar.v3", "Events")
    calendar = google.get(f"/calendar/v3/calendars/{TEAM}").json()
    assert calendar.keys() <= schema("calendar.v3", "Calendar")
    assert file.keys() <= schema("drive.v3", "File")
    assert file["permissions"][0].keys() <= schema("drive.v3", "Permission")
    assert file["lastModifyingUser"].keys() <= schema("drive.v3", "User")
    assert told.keys() <= schema("docs.v1", "Document")
