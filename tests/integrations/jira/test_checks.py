"""What the check-up of Jira finds, over HTTP against the simulator: good, and broken."""

from typing import Any

import pytest

from integrations.checks.examination import Grade
from integrations.jira.dialect import Flavour
from tests.checkups import COST, answer, grades, jira, lines
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("as_new")


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
