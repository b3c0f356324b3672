"""The simulated Calendar and Drive, also through Google's own client library."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from simulator.server import running_simulator

ADA, BOB, TEAM = "ada@example.com", "bob@example.com", "team@example.com"
EVENTS = f"/calendar/v3/calendars/{TEAM}/events"
FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"
NOON = {
    "summary": "Review",
    "start": {"dateTime": "2026-01-05T12:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-01-05T13:00:00+01:00", "timeZone": "Europe/Berlin"},
}
MEET = {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_simulator() as simulator:
        yield simulator.url


@pytest.fixture
def google(url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer simulator"}
    with httpx.Client(base_url=url, headers=headers) as client:
        client.post("/simulator/reset")
        people = [{"email": ADA, "name": "Ada"}, {"email": BOB, "name": "Bob"}]
        client.post("/simulator/people", json={"people": people})
        client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
        yield client


def service(google: httpx.Client, name: str, version: str, path: str) -> Any:  # noqa: ANN401 - untyped library
    return build(
        name,
        version,
        credentials=Credentials(token="simulator"),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": f"{google.base_url}{path}"},
        static_discovery=True,
    )


def schema(document: str, name: str) -> set[str]:
    """Return the fields that Google's own description gives a type."""
    package = files("googleapiclient") / "discovery_cache" / "documents" / f"{document}.json"
    return set(json.loads(package.read_text())["schemas"][name]["properties"])


def reason(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["errors"][0]["reason"]


def busy(google: httpx.Client, *calendars: str) -> dict[str, Any]:
    query = {
        "timeMin": "2026-01-05T00:00:00Z",
        "timeMax": "2026-01-06T00:00:00Z",
        "items": [{"id": calendar} for calendar in calendars],
    }
    return dict(google.post("/calendar/v3/freeBusy", json=query).json()["calendars"])


def folder(google: httpx.Client) -> str:
    [name] = google.get("/drive/v3/files/generateIds", params={"count": 1}).json()["ids"]
    body = {"id": name, "name": "Case", "mimeType": FOLDER, "appProperties": {"key": "k1"}}
    google.post("/drive/v3/files", json=body).raise_for_status()
    return str(name)


def document(google: httpx.Client, parent: str) -> str:
    body = {"name": "Postmortem", "mimeType": DOCUMENT, "parents": [parent]}
    return str(google.post("/drive/v3/files", json=body).json()["id"])


def test_an_event_is_created_under_the_callers_id_and_never_twice(google: httpx.Client) -> None:
    first = google.post(EVENTS, json=NOON | {"id": "pm0123"})

    second = google.post(EVENTS, json=NOON | {"id": "pm0123"})

    assert first.json()["id"] == "pm0123"
    assert reason(second) == (409, "duplicate")


def test_a_deleted_event_stays_readable_and_keeps_its_id(google: httpx.Client) -> None:
    google.post(EVENTS, json=NOON | {"id": "pm0123"})

    assert google.delete(f"{EVENTS}/pm0123").status_code == 204

    assert google.get(f"{EVENTS}/pm0123").json()["status"] == "cancelled"
    assert reason(google.post(EVENTS, json=NOON | {"id": "pm0123"})) == (409, "duplicate")
    assert reason(google.delete(f"{EVENTS}/pm0123")) == (410, "deleted")
    assert reason(google.patch(f"{EVENTS}/pm0123", json={"summary": "x"})) == (403, "forbidden")
    assert google.get(EVENTS).json()["items"] == []
    assert len(google.get(EVENTS, params={"showDeleted": "true"}).json()["items"]) == 1


def test_a_patch_of_a_stale_event_is_refused(google: httpx.Client) -> None:
    old = google.post(EVENTS, json=NOON | {"id": "pm0123"}).json()["etag"]
    new = google.patch(f"{EVENTS}/pm0123", json={"summary": "New"}).json()["etag"]

    stale = google.patch(f"{EVENTS}/pm0123", json={}, headers={"If-Match": old})
    fresh = google.patch(f"{EVENTS}/pm0123", json={}, headers={"If-Match": new})

    assert reason(stale) == (412, "conditionNotMet")
    assert fresh.status_code == 200


def test_a_new_time_raises_the_sequence_and_a_new_title_does_not(google: httpx.Client) -> None:
    google.post(EVENTS, json=NOON | {"id": "pm0123"})
    later = {"end": {"dateTime": "2026-01-05T14:00:00+01:00"}}
    same = {"end": {"dateTime": "2026-01-05T13:00:00Z"}}

    titled = google.patch(f"{EVENTS}/pm0123", json={"summary": "New"}).json()
    moved = google.patch(f"{EVENTS}/pm0123", json=later).json()
    unmoved = google.patch(f"{EVENTS}/pm0123", json=same).json()

    assert [e["sequence"] for e in (titled, moved, unmoved)] == [0, 1, 1]


def test_a_patch_merges_properties_and_replaces_attendees(google: httpx.Client) -> None:
    properties = {"private": {"key": "k1", "gone": "g"}}
    body = {"id": "pm0123", "attendees": [{"email": ADA}], "extendedProperties": properties}
    google.post(EVENTS, json=NOON | body)
    changes = {
        "attendees": [{"email": BOB, "responseStatus": "accepted"}],
        "extendedProperties": {"private": {"more": "m", "gone": None}},
    }

    changed = google.patch(f"{EVENTS}/pm0123", json=changes).json()

    assert changed["extendedProperties"]["private"] == {"key": "k1", "more": "m"}
    assert changed["attendees"] == [{"email": BOB, "responseStatus": "accepted"}]
    found = google.get(EVENTS, params={"privateExtendedProperty": "key=k1"}).json()["items"]
    assert [event["id"] for event in found] == ["pm0123"]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"id": "pm01"}, (400, "invalid")),
        ({"id": "PM-0123"}, (400, "invalid")),
        ({"id": "wxyz0"}, (400, "invalid")),
        ({"end": NOON["start"]}, (400, "timeRangeEmpty")),
        ({"end": None}, (400, "required")),
        ({"start": {"dateTime": "noon"}}, (400, "invalid")),
        ({"start": {"dateTime": "2026-01-05T09:00:00", "timeZone": "Mars"}}, (400, "invalid")),
        ({"attendees": [{"displayName": "Ada"}]}, (400, "required")),
        ({"attendees": [{"email": "ada"}]}, (400, "invalid")),
    ],
)
def test_an_event_that_google_would_refuse_is_refused(
    google: httpx.Client, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert reason(google.post(EVENTS, json=NOON | body)) == refusal
    assert google.get(EVENTS).json()["items"] == []


def test_a_conference_comes_only_when_it_is_asked_for(google: httpx.Client) -> None:
    body = NOON | {"conferenceData": MEET}

    without = google.post(EVENTS, json=body).json()
    asked = google.post(EVENTS, json=body, params={"conferenceDataVersion": 1}).json()
    again = google.patch(
        f"{EVENTS}/{asked['id']}",
        json={"conferenceData": MEET},
        params={"conferenceDataVersion": 1},
    ).json()

    assert "conferenceData" not in without
    assert asked["conferenceData"]["createRequest"]["status"]["statusCode"] == "success"
    assert asked["conferenceData"]["entryPoints"][0]["uri"] == asked["hangoutLink"]
    assert again["hangoutLink"] == asked["hangoutLink"]


def test_attendees_hear_of_an_event_only_when_updates_are_sent(google: httpx.Client) -> None:
    both = {"id": "pm0123", "attendees": [{"email": ADA}, {"email": BOB}]}
    google.post(EVENTS, json=NOON | both, params={"sendUpdates": "all"})
    google.patch(f"{EVENTS}/pm0123", json={"location": "here"}, params={"sendUpdates": "none"})
    one = {"attendees": [{"email": ADA}]}
    google.patch(f"{EVENTS}/pm0123", json=one, params={"sendUpdates": "all"})
    google.delete(f"{EVENTS}/pm0123", params={"sendUpdates": "all"})

    mails = google.get("/simulator/mails", params={"kind": "calendar"}).json()

    told = [(mail["to"], mail["subject"].partition(":")[0]) for mail in mails]
    assert told == [
        (ADA, "Invitation"),
        (BOB, "Invitation"),
        (ADA, "Updated invitation"),
        (BOB, "Cancelled"),
        (ADA, "Cancelled"),
    ]


def test_an_invitation_makes_busy_until_it_is_declined(google: httpx.Client) -> None:
    google.post(EVENTS, json=NOON | {"id": "pm0123", "attendees": [{"email": ADA}]})
    noon = [{"start": "2026-01-05T11:00:00Z", "end": "2026-01-05T12:00:00Z"}]
    assert busy(google, ADA, TEAM, BOB) == {
        ADA: {"busy": noon},
        TEAM: {"busy": noon},
        BOB: {"busy": []},
    }

    declined = {"attendees": [{"email": ADA, "responseStatus": "declined"}]}
    google.patch(f"{EVENTS}/pm0123", json=declined)

    assert busy(google, ADA)[ADA] == {"busy": []}


def test_a_transparent_event_makes_nobody_busy(google: httpx.Client) -> None:
    google.post(EVENTS, json=NOON | {"transparency": "transparent", "attendees": [{"email": ADA}]})

    assert busy(google, ADA)[ADA] == {"busy": []}


def test_busy_times_are_joined_and_an_unknown_calendar_is_no_free_one(google: httpx.Client) -> None:
    for start, end in (("08:00", "09:30"), ("09:00", "10:00"), ("15:00", "16:00")):
        span = {"start": f"2026-01-05T{start}:00Z", "end": f"2026-01-05T{end}:00Z"}
        google.post("/simulator/busy", json={"calendar": ADA} | span)

    told = busy(google, ADA, "nobody@example.com")

    assert told[ADA]["busy"] == [
        {"start": "2026-01-05T08:00:00Z", "end": "2026-01-05T10:00:00Z"},
        {"start": "2026-01-05T15:00:00Z", "end": "2026-01-05T16:00:00Z"},
    ]
    assert told["nobody@example.com"]["errors"] == [{"domain": "global", "reason": "notFound"}]


def test_more_than_fifty_calendars_are_too_many(google: httpx.Client) -> None:
    told = busy(google, *(f"p{number}@example.com" for number in range(51)))

    assert {each["errors"][0]["reason"] for each in told.values()} == {"tooManyCalendarsRequested"}


def test_times_are_told_in_the_zone_of_the_calendar(google: httpx.Client) -> None:
    berlin = {"id": "berlin@example.com", "timezone": "Europe/Berlin"}
    google.post("/simulator/calendars", json=berlin)
    local = {"dateTime": "2026-07-01T09:00:00", "timeZone": "America/New_York"}
    end = {"dateTime": "2026-07-01T14:00:00Z"}

    event = google.post(
        "/calendar/v3/calendars/berlin@example.com/events", json={"start": local, "end": end}
    ).json()

    assert event["start"] == {
        "dateTime": "2026-07-01T15:00:00+02:00",
        "timeZone": "America/New_York",
    }
    assert event["end"] == {"dateTime": "2026-07-01T16:00:00+02:00", "timeZone": "Europe/Berlin"}


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


def test_googles_own_client_books_moves_and_cancels(google: httpx.Client) -> None:
    calendar = service(google, "calendar", "v3", "/calendar/v3/")
    with calendar:
        events = calendar.events()
        made = events.insert(calendarId=TEAM, body=NOON | {"id": "pm0123"}).execute()
        patch = events.patch(calendarId=TEAM, eventId="pm0123", body={"summary": "x"})
        patch.headers["If-Match"] = '"0"'
        with pytest.raises(HttpError) as stale:
            patch.execute()
        events.delete(calendarId=TEAM, eventId="pm0123").execute()
        with pytest.raises(HttpError) as duplicate:
            events.insert(calendarId=TEAM, body=NOON | {"id": "pm0123"}).execute()

    assert made["id"] == "pm0123"
    assert stale.value.status_code == 412
    assert duplicate.value.status_code == 409
    assert duplicate.value.error_details[0]["reason"] == "duplicate"


def test_googles_own_client_files_and_exports_a_document(google: httpx.Client) -> None:
    with service(google, "drive", "v3", "/drive/v3/") as drive:
        [name] = drive.files().generateIds(count=1).execute()["ids"]
        drive.files().create(body={"id": name, "name": "C", "mimeType": FOLDER}).execute()
        body = {"name": "D", "mimeType": DOCUMENT, "parents": [name]}
        made = drive.files().create(body=body, fields="id,webViewLink").execute()
        permission = {"type": "user", "role": "reader", "emailAddress": ADA}
        drive.permissions().create(fileId=made["id"], body=permission).execute()
        found = drive.files().list(q=f"'{name}' in parents and trashed=false").execute()
        text = drive.files().export(fileId=made["id"], mimeType="text/plain").execute()

    assert [file["id"] for file in found["files"]] == [made["id"]]
    assert made["webViewLink"] == f"{google.base_url}/documents/{made['id']}"
    assert text == b"\xef\xbb\xbf"


def test_a_service_account_acts_as_the_person_it_stands_for(google: httpx.Client) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    info = {
        "client_email": "robot@project.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": f"{google.base_url}/token",
    }
    credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        info, scopes=["https://www.googleapis.com/auth/calendar"], subject=ADA
    )

    credentials.refresh(Request())

    bearer = {"Authorization": f"Bearer {credentials.token}"}
    event = google.post(EVENTS, json=NOON, headers=bearer).json()
    assert event["creator"] == {"email": ADA}


def test_the_token_endpoint_refuses_in_the_words_of_oauth(google: httpx.Client) -> None:
    answers = [
        google.post("/token", data=form)
        for form in (
            {"grant_type": "password"},
            {"grant_type": "refresh_token"},
            {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x"},
        )
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert [answer.json()["error"] for answer in answers] == [
        "unsupported_grant_type",
        "invalid_request",
        "invalid_grant",
    ]
    granted = google.post("/token", data={"grant_type": "refresh_token", "refresh_token": "r"})
    assert granted.json()["token_type"] == "Bearer"
