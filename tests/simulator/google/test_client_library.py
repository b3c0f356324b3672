"""Google's own client library and credentials against the simulator."""

from typing import Any

import httpx
import pytest
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.google_accounts import service_account_key
from tests.simulator.bodies import ADA, DOCUMENT, EVENTS, FOLDER, NOON, TEAM


def service(google: httpx.Client, name: str, version: str, path: str) -> Any:  # noqa: ANN401 - untyped library
    return build(
        name,
        version,
        credentials=Credentials(token="simulator"),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": f"{google.base_url}{path}"},
        static_discovery=True,
    )


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
    info = service_account_key(str(google.base_url))
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
