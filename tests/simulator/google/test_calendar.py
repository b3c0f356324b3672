"""The simulated Calendar: events, invitations, conferences, busy times."""

from typing import Any

import httpx
import pytest

from tests.simulator.bodies import ADA, BOB, EVENTS, MEET, NOON, TEAM


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
