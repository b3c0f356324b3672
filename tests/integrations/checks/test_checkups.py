"""What each vendor's check-up finds, over HTTP against the simulator: good, and broken."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from integrations.checks.examination import Examination, Finding, Grade, carried_out, fail, ok
from integrations.errors import Refused
from integrations.google.checks import GoogleWanted, google_examination
from integrations.google.credentials import (
    SCOPES,
    SCOPES_FOR_PEOPLES_FOLDER,
    refreshing_token,
    service_account_for,
    static_token,
)
from integrations.issue_projects import IssueProject
from integrations.jira.checks import JiraSite, jira_examination
from integrations.jira.dialect import Flavour
from integrations.ports import Address
from integrations.sendgrid.checks import sendgrid_examination
from tests.google_accounts import Consented
from tests.simulated import World, simulated_world

TIMEOUT = (1, 5)
SENDER = "postmortems@example.com"
TEAM = "team-calendar@example.com"
AUTH = ("aftermath@example.com", "canary-of-the-token")
INES = Address(email="ines@example.com")
RUI = Address(email="rui@example.com")
STRANGER = Address(email="nobody@example.org")
COST = {"id": "customfield_10042", "name": "Cost centre", "required": True}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with simulated_world() as world:
        yield world


@pytest.fixture(autouse=True)
def _as_new(world: World) -> None:
    world.tell("reset", {})
    people = [{"email": each.email, "name": "x"} for each in (INES, RUI)]
    world.tell("people", {"people": people})
    world.tell("calendars", {"id": TEAM})
    world.tell("projects", {"key": "WAF", "name": "Edge Firewall"})


def examined(*examinations: Examination) -> tuple[Finding, ...]:
    return asyncio.run(carried_out(examinations))


def lines(found: tuple[Finding, ...]) -> str:
    return "\n".join(each.line for each in found)


def grades(found: tuple[Finding, ...]) -> set[Grade]:
    return {each.grade for each in found}


def answer(world: World, path: str, body: object, kind: str = "json200", **more: object) -> None:
    """Let the vendor answer this each time it is asked, whatever it knows."""
    world.break_next("GET", path, kind, body=body, times=99, **more)


# --- carrying out ---------------------------------------------------------------------------


async def test_a_look_that_never_ends_is_a_finding_and_holds_nobody_up() -> None:
    stop = threading.Event()
    stuck = Examination("Slow", ((lambda: [ok("Slow", str(stop.wait(20)))],),))
    began = time.monotonic()

    found = await carried_out([stuck], patience=0.2)

    stop.set()
    assert time.monotonic() - began < 5
    assert grades(found) == {Grade.FAIL}
    assert "no answer within" in lines(found)


async def test_a_look_that_breaks_down_is_a_finding_without_a_traceback() -> None:
    def broken() -> list[Finding]:
        raise KeyError("canary")

    found = await carried_out([Examination("Vendor", ((broken,),))])

    assert grades(found) == {Grade.FAIL}
    assert "canary" not in lines(found)


async def test_what_follows_a_failure_is_not_tried() -> None:
    def refused() -> list[Finding]:
        raise Refused("It said no.")

    later: list[str] = []

    def second() -> list[Finding]:
        later.append("looked")
        return []

    found = await carried_out([Examination("Vendor", ((refused,), (second,)))])

    assert [each.what for each in found] == ["It said no."]
    assert later == []


async def test_findings_stay_in_the_order_of_the_looks() -> None:
    def slow() -> list[Finding]:
        time.sleep(0.05)
        return [ok("A", "first")]

    found = await carried_out([Examination("A", ((slow, lambda: [fail("A", "second", "Do.")]),))])

    assert [each.what for each in found] == ["first", "second"]
    assert found[1].line == "FAIL  A: second Do."


# --- SendGrid -------------------------------------------------------------------------------


def sendgrid(world: World) -> tuple[Finding, ...]:
    return examined(sendgrid_examination("canary-of-the-key", SENDER, world.url, TIMEOUT))


def test_a_verified_sender_is_fine(world: World) -> None:
    world.set("settings", {"verified_senders": [SENDER.upper()]})

    found = sendgrid(world)

    assert [each.grade for each in found] == [Grade.OK, Grade.OK]


def test_a_sender_in_an_authenticated_domain_is_fine(world: World) -> None:
    world.set("settings", {"verified_senders": [], "verified_domains": ["Example.com"]})

    assert grades(sendgrid(world)) == {Grade.OK}


def test_a_key_that_is_not_accepted_ends_the_check(world: World) -> None:
    answer(world, "^/v3/scopes$", None, "status", status=401)

    found = sendgrid(world)

    assert [each.grade for each in found] == [Grade.FAIL]
    assert "does not accept PM_SENDGRID_KEY" in lines(found)


def test_a_key_that_may_not_send_is_named(world: World) -> None:
    world.set("settings", {"sendgrid_scopes": ["stats.read"]})

    assert "lacks the scope mail.send" in lines(sendgrid(world))


def test_a_sender_that_is_not_verified_fails(world: World) -> None:
    world.set("settings", {"verified_senders": ["x@example.com"], "verified_domains": ["b.org"]})

    found = sendgrid(world)

    assert found[-1].grade is Grade.FAIL
    assert "PM_SENDER is not verified" in found[-1].what


def test_a_sender_whose_verification_waits_fails(world: World) -> None:
    waiting = {"results": [{"from_email": SENDER, "verified": False}]}
    answer(world, "^/v3/verified_senders$", waiting)
    answer(world, "^/v3/whitelabel/domains$", [{"domain": "example.com", "valid": False}])

    assert "PM_SENDER is not verified" in lines(sendgrid(world))


def test_a_key_that_may_not_look_only_warns(world: World) -> None:
    world.set("settings", {"sendgrid_scopes": ["mail.send"]})

    assert [each.grade for each in sendgrid(world)] == [Grade.OK, Grade.WARN]


# --- Google ---------------------------------------------------------------------------------

DRIVE = "^/drive/v3/about$"
PEOPLE = {"ines": INES, "rui": RUI}
WANTED = GoogleWanted(calendar_id=TEAM, people=PEOPLE)
US = "aftermath@example.com"


def folder(world: World, **more: object) -> str:
    """Return a folder that a person made and shared with us."""
    told = {"name": "Reports", "owner": "ines@example.com", "folder": True, "roles": {US: "writer"}}
    return str(world.tell("files", told | more)["id"])


def with_folder(name: str) -> GoogleWanted:
    return GoogleWanted(folder=name)


def google(
    world: World,
    wanted: GoogleWanted = WANTED,
    credentials: Any = None,  # noqa: ANN401 - of Google's
) -> tuple[Finding, ...]:
    chosen = credentials or static_token("canary-of-the-token")
    return examined(google_examination(chosen, world.url, wanted, TIMEOUT))


def service_account(world: World) -> Any:  # noqa: ANN401 - of Google's
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = {
        "type": "service_account",
        "client_email": "robot@project.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": f"{world.url}/token",
    }
    return service_account_for(key, subject=INES.email)


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


# --- Jira -----------------------------------------------------------------------------------


def jira(
    world: World,
    *,
    flavour: Flavour = Flavour.CLOUD,
    key: str = "WAF",
    **project: Any,  # noqa: ANN401
) -> tuple[Finding, ...]:
    site = JiraSite(world.url, AUTH, flavour)
    return examined(jira_examination(site, {key: IssueProject(**project)}, TIMEOUT))


def set_up(world: World, **project: object) -> None:
    world.tell("projects", {"key": "WAF", "name": "Edge Firewall", **project})


@pytest.mark.parametrize("flavour", list(Flavour))
def test_a_project_that_takes_our_tickets_is_fine(world: World, flavour: Flavour) -> None:
    world.set("settings", {"jira_flavour": flavour.value})

    found = jira(world, flavour=flavour)

    assert grades(found) == {Grade.OK}
    assert {each.about for each in found} == {"Jira", "Jira WAF"}


def test_an_account_that_is_not_accepted_ends_the_check(world: World) -> None:
    answer(world, "/myself$", None, "status", status=401)

    found = jira(world)

    assert [each.grade for each in found] == [Grade.FAIL]
    assert "does not accept our account and token" in lines(found)


def test_an_account_that_is_not_active_fails(world: World) -> None:
    answer(world, "/myself$", {"accountId": "1", "active": False})

    assert "our account is not active" in lines(jira(world))


def test_a_data_center_that_is_taken_for_a_cloud_is_told(world: World) -> None:
    answer(world, "/serverInfo$", {"deploymentType": "Server"})

    assert "this is Jira Data Center, but the settings say Cloud" in lines(jira(world))


def test_a_project_that_does_not_exist_fails(world: World) -> None:
    assert "FAIL  Jira NONE: there is no such project" in lines(jira(world, key="NONE"))


@pytest.mark.parametrize(
    ("denied", "project", "line"),
    [
        ("CREATE_ISSUES", {}, "FAIL  Jira WAF: our account may not open tickets."),
        ("EDIT_ISSUES", {}, "FAIL  Jira WAF: our account may not edit tickets."),
        ("ADD_COMMENTS", {}, "FAIL  Jira WAF: our account may not comment on tickets."),
        ("LINK_ISSUES", {}, "warn  Jira WAF: our account may not link tickets"),
        ("ASSIGN_ISSUES", {"assignee": "712020:1"}, "FAIL  Jira WAF: our account may not assign"),
    ],
)
def test_what_our_account_may_not_do_is_named(
    world: World, denied: str, project: dict[str, Any], line: str
) -> None:
    set_up(world, denied=[denied])

    found = lines(jira(world, **project))

    assert line in found
    assert f"Give it {denied}" in found


def test_an_issue_type_that_is_not_there_is_named(world: World) -> None:
    set_up(world, issue_types=["Bug"])

    assert "no issue type Task" in lines(jira(world))
    assert grades(jira(world, issue_type="Bug")) == {Grade.OK}


def test_a_sub_task_without_a_parent_fails(world: World) -> None:
    set_up(world, issue_types=["Sub-task"])

    found = lines(jira(world, issue_type="Sub-task"))

    assert "is a kind of sub-task, and no parent is set" in found
    assert '[issue_projects.WAF]: parent = "KEY-1"' in found


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ({}, 'customfield_10042 = "…"'),
        ({"kind": "number"}, "customfield_10042 = 0"),
        ({"kind": "date"}, 'customfield_10042 = "2026-01-31"'),
        ({"kind": "user"}, 'customfield_10042 = { id = "…" }'),
        ({"kind": "option", "options": ["Red"]}, 'customfield_10042 = { id = "'),
        ({"kind": "options", "options": ["Red"]}, 'customfield_10042 = [{ id = "'),
    ],
)
def test_a_required_field_prints_the_line_that_covers_it(
    world: World, field: dict[str, object], line: str
) -> None:
    set_up(world, fields=[COST | field])

    found = lines(jira(world))

    assert "FAIL  Jira WAF: field customfield_10042 is required and has no default." in found
    assert f"under [issue_projects.WAF.fields]: {line}" in found
    assert "Cost centre" not in found
    assert "Red" not in found


def test_a_long_text_is_a_document_in_a_cloud(world: World) -> None:
    field = COST | {"schema": {"type": "string", "custom": "x:textarea"}, "fieldId": COST["id"]}
    answer(world, r"/issuetypes/\d+$", {"fields": [field], "total": 1})

    assert '= { type = "doc", version = 1' in lines(jira(world))


def test_a_required_field_that_is_covered_is_fine(world: World) -> None:
    set_up(world, fields=[COST])

    assert grades(jira(world, fields={"customfield_10042": "4711"})) == {Grade.OK}


def test_a_required_field_with_a_default_of_jiras_is_fine(world: World) -> None:
    set_up(world, fields=[COST | {"has_default": True}])

    assert grades(jira(world)) == {Grade.OK}


def test_a_required_field_with_a_setting_of_its_own_names_that(world: World) -> None:
    set_up(world, security_levels=["Staff"], required=["security"])

    assert '[issue_projects.WAF]: security_level = "…"' in lines(jira(world))
    assert grades(jira(world, security_level="Staff")) == {Grade.OK}


def test_a_value_that_the_project_does_not_allow_fails(world: World) -> None:
    set_up(world, fields=[COST | {"kind": "option", "options": ["Red"]}])

    assert grades(jira(world, fields={"customfield_10042": {"value": "Red"}})) == {Grade.OK}
    found = lines(jira(world, fields={"customfield_10042": {"value": "Blue"}}))
    assert "the value set for field customfield_10042 is none of those" in found


@pytest.mark.parametrize("name", ["duedate", "priority", "labels"])
def test_a_field_of_ours_that_is_not_on_the_screen_fails(world: World, name: str) -> None:
    set_up(world, hidden=[name])

    assert f"field {name} is not on the create screen" in lines(jira(world))


def test_a_project_without_priorities_can_be_told_so(world: World) -> None:
    set_up(world, hidden=["priority"])

    assert grades(jira(world, priorities={})) == {Grade.OK}


def test_priorities_that_are_not_there_are_named(world: World) -> None:
    found = lines(jira(world, priorities={"P0": "Blocker", "P1": "High"}))

    assert "the project has no priority Blocker." in found


def test_endings_that_are_not_there_are_named(world: World) -> None:
    found = lines(jira(world, done=("Done",), wont_do=("Won't Do", "Wontfix")))

    assert "there is no resolution or status Wontfix." in found
    assert grades(jira(world, wont_do=("won't do",))) == {Grade.OK}
    # Deprecated in Cloud.
    assert world.asked(path="/resolution$") == 0


def test_endings_of_a_data_center_are_known_too(world: World) -> None:
    world.set("settings", {"jira_flavour": "datacenter"})

    found = lines(jira(world, flavour=Flavour.DATACENTER, wont_do=("Won't Do", "Wontfix")))

    assert "there is no resolution or status Wontfix." in found


def test_a_parent_that_is_not_there_fails(world: World) -> None:
    assert "the parent WAF-99 does not exist" in lines(jira(world, parent="WAF-99"))


def test_more_fields_than_one_page_are_all_read(world: World) -> None:
    many = [
        {"id": f"customfield_{10100 + each}", "name": "x", "required": each == 149}
        for each in range(150)
    ]
    set_up(world, fields=many)

    assert "field customfield_10249 is required" in lines(jira(world))


# --- every vendor ---------------------------------------------------------------------------


def everything(world: World) -> tuple[Finding, ...]:
    return sendgrid(world) + google(world) + jira(world)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("status", {"status": 503}),
        ("status", {"status": 500}),
        ("close_before", {}),
        ("reset_before", {}),
        ("throttle_seconds", {}),
        ("redirect", {"location": "http://elsewhere.invalid/canary"}),
        ("html200", {"body": "<html>canary</html>"}),
        ("json200", {"body": ["canary"]}),
        ("json200", {"body": {"canary": {"deep": 1}}}),
        ("truncated", {}),
    ],
)
def test_a_vendor_that_is_away_or_strange_fails_in_a_sentence(
    world: World, kind: str, more: dict[str, object]
) -> None:
    world.tell("faults", [{"kind": kind, "path_regex": "", "times": 999, **more}])

    found = everything(world)

    for vendor in ("SendGrid", "Google", "Jira"):
        of_vendor = [each for each in found if each.about.startswith(vendor)]
        assert Grade.FAIL in {each.grade for each in of_vendor}, vendor
    assert all(len(each.line) < 400 and "\n" not in each.line for each in found)
    assert "canary" not in lines(found)


def test_nothing_listening_fails_in_a_sentence() -> None:
    nowhere = "http://127.0.0.1:9"

    found = examined(
        sendgrid_examination("canary", SENDER, nowhere, TIMEOUT),
        google_examination(static_token("canary"), nowhere, WANTED, TIMEOUT),
        jira_examination(JiraSite(nowhere, "canary"), {"WAF": IssueProject()}, TIMEOUT),
    )

    assert Grade.FAIL in grades(found)
    assert "could not be reached" in lines(found)


def test_no_secret_and_no_address_is_told(world: World) -> None:
    told = lines(everything(world))

    assert "canary" not in told
    assert "@" not in told


def test_only_reading_requests_reach_the_vendors(world: World) -> None:
    world.all("requests")
    google(world, credentials=service_account(world))
    everything(world)

    requests = world.all("requests")["requests"]

    writing = {
        (each["method"], each["path"]) for each in requests if each["method"] not in {"GET", "HEAD"}
    }
    assert writing <= {("POST", "/token"), ("POST", "/calendar/v3/freeBusy")}
    assert len(requests) > 15
    assert all(not world.all(what) for what in ("tickets", "mails", "events", "documents"))
