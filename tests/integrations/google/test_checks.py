"""What the check-up of Google finds, over HTTP against the simulator: good, and broken."""

from dataclasses import replace
from typing import Any

import pytest

from integrations.checks.examination import Grade
from integrations.google.checks import GoogleWanted, google_examination
from integrations.google.credentials import (
    SCOPES,
    SCOPES_FOR_PEOPLES_FOLDER,
    refreshing_token,
    static_token,
)
from tests.checkups import (
    DRIVE,
    INES,
    STRANGER,
    TEAM,
    TIMEOUT,
    US,
    WANTED,
    answer,
    examined,
    google,
    grades,
    lines,
    service_account,
)
from tests.google_accounts import Consented
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("as_new")


def folder(world: World, **more: object) -> str:
    """Return a folder that a person made and shared with us."""
    told = {"name": "Reports", "owner": "ines@example.com", "folder": True, "roles": {US: "writer"}}
    return str(world.tell("files", told | more)["id"])


def with_folder(name: str) -> GoogleWanted:
    return GoogleWanted(folder=name)


def test_a_calendar_and_documents_that_work_are_fine(world: World) -> None:
    found = google(world, replace(WANTED, folder=folder(world)))

    assert grades(found) == {Grade.OK}
    assert {each.about for each in found} == {
        "Google",
        "Google calendar",
        "Google free/busy",
        "Google Drive",
        "Google Docs",
    }


def test_what_is_not_wanted_is_not_asked_for(world: World) -> None:
    calendar_only = google(world, GoogleWanted(calendar_id=TEAM, documents=False, people={}))

    assert {each.about for each in calendar_only} == {"Google", "Google calendar"}


@pytest.mark.parametrize(
    ("access", "line"),
    [
        ({US: "reader"}, "FAIL  Google calendar: our account may only read"),
        ({US: "freeBusyReader"}, "FAIL  Google calendar: "),
        ({}, "FAIL  Google calendar: our account sees no calendar"),
        ({US: "writer"}, "ok    Google calendar: "),
    ],
)
def test_a_calendar_must_be_shared_for_writing(
    world: World, access: dict[str, str], line: str
) -> None:
    world.tell("calendars", {"id": "shared@example.com", "access": access})

    found = google(world, replace(WANTED, calendar_id="shared@example.com"))

    assert line in lines(found)


def test_a_calendar_that_is_in_nobodys_list_is_fine(world: World) -> None:
    world.tell("calendars", {"id": TEAM, "listed": False})

    assert grades(google(world)) == {Grade.OK}


def test_one_person_whose_busy_times_are_hidden_warns_and_all_fail(world: World) -> None:
    one = replace(WANTED, people={"ines": INES, "eve": STRANGER})
    all_ = replace(WANTED, people={"eve": STRANGER})

    assert "warn  Google free/busy: the busy times of eve cannot" in lines(google(world, one))
    assert "FAIL  Google free/busy: the busy times of eve cannot" in lines(google(world, all_))


def test_a_folder_that_we_may_only_read_fails(world: World) -> None:
    name = folder(world, roles={US: "reader"})

    assert "may put nothing into the folder" in lines(google(world, with_folder(name)))


def test_a_document_instead_of_a_folder_fails(world: World) -> None:
    name = folder(world, folder=False)

    assert "PM_DRIVE_FOLDER is no folder" in lines(google(world, with_folder(name)))


def test_a_folder_in_the_bin_fails(world: World) -> None:
    name = folder(world)
    token = {"Authorization": "Bearer x"}
    world.set("settings", {"account": "ines@example.com"})
    world.vendor("PATCH", f"/drive/v3/files/{name}", json={"trashed": True}, headers=token)
    world.set("settings", {"account": US})

    assert "lies in the bin" in lines(google(world, with_folder(name)))


def test_a_folder_that_is_not_there_fails(world: World) -> None:
    found = lines(google(world, with_folder("nowhere")))

    assert "FAIL  Google Drive: our account sees no folder" in found


def consented(world: World, scopes: tuple[str, ...]) -> Any:  # noqa: ANN401 - of Google's
    """Return what our account's consent to these scopes left with us."""
    us = Consented()
    us.told_to(world, US, scopes)
    return refreshing_token(us.client_id, us.client_secret, us.refresh_token, f"{world.url}/token")


@pytest.mark.parametrize(("scopes", "hidden"), [(SCOPES, True), (SCOPES_FOR_PEOPLES_FOLDER, False)])
def test_a_consent_to_our_own_files_hides_folders_of_people_and_that_is_told(
    world: World, scopes: tuple[str, ...], *, hidden: bool
) -> None:
    token = consented(world, scopes)

    found = google(world, with_folder(folder(world)), token)

    assert grades(found) == ({Grade.OK, Grade.FAIL} if hidden else {Grade.OK})
    told = "Leave PM_DRIVE_FOLDER out: Aftermath then makes a folder Postmortems"
    assert (told in lines(found)) is hidden


def test_a_folder_that_is_not_shared_with_us_is_told_as_such_under_the_wider_scope(
    world: World,
) -> None:
    token = consented(world, SCOPES_FOR_PEOPLES_FOLDER)

    found = google(world, with_folder(folder(world, roles={})), token)

    assert "Check the id, and share the folder with our account as Editor" in lines(found)
    assert "Leave PM_DRIVE_FOLDER out" not in lines(found)


def test_an_account_without_space_fails(world: World) -> None:
    answer(world, DRIVE, {"storageQuota": {"limit": "100", "usage": "100"}})

    assert "FAIL  Google Drive: our account has no space left" in lines(google(world))


def test_an_account_with_space_is_fine(world: World) -> None:
    answer(world, DRIVE, {"storageQuota": {"limit": "100", "usage": "5"}})

    assert grades(google(world)) == {Grade.OK}


@pytest.mark.parametrize(
    ("reason", "grade"), [("PERMISSION_DENIED", Grade.OK), ("SERVICE_DISABLED", Grade.FAIL)]
)
def test_docs_that_says_no_to_one_document_works_and_one_switched_off_does_not(
    world: World, reason: str, grade: Grade
) -> None:
    body = {"error": {"code": 403, "message": "no", "details": [{"reason": reason}]}}
    answer(world, "^/v1/documents/", body, "status", status=403)

    [found] = [each for each in google(world) if each.about == "Google Docs"]

    assert found.grade is grade


def test_a_delegation_that_is_granted_is_told(world: World) -> None:
    found = google(world, credentials=service_account(world))

    assert grades(found) == {Grade.OK}
    assert "delegation is granted" in lines(found)


@pytest.mark.parametrize("granted", [(), SCOPES[:1], SCOPES[1:]])
def test_a_delegation_that_is_not_granted_names_the_scopes(
    world: World, granted: tuple[str, ...]
) -> None:
    world.set("settings", {"google_delegated_scopes": list(granted)})

    found = google(world, credentials=service_account(world))

    lacking = [scope for scope in SCOPES if scope not in granted]
    assert [each.grade for each in found] == [Grade.FAIL]
    assert f"lacks {len(lacking)} of 3 scopes" in lines(found)
    assert found[0].do.endswith(f"for: {', '.join(lacking)}")


def test_a_key_or_a_subject_that_is_not_accepted_is_told_apart(world: World) -> None:
    body = {"error": "invalid_grant", "error_description": "canary"}
    world.break_next("POST", "^/token$", "status", status=400, body=body, times=9)

    found = google(world, credentials=service_account(world))

    assert "PM_GOOGLE_SUBJECT" in lines(found)


def test_a_token_service_that_is_down_is_told_as_such(world: World) -> None:
    world.tell("faults", [{"kind": "token_down", "times": 99}])

    found = google(world, credentials=service_account(world))

    assert "Google's token service could not be reached." in lines(found)


def refresh(world: World) -> Any:  # noqa: ANN401 - of Google's
    return refreshing_token("client", "canary-secret", "canary-token", f"{world.url}/token")


def test_a_refresh_token_that_works_is_fine(world: World) -> None:
    assert "the account gets a token for all scopes" in lines(google(world, WANTED, refresh(world)))


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("status", {"error": "invalid_grant"}, "does not accept the refresh token"),
        (
            "json200",
            {
                "access_token": "x",
                "expires_in": 3599,
                "scope": "https://www.googleapis.com/auth/calendar",
            },
            "the consent lacks 1 of 3 scopes: https://www.googleapis.com/auth/drive.file.",
        ),
    ],
)
def test_a_consent_that_does_not_suffice_fails(
    world: World, kind: str, body: object, told: str
) -> None:
    world.break_next("POST", "^/token$", kind, status=400, body=body)

    found = google(world, WANTED, refresh(world))

    assert [each.grade for each in found] == [Grade.FAIL]
    assert told in lines(found)
    assert "canary" not in lines(found)


def test_a_token_that_nobody_renews_warns_unless_it_is_for_the_simulator(world: World) -> None:
    token = static_token("canary")
    nothing = GoogleWanted(documents=False)

    found = examined(google_examination(token, "", nothing, TIMEOUT))

    assert grades(found) == {Grade.WARN}
    assert grades(google(world, nothing)) == {Grade.OK}
