"""What Google and SendGrid refuse for want of access or form, and what people do to things."""

import base64
import json
from collections.abc import Iterator
from importlib.resources import files

import httpx
import pytest

from simulator.google.accounts.scopes import accepted
from tests.simulator.bodies import ADA, DOCUMENT, EVENTS, FILES, FOLDER, HOUR, MAIL, TEAM

US = "aftermath@example.com"
ROBOT = "robot@project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/"
LISTED = f"/calendar/v3/users/me/calendarList/{TEAM}"


@pytest.fixture
def google(client: httpx.Client) -> httpx.Client:
    calendar(client)
    return client


def calendar(google: httpx.Client, **more: object) -> None:
    google.post("/simulator/calendars", json={"id": TEAM, "name": "Team"} | more).raise_for_status()


def person_file(google: httpx.Client, **more: object) -> str:
    body = {"name": "Theirs", "owner": ADA} | more
    answer = google.post("/simulator/files", json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


def assertion(*scopes: str, **claims: str) -> dict[str, str]:
    told = {"iss": ROBOT, "scope": " ".join(SCOPE + scope for scope in scopes)} | claims
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return {"grant_type": grant, "assertion": f"head.{body}.signature"}


def bearer(google: httpx.Client, *scopes: str, **claims: str) -> dict[str, str]:
    answer = google.post("/token", data=assertion(*scopes, **claims))
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def reason(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["errors"][0]["reason"]


def test_a_calendar_tells_what_the_caller_may_do_in_it(google: httpx.Client) -> None:
    roles = {}
    for role in ("owner", "writer", "reader"):
        calendar(google, access={US: role})
        roles[role] = (
            google.get(LISTED).json()["accessRole"],
            google.get(EVENTS).json()["accessRole"],
            google.post(EVENTS, json=HOUR).status_code,
        )

    assert roles == {
        "owner": ("owner", "owner", 200),
        "writer": ("writer", "writer", 200),
        "reader": ("reader", "reader", 403),
    }
    assert reason(google.post(EVENTS, json=HOUR)) == (403, "requiredAccessLevel")


def test_a_calendar_without_access_does_not_exist(google: httpx.Client) -> None:
    calendar(google, access={ADA: "owner"})

    window = {"timeMin": "2026-01-05T00:00:00Z", "timeMax": "2026-01-06T00:00:00Z"}
    busy = google.post("/calendar/v3/freeBusy", json=window | {"items": [{"id": TEAM}]}).json()

    for path in (LISTED, EVENTS, f"/calendar/v3/calendars/{TEAM}"):
        assert reason(google.get(path)) == (404, "notFound")
    assert busy["calendars"][TEAM]["errors"][0]["reason"] == "notFound"


def test_a_calendar_may_be_writable_and_yet_in_no_list(google: httpx.Client) -> None:
    calendar(google, listed=False)

    assert reason(google.get(LISTED)) == (404, "notFound")
    assert google.post(EVENTS, json=HOUR).status_code == 200


def test_a_calendars_busy_times_can_fail_alone(google: httpx.Client) -> None:
    google.put("/simulator/settings", json={"free_busy_errors": {ADA: "internalError"}})
    window = {"timeMin": "2026-01-05T00:00:00Z", "timeMax": "2026-01-06T00:00:00Z"}
    asked = window | {"items": [{"id": ADA}, {"id": TEAM}]}

    told = google.post("/calendar/v3/freeBusy", json=asked).json()["calendars"]

    assert told[ADA]["errors"] == [{"domain": "global", "reason": "internalError"}]
    assert told[TEAM] == {"busy": []}


def test_a_robot_of_nobody_invites_nobody(google: httpx.Client) -> None:
    alone = bearer(google, "calendar")
    standing_in = bearer(google, "calendar", sub=ADA)
    body = HOUR | {"attendees": [{"email": ADA}]}

    refused = google.post(EVENTS, json=body, headers=alone)

    assert reason(refused) == (403, "forbiddenForServiceAccounts")
    assert google.post(EVENTS, json=HOUR, headers=alone).status_code == 200
    assert google.post(EVENTS, json=body, headers=standing_in).status_code == 200


def test_what_is_not_delegated_gets_no_token(google: httpx.Client) -> None:
    google.put("/simulator/settings", json={"google_delegated_scopes": [SCOPE + "calendar"]})

    granted = google.post("/token", data=assertion("calendar", sub=ADA))
    refused = google.post("/token", data=assertion("calendar", "drive", sub=ADA))
    unasked = google.post("/token", data=assertion(sub=ADA) | {"scope": ""})

    assert granted.status_code == 200
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
    assert google.post("/token", data=assertion("drive")).status_code == 200
    assert unasked.status_code == 400


@pytest.mark.parametrize(
    ("error", "status"), [("invalid_grant", 400), ("unauthorized_client", 401)]
)
def test_the_token_endpoint_refuses_on_demand(
    google: httpx.Client, error: str, status: int
) -> None:
    google.put("/simulator/settings", json={"google_token_error": error})

    answer = google.post("/token", data={"grant_type": "refresh_token", "refresh_token": "r"})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_a_token_reaches_no_further_than_its_scopes(google: httpx.Client) -> None:
    events = bearer(google, "calendar.events", sub=US)

    outside = google.get(FILES, headers=events)
    docs = google.get("/v1/documents/x", headers=events)

    assert google.post(EVENTS, json=HOUR, headers=events).status_code == 200
    assert reason(outside) == (403, "insufficientPermissions")
    assert docs.json()["error"]["status"] == "PERMISSION_DENIED"
    assert google.get(LISTED, headers=events).status_code == 403
    forged = {"Authorization": "Bearer ya29.simulator.%%%"}
    assert google.get(FILES, headers=forged).status_code == 401


def described_scopes(document: str) -> Iterator[tuple[str, str, set[str]]]:
    """Return the calls that Google describes, each with its path and its scopes."""
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    told = json.loads((folder / f"{document}.json").read_text())
    waiting = [told]
    while waiting:
        here = waiting.pop()
        waiting += here.get("resources", {}).values()
        for method in here.get("methods", {}).values():
            path = f"/{told['servicePath']}{method['path']}".replace("//", "/")
            yield method["httpMethod"], path, set(method.get("scopes", []))


@pytest.mark.parametrize("document", ["calendar.v3", "drive.v3", "docs.v1"])
def test_scopes_are_those_that_google_describes(document: str) -> None:
    known = {
        "GET /calendar/v3/calendars/{calendarId}",
        "GET /calendar/v3/users/me/calendarList/{calendarId}",
        "POST /calendar/v3/freeBusy",
        "GET /drive/v3/about",
        "GET /v1/documents/{documentId}",
        "POST /v1/documents",
        "POST /v1/documents/{documentId}:batchUpdate",
    }
    checked = 0
    for method, path, scopes in described_scopes(document):
        ours = path.startswith((EVENTS.replace(TEAM, "{calendarId}"), FILES))
        of_ours = path.rpartition("/")[2] in {"files", "{fileId}", "export", "permissions"}
        ids = path.endswith(("events", "{eventId}", "generateIds"))
        if f"{method} {path}" in known or (ours and (of_ours or ids) and method != "PUT"):
            example = path.replace("{", "").replace("}", "")
            assert accepted(method, example) == scopes, f"{method} {path}"
            checked += 1

    assert checked >= 3


def test_a_file_is_seen_and_changed_only_by_those_it_is_shared_with(google: httpx.Client) -> None:
    theirs = person_file(google)
    read = person_file(google, roles={US: "reader"})
    written = person_file(google, roles={US: "writer"})
    rename = {"name": "Ours"}

    def trash(name: str) -> httpx.Response:
        return google.patch(f"{FILES}/{name}", json={"trashed": True})

    assert reason(google.get(f"{FILES}/{theirs}")) == (404, "notFound")
    assert google.get(f"{FILES}/{read}").status_code == 200
    refused = google.patch(f"{FILES}/{read}", json=rename)
    assert reason(refused) == (403, "insufficientFilePermissions")
    assert google.patch(f"{FILES}/{written}", json=rename).status_code == 200
    assert trash(written).status_code == 403
    listed = [file["id"] for file in google.get(FILES).json()["files"]]
    assert set(listed) == {read, written}
    docs = [google.get(f"/v1/documents/{name}").status_code for name in (theirs, read, written)]
    assert docs == [403, 200, 200]
    batch = {"requests": [{"insertText": {"location": {"index": 1}, "text": "x"}}]}
    assert google.post(f"/v1/documents/{read}:batchUpdate", json=batch).status_code == 403


def test_a_folder_tells_whether_it_takes_children_and_passes_roles_on(
    google: httpx.Client,
) -> None:
    read, written = (
        person_file(google, folder=True, roles={US: role}) for role in ("reader", "writer")
    )
    inside = person_file(google, parent=written)
    fields = {"fields": "capabilities(canAddChildren,canEdit),ownedByMe"}
    body = {"name": "D", "mimeType": DOCUMENT}

    told = [google.get(f"{FILES}/{name}", params=fields).json() for name in (read, written)]

    assert [each["capabilities"]["canAddChildren"] for each in told] == [False, True]
    assert not told[1]["ownedByMe"]
    assert google.post(FILES, json=body | {"parents": [written]}).status_code == 200
    refused = google.post(FILES, json=body | {"parents": [read]})
    assert reason(refused) == (403, "insufficientFilePermissions")
    assert google.get(f"{FILES}/{inside}").status_code == 200


def test_the_narrow_scope_hides_what_people_made(google: httpx.Client) -> None:
    folder = person_file(google, folder=True, roles={US: "writer"})
    narrow = bearer(google, "drive.file", sub=US)
    wide = bearer(google, "drive", sub=US)

    made = google.post(FILES, json={"name": "D", "mimeType": DOCUMENT}, headers=narrow).json()

    assert google.get(f"{FILES}/{folder}", headers=narrow).status_code == 404
    assert google.get(f"{FILES}/{folder}", headers=wide).status_code == 200
    assert google.get(f"{FILES}/{made['id']}", headers=narrow).status_code == 200


def test_drive_tells_who_the_caller_is(google: httpx.Client) -> None:
    told = google.get("/drive/v3/about", params={"fields": "user,storageQuota"}).json()

    assert told["user"]["emailAddress"] == US
    assert int(told["storageQuota"]["limit"]) > int(told["storageQuota"]["usage"])
    assert google.get("/drive/v3/about").status_code == 400


def test_people_bin_move_and_copy_a_document(google: httpx.Client) -> None:
    [folder] = google.get(f"{FILES}/generateIds", params={"count": 1}).json()["ids"]
    google.post(FILES, json={"id": folder, "name": "Case", "mimeType": FOLDER})
    body = {"name": "D", "mimeType": DOCUMENT, "parents": [folder], "appProperties": {"k": "v"}}
    made = google.post(FILES, json=body).json()["id"]

    def inside() -> list[str]:
        query = {"q": f"'{folder}' in parents and trashed=false", "orderBy": "createdTime"}
        return [file["id"] for file in google.get(FILES, params=query).json()["files"]]

    google.post(f"/documents/{made}/copy", data={"author": US}).raise_for_status()
    copied = inside()
    google.post(f"/documents/{made}/trash", data={"author": US}).raise_for_status()
    binned = inside()
    google.post(f"/documents/{made}/trash", data={"author": US}).raise_for_status()
    google.post(f"/documents/{made}/move", data={"author": US}).raise_for_status()
    moved = inside()

    [copy] = set(copied) - {made}
    assert binned == moved == [copy]
    fields = {"fields": "trashed,appProperties"}
    assert google.get(f"{FILES}/{copy}", params=fields).json()["appProperties"] == {}
    assert google.get(f"/v1/documents/{made}").status_code == 200


def test_a_person_edits_an_event(google: httpx.Client) -> None:
    event = HOUR | {"id": "edit01", "summary": "Meet", "attendees": [{"email": ADA}]}
    page = google.post(EVENTS, json=event).json()["htmlLink"]
    old = google.get(f"{EVENTS}/edit01").json()["etag"]
    form = {"summary": "Other", "invite_also": "bob@example.com", "uninvite_also": ADA.upper()}

    google.post(f"{page}/edit", data=form).raise_for_status()

    told = google.get(f"{EVENTS}/edit01").json()
    assert (told["summary"], told["sequence"]) == ("Other", 0)
    assert [each["email"] for each in told["attendees"]] == ["bob@example.com"]
    stale = google.patch(f"{EVENTS}/edit01", json={"summary": "x"}, headers={"If-Match": old})
    assert reason(stale) == (412, "conditionNotMet")


def test_sendgrid_tells_senders_domains_and_scopes(google: httpx.Client) -> None:
    changes = {"verified_senders": [ADA], "verified_domains": ["example.org"]}
    google.put("/simulator/settings", json=changes)

    senders = google.get("/v3/verified_senders").json()["results"]
    domains = google.get("/v3/whitelabel/domains").json()

    assert [(each["from_email"], each["verified"]) for each in senders] == [(ADA, True)]
    assert [(each["domain"], each["valid"]) for each in domains] == [("example.org", True)]
    assert "mail.send" in google.get("/v3/scopes").json()["scopes"]
    sent = [
        google.post("/v3/mail/send", json=MAIL | {"from": {"email": email}})
        for email in (ADA, "any@example.org", "bot@example.com")
    ]
    assert [answer.status_code for answer in sent] == [202, 202, 403]
    assert "verified Sender Identity" in sent[2].json()["errors"][0]["message"]


def test_a_key_without_a_scope_is_refused(google: httpx.Client) -> None:
    google.put("/simulator/settings", json={"sendgrid_scopes": []})

    paths = ("/v3/verified_senders", "/v3/whitelabel/domains")
    answers = [google.post("/v3/mail/send", json=MAIL), *(google.get(path) for path in paths)]

    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["errors"][0]["message"] for answer in answers} == {"access forbidden"}
    assert google.get("/v3/scopes").json() == {"scopes": []}
