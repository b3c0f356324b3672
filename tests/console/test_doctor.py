"""`aftermath doctor`: a good and a broken deployment, its lines, its data and its exit codes."""

import json
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from console import running
from console.temporal_checkup import attribute_findings, temporal_findings
from integrations.checks.deployment import archive_findings, link_findings, webhook_findings
from integrations.checks.examination import Finding, Grade
from integrations.checks.levels import Standing, level
from integrations.checks.organisation import organisation_findings, projects_of
from integrations.files.organisation import read_organisation
from integrations.google.credentials import SCOPES, SCOPES_FOR_PEOPLES_FOLDER, WHOLE_DRIVE
from integrations.issue_projects import IssueProject
from tests.commands import NOBODY_LISTENS, Run, Said, command_line
from tests.google_accounts import key_file
from tests.simulated import World
from workflows.search_attributes import SEARCH_ATTRIBUTES

CANARY = "canary-that-nobody-may-see"
SENDER = "postmortems@example.com"
CALENDAR = "postmortem-calendar@example.com"
SHIPPED = Path(__file__).parents[2] / "organisation.toml"
PROJECTS = ("DEVX", "EDGE", "SRE", "SUP", "WAF")
VENDORS = ("SendGrid", "Google", "Jira")


@pytest.fixture(autouse=True)
def _a_good_world(world: World) -> None:
    world.tell("reset", {})
    organisation = read_organisation(SHIPPED)
    people = [{"email": each.email, "name": each.name} for each in organisation.people.values()]
    world.tell("people", {"people": people})
    world.tell("calendars", {"id": CALENDAR})
    for key in PROJECTS:
        world.tell("projects", {"key": key, "name": key})
    world.set("settings", {"verified_senders": [SENDER]})


@pytest.fixture
def doctor(
    world: World,
    tmp_path: Path,
    temporal: Client,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Return the command as a good deployment runs it, some settings changed or (None) absent."""
    run = command_line(capsys, monkeypatch)
    organisation = tmp_path / "organisation.toml"
    organisation.write_text(SHIPPED.read_text())
    good = {
        "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
        "PM_PUBLIC_URL": "https://postmortems.example.com",
        "PM_LINK_KEYS": f"{CANARY}Zk3v_8QmT1xRbN5cLw7Jd-2fYpHs9AoE",
        "PM_CODE_KEYS": f"{CANARY}Wq7Yb-4LdMu2SfGx9TkPn_6jRvCzEa3H",
        "PM_PAYLOAD_KEYS": f"{CANARY}Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2",
        "PM_ARCHIVE_FOLDER": str(tmp_path / "archive"),
        "PM_ORGANISATION_FILE": str(organisation),
        "PM_SENDGRID_KEY": CANARY,
        "PM_SENDGRID_HOST": world.url,
        "PM_SENDER": SENDER,
        "PM_GOOGLE_TOKEN": CANARY,
        "PM_GOOGLE_BASE_URL": world.url,
        "PM_CALENDAR_ID": CALENDAR,
        "PM_JIRA_URL": world.url,
        "PM_JIRA_USER": "aftermath@example.com",
        "PM_JIRA_TOKEN": CANARY,
        "PM_JIRA_WEBHOOK_SECRET": f"{CANARY}Rk9PsHxVb2",
        "PM_PAGERDUTY_SECRETS": f"{CANARY}q7Lw0ZtNc4",
    }

    def doctor(*words: str, **changes: str | None) -> Said:
        wanted = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return run("doctor", *words, **wanted)

    return doctor


def lines(found: tuple[Finding, ...]) -> str:
    return "\n".join(each.line for each in found)


def grades(found: tuple[Finding, ...]) -> set[Grade]:
    return {each.grade for each in found}


# --- the command ----------------------------------------------------------------------------


def test_a_good_deployment_has_one_line_for_each_thing_and_nothing_fails(doctor: Run) -> None:
    said = doctor()

    assert said.code == 0, said.out
    assert all(line.startswith(("ok    ", "warn  ")) for line in said.lines)
    for about in (
        "settings",
        "links",
        "archive",
        "webhooks",
        "policy",
        "organisation",
        "Temporal",
        *VENDORS,
        *(f"Jira {key}" for key in PROJECTS),
    ):
        assert any(line[6:].startswith(f"{about}: ") for line in said.lines), about
    assert said.lines[-1] == (
        "ok    level: 1 of 2: one Google account, and Jira. "
        "Level 2 needs PM_GOOGLE_SERVICE_ACCOUNT_FILE and PM_GOOGLE_SUBJECT."
    )


def test_the_command_explains_itself(doctor: Run) -> None:
    said = doctor("--help")

    assert said.code == 0
    assert "before the first incident" in said.out
    assert "Print data instead of text." in said.out


def test_mail_alone_is_level_0_and_fine(doctor: Run) -> None:
    google_and_jira = (
        "PM_GOOGLE_TOKEN",
        "PM_GOOGLE_BASE_URL",
        "PM_CALENDAR_ID",
        "PM_JIRA_URL",
        "PM_JIRA_USER",
        "PM_JIRA_TOKEN",
        "PM_JIRA_WEBHOOK_SECRET",
    )

    said = doctor(**dict.fromkeys(google_and_jira))

    assert said.code == 0, said.out
    assert "ok    level: 0 of 2" in said.lines[-1]
    assert "PM_JIRA_URL" in said.lines[-1]
    assert "Jira: " not in "\n".join(said.lines[:-1])


def test_a_broken_deployment_names_each_trouble_and_what_to_do(doctor: Run, world: World) -> None:
    fields = [{"id": "customfield_10042", "name": "Cost", "required": True}]
    world.tell("projects", {"key": "WAF", "name": "x", "fields": fields})
    world.tell("projects", {"key": "SRE", "name": "x", "denied": ["CREATE_ISSUES"]})

    said = doctor(
        PM_CALENDAR_ID="elsewhere@example.com",
        PM_PUBLIC_URL="http://localhost:8080",
        PM_SENDER="other@example.org",
        PM_DRIVE_FOLDER="no-such-folder",
    )

    assert said.code == running.FAILED
    failing = [line for line in said.lines if line.startswith("FAIL")]
    for about in ("links", "SendGrid", "Google calendar", "Google Drive", "Jira SRE", "Jira WAF"):
        assert any(line.startswith(f"FAIL  {about}: ") for line in failing), about
    assert 'under [issue_projects.WAF.fields]: customfield_10042 = "…"' in said.out
    assert said.lines[-1].startswith("warn  level: none is reached")


def test_what_the_organisation_file_says_of_a_project_is_tried(
    doctor: Run, world: World, tmp_path: Path
) -> None:
    fields = [{"id": "customfield_10042", "name": "Cost", "required": True}]
    world.tell("projects", {"key": "WAF", "name": "x", "fields": fields})
    file = tmp_path / "mended.toml"
    table = '[issue_projects.WAF.fields]\ncustomfield_10042 = "4711"\n'
    file.write_text(f"{SHIPPED.read_text()}\n{table}")

    assert doctor(PM_ORGANISATION_FILE=str(file)).code == 0


def test_data_has_the_same_findings_as_a_list(doctor: Run) -> None:
    said = doctor("--json", PM_PUBLIC_URL="http://localhost:8080")

    found = json.loads(said.out)
    assert said.code == running.FAILED
    assert all(set(each) == {"grade", "about", "what", "do"} for each in found)
    assert [each["about"] for each in found if each["grade"] == "FAIL"] == ["links"]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_wrong_settings_are_named_and_have_their_own_code(
    doctor: Run, words: tuple[str, ...]
) -> None:
    said = doctor(*words, PM_SENDER=None, PM_WEB_PORT="eighty")

    assert said.code == running.BAD_USAGE
    assert "PM_SENDER is missing" in said.out
    assert "PM_WEB_PORT" in said.out
    assert not words or len(json.loads(said.out)) == 2


def test_files_that_cannot_be_used_are_findings_and_the_rest_is_still_looked_at(
    doctor: Run, tmp_path: Path
) -> None:
    organisation, policy = tmp_path / "wrong.toml", tmp_path / "policy.toml"
    twice = 'name = "A"\nemail = "same@example.com"\nzone = "UTC"\n'
    organisation.write_text(
        f"process_owner = 'a'\n[people.a]\n{twice}[people.b]\n{twice}manager = 'nobody'\n"
    )
    policy.write_text("process_name = 1\n")

    said = doctor(PM_ORGANISATION_FILE=str(organisation), PM_POLICY_FILE=str(policy))

    assert said.code == running.FAILED
    assert "FAIL  organisation: people.b.manager: there is no person 'nobody'" in said.out
    assert "warn  organisation: busy times and projects were not looked at" in said.out
    assert "FAIL  policy: " in said.out
    assert "same@example.com" not in said.out
    assert "ok    SendGrid: " in said.out


def test_a_service_account_that_acts_for_the_domain_is_level_2(
    doctor: Run, world: World, tmp_path: Path
) -> None:
    world.set("settings", {"google_delegated_scopes": SCOPES})

    said = doctor(
        PM_GOOGLE_TOKEN=None,
        PM_GOOGLE_SERVICE_ACCOUNT_FILE=str(key_file(tmp_path, world)),
        PM_GOOGLE_SUBJECT="aftermath@example.com",
    )

    assert said.code == 0, said.out
    assert "the delegation is granted" in said.out
    assert said.lines[-1] == "ok    level: 2 of 2: Google for the whole domain, and Jira."


def test_a_folder_that_people_made_needs_the_wider_delegation(
    doctor: Run, world: World, tmp_path: Path
) -> None:
    us = "aftermath@example.com"
    told = {"name": "Reports", "owner": SENDER, "folder": True, "roles": {us: "writer"}}
    theirs = str(world.tell("files", told)["id"])
    level_2 = {
        "PM_GOOGLE_TOKEN": None,
        "PM_GOOGLE_SERVICE_ACCOUNT_FILE": str(key_file(tmp_path, world)),
        "PM_GOOGLE_SUBJECT": us,
        "PM_DRIVE_FOLDER": theirs,
    }
    world.set("settings", {"google_delegated_scopes": SCOPES})
    narrow = doctor(**level_2)
    world.set("settings", {"google_delegated_scopes": SCOPES_FOR_PEOPLES_FOLDER})

    wide = doctor(**level_2)

    [lacking] = [line for line in narrow.lines if line.startswith("FAIL")]
    assert lacking.startswith("FAIL  Google: the delegation lacks 1 of 3 scopes.")
    assert lacking.endswith(f"for: {WHOLE_DRIVE}")
    assert "ok    Google Drive: the folder exists and takes our documents." in wide.lines


def test_a_google_file_that_is_none_is_a_finding(doctor: Run, tmp_path: Path) -> None:
    file = tmp_path / "oauth.json"
    file.write_text(json.dumps({"client_id": CANARY}))

    said = doctor(PM_GOOGLE_TOKEN=None, PM_GOOGLE_REFRESH_TOKEN_FILE=str(file))

    assert said.code == running.FAILED
    assert f"FAIL  Google: {file} lacks client_secret, refresh_token" in said.out


def test_everything_away_is_a_line_each_and_never_a_traceback(doctor: Run) -> None:
    nowhere = f"http://{NOBODY_LISTENS}"

    said = doctor(
        TEMPORAL_ADDRESS=NOBODY_LISTENS,
        PM_SENDGRID_HOST=nowhere,
        PM_GOOGLE_BASE_URL=nowhere,
        PM_JIRA_URL=nowhere,
    )

    assert said.code == running.FAILED
    for about in (*VENDORS, "Temporal"):
        assert any(line.startswith(f"FAIL  {about}") for line in said.lines), about
    assert "Traceback" not in said.out + said.err


def test_what_takes_long_is_told_on_the_side(doctor: Run, world: World) -> None:
    world.break_next("GET", "/myself$", "delay_after", seconds=2.5)

    said = doctor("--json")

    assert "Asking" in said.err
    assert json.loads(said.out)


def test_no_secret_and_no_address_is_told(doctor: Run) -> None:
    good, broken = doctor(), doctor(PM_CALENDAR_ID="secret-calendar@example.com")

    for said in (good, broken):
        assert CANARY not in said.out + said.err
        assert "@" not in said.out + said.err


def test_nothing_is_changed_anywhere(doctor: Run, world: World, tmp_path: Path) -> None:
    doctor()

    requests = world.all("requests")["requests"]
    writing = {each["path"] for each in requests if each["method"] not in {"GET", "HEAD"}}
    assert writing <= {"/calendar/v3/freeBusy", "/token"}
    assert len(requests) > 20
    assert all(not world.all(what) for what in ("tickets", "mails", "events", "documents"))
    assert [each.name for each in tmp_path.iterdir()] == ["organisation.toml"]


# --- Temporal -------------------------------------------------------------------------------


def test_search_attributes_that_are_registered_are_fine() -> None:
    told = {
        name: f"INDEXED_VALUE_TYPE_{'KEYWORD_LIST' if kind == 'KeywordList' else kind.upper()}"
        for name, kind in SEARCH_ATTRIBUTES.items()
    }

    assert grades(attribute_findings(told)) == {Grade.OK}


def test_search_attributes_that_are_missing_come_with_the_command() -> None:
    told = dict.fromkeys(SEARCH_ATTRIBUTES, "Keyword")
    del told["PostmortemLate"]

    found = attribute_findings(told)

    assert grades(found) == {Grade.FAIL}
    assert "search-attribute create --name PostmortemLate --type Bool" in lines(found)
    assert "of another type: PostmortemServices" in lines(found)


async def test_a_server_without_a_worker_is_told(
    temporal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.service_client.config.target_host)

    found = await temporal_findings()

    assert [each.grade for each in found][:2] == [Grade.OK, Grade.OK]
    assert "no worker asks for work" in lines(found) or "a worker is there" in lines(found)


async def test_a_server_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{silent.getsockname()[1]}")

        found = await temporal_findings(patience=0.2)

    assert "no answer within" in lines(found)


# --- our own files and settings -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "development", "grade"),
    [
        ("https://postmortems.example.com", False, Grade.OK),
        ("http://postmortems.example.com", False, Grade.FAIL),
        ("https://localhost:8080", False, Grade.FAIL),
        ("http://127.0.0.1", False, Grade.FAIL),
        ("http://localhost:8080", True, Grade.WARN),
    ],
)
def test_links_lead_where_people_can_follow(url: str, development: bool, grade: Grade) -> None:  # noqa: FBT001
    [found] = link_findings(url, development=development)

    assert found.grade is grade


def test_records_need_a_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    [to_be_made] = archive_findings(tmp_path / "a" / "b")
    [blocked] = archive_findings(tmp_path / "file" / "b")

    assert (to_be_made.grade, blocked.grade) == (Grade.OK, Grade.FAIL)
    assert not (tmp_path / "a").exists()


def test_tools_that_cannot_reach_us_are_named() -> None:
    silent = list(webhook_findings(tools=False, jira=True, jira_secret=False))
    heard = list(webhook_findings(tools=True, jira=True, jira_secret=True))

    assert [each.grade for each in silent] == [Grade.WARN, Grade.WARN]
    assert [each.grade for each in heard] == [Grade.OK]


GAPS = """
process_owner = "ada"

[people.ada]
name = "Ada"
email = "ada@example.com"
zone = "UTC"

[people.bob]
name = "Bob"
email = "bob@example.com"
zone = "UTC"
manager = "ada"

[people.eve]
name = "Eve"
email = "eve@example.com"
zone = "UTC"

[teams.edge]
name = "Edge"
zone = "UTC"
engineering_manager = "ada"

[services.proxy]
name = "Proxy"
team = "edge"
"""
SHIPPED = Path(__file__).parents[2] / "organisation.toml"


def test_gaps_of_the_organisation_are_named(tmp_path: Path) -> None:
    file = tmp_path / "organisation.toml"
    file.write_text(GAPS)

    found = tuple(organisation_findings(read_organisation(file), tickets=True, pagerduty=True))

    assert grades(found) == {Grade.OK, Grade.WARN}
    assert "no manager: eve." in lines(found)
    for gap in ("incident_commanders", "facilitators", "customer_liaisons"):
        assert f"{gap} is empty" in lines(found)
    assert "teams without a list: edge." in lines(found)
    assert "teams without a project: edge." in lines(found)
    assert "PagerDuty's id does not lead to: proxy." in lines(found)


def test_an_organisation_without_gaps_is_fine() -> None:
    organisation = read_organisation(SHIPPED)

    found = tuple(organisation_findings(organisation, tickets=True, pagerduty=True))

    assert grades(found) == {Grade.OK}


def test_every_project_of_a_team_is_looked_at_and_those_fallen_back_to() -> None:
    described = {"WAF": IssueProject(issue_type="Bug", fallback_project="OPS")}
    organisation = read_organisation(SHIPPED).replace(issue_projects=described)

    projects = projects_of(organisation)

    assert list(projects) == ["DEVX", "EDGE", "OPS", "SRE", "SUP", "WAF"]
    assert projects["WAF"].issue_type == "Bug"


# --- levels ---------------------------------------------------------------------------------


def standing(**changes: Any) -> Standing:  # noqa: ANN401 - any field
    everything = Standing(
        mail_works=True,
        google_works=True,
        jira_works=True,
        delegated=True,
        connected={"PM_CALENDAR_ID": True, "PM_JIRA_URL": True},
    )
    return replace(everything, **changes)


@pytest.mark.parametrize(
    ("reached", "told"),
    [
        (standing(), "level: 2 of 2"),
        (
            standing(delegated=False),
            "Level 2 needs PM_GOOGLE_SERVICE_ACCOUNT_FILE and PM_GOOGLE_SUBJECT.",
        ),
        (
            standing(connected={"PM_CALENDAR_ID": True, "PM_JIRA_URL": False}),
            "Level 1 needs PM_JIRA_URL.",
        ),
        (
            standing(google_works=False),
            "Level 1 needs what fails above at Google.",
        ),
        (standing(mail_works=False), "none is reached. Level 0 needs mail"),
    ],
)
def test_the_level_says_what_the_next_one_needs(reached: Standing, told: str) -> None:
    assert told in level(reached).line
