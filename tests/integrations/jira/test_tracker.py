"""Tickets in Jira, over HTTP against the simulator."""

import base64
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from domain.action_items.ticket import DesiredIssue, IssueState
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.issue_projects import IssueProject
from integrations.jira.states import state
from integrations.jira.tracker import PROPERTY, JiraTracker
from tests.creating import find_or_open
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

AUTH = ("aftermath@example.com", "token-of-this-test")
PERSON = {"Authorization": "Basic " + base64.b64encode(b"ines@example.com:x").decode()}
ISSUE = "^/rest/api/3/issue$"
SEARCH = "/search/jql$"
LINK = "/remotelink$"


@pytest.fixture(autouse=True)
def _index_keeps_up(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 0})


def tracker(world: World, **settings: Any) -> JiraTracker:  # noqa: ANN401 - any setting
    return JiraTracker(world.url, AUTH, **{"timeout": (1, 5), **settings})


def wanted(key: str, **changes: Any) -> DesiredIssue:  # noqa: ANN401 - any field
    return DesiredIssue(
        key=key,
        project="WAF",
        title="Roll rules out in stages",
        body=("From the review of INC-204.", "", "Done when: 1 % of traffic first."),
        labels=("sev1", "sev1_20260302"),
        priority="P1",
        due=date(2026, 3, 17),
        link_url="https://docs.example.com/d/1",
        link_title="INC-204 Rule update blocked logins",
    ).replace(**changes)


def ticket(world: World, key: str) -> Any:  # noqa: ANN401 - JSON
    [found] = [each for each in world.all("tickets") if each["key"] == key]
    return found


def tickets_with(world: World, title: str) -> Any:  # noqa: ANN401 - JSON
    return [each for each in world.all("tickets") if each["fields"]["summary"] == title]


def as_person(world: World, method: str, path: str, body: object) -> None:
    world.vendor(method, f"/rest/api/3/issue/{path}", json=body, headers=PERSON)


def test_a_ticket_says_enough_for_who_was_not_there(world: World) -> None:
    opened = find_or_open(tracker(world), wanted("new"))
    tracker(world).link(opened.key, wanted("new"))

    found = ticket(world, opened.key)
    fields = found["fields"]
    assert opened.url == f"{world.url}/browse/{opened.key}"
    assert opened.state is IssueState.OPEN
    assert fields["priority"]["name"] == "High"
    assert fields["issuetype"]["name"] == "Task"
    assert fields["duedate"] == "2026-03-17"
    assert {"sev1", "sev1_20260302"} <= set(fields["labels"])
    texts = [each["content"][0]["text"] for each in fields["description"]["content"]]
    assert texts == [
        "From the review of INC-204.",
        "Done when: 1 % of traffic first.",
        "INC-204 Rule update blocked logins",
    ]
    assert PROPERTY in found["properties"]
    [link] = found["links"]
    assert link["object"]["url"] == "https://docs.example.com/d/1"


def test_the_same_key_finds_the_same_ticket_from_any_process(world: World) -> None:
    first = find_or_open(tracker(world), wanted("again", title="Again"))

    second = find_or_open(tracker(world), wanted("again", title="Again"))

    assert second.key == first.key
    assert len(tickets_with(world, "Again")) == 1


def test_a_ticket_whose_answer_was_lost_is_found_by_its_number_at_once(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 300})
    world.break_next("POST", ISSUE, "close_after")

    opened = find_or_open(tracker(world), wanted("lost", title="Lost"))

    assert [each["key"] for each in tickets_with(world, "Lost")] == [opened.key]
    assert world.asked("POST", ISSUE) == 1


def test_a_ticket_that_was_never_opened_is_ambiguous_until_the_next_try(world: World) -> None:
    world.break_next("POST", ISSUE, "close_before")
    with pytest.raises(Ambiguous):
        find_or_open(tracker(world), wanted("never", title="Never"))

    opened = find_or_open(tracker(world), wanted("never", title="Never"))

    assert [each["key"] for each in tickets_with(world, "Never")] == [opened.key]


def test_a_link_whose_answer_was_lost_is_made_once(world: World) -> None:
    key = find_or_open(tracker(world), wanted("linked")).key
    world.break_next("POST", LINK, "close_after")
    with pytest.raises(Ambiguous):
        tracker(world).link(key, wanted("linked"))

    tracker(world).link(key, wanted("linked"))

    assert len(ticket(world, key)["links"]) == 1


def test_whoever_tries_again_looks_past_the_index(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 300})
    first = find_or_open(tracker(world), wanted("died", title="Died"))

    second = find_or_open(tracker(world), wanted("died", title="Died"), again=True)

    assert second.key == first.key
    assert len(tickets_with(world, "Died")) == 1


def test_a_link_that_jira_refuses_is_left_to_the_description(world: World) -> None:
    key = find_or_open(tracker(world), wanted("unlinked")).key
    world.break_next("POST", LINK, "status", status=403)

    tracker(world).link(key, wanted("unlinked"))

    assert not ticket(world, key)["links"]


@pytest.mark.parametrize(("at_once", "requests"), [(50, 1), (6, 1), (5, 2)])
def test_tickets_are_read_together_and_new_ones_looked_for_twice_with_one_request_more(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: int, requests: int
) -> None:
    monkeypatch.setattr("integrations.jira.tracker.KEYS_PER_SEARCH", at_once)
    jira = tracker(world)
    keys = [find_or_open(jira, wanted(f"many-{at_once}-{n}", link_url="")).key for n in range(6)]
    world.forget()

    readings = jira.read(keys)

    assert [each.key for each in readings] == keys
    assert {each.due for each in readings} == {date(2026, 3, 17)}
    assert all(each.touched_at for each in readings)
    assert world.asked("POST", SEARCH) == world.asked() == requests + 1


def test_old_tickets_are_read_without_looking_for_duplicates(world: World) -> None:
    world.set("clock", {"now": "2025-03-01T09:00:00Z"})
    keys = [find_or_open(tracker(world), wanted("old")).key]
    world.set("clock", {"now": datetime.now(UTC).isoformat()})
    world.forget()

    tracker(world).read(keys)

    assert world.asked() == 1


def test_what_people_did_to_a_ticket_is_read(world: World) -> None:
    jira = tracker(world)
    done, given_up, moved = (
        find_or_open(jira, wanted(f"done-{n}", link_url="")).key for n in range(3)
    )
    as_person(world, "POST", f"{done}/transitions", {"transition": {"id": "31"}})
    as_person(world, "POST", f"{given_up}/transitions", {"transition": {"id": "41"}})
    as_person(world, "PUT", moved, {"fields": {"duedate": "2026-04-01"}})

    readings = jira.read([done, given_up, moved, "WAF-9999"])

    assert [each.state for each in readings] == [
        IssueState.DONE,
        IssueState.WONT_DO,
        IssueState.OPEN,
        IssueState.UNREACHABLE,
    ]
    assert readings[2].due == date(2026, 4, 1)


def test_a_new_ticket_is_read_though_search_does_not_show_it_yet(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 300})
    key = find_or_open(tracker(world), wanted("unseen", link_url="")).key

    [reading] = tracker(world).read([key])

    assert reading.state is IssueState.OPEN


def test_a_search_that_jira_refuses_is_made_up_for_one_by_one(world: World) -> None:
    key = find_or_open(tracker(world), wanted("alone", link_url="")).key
    world.break_next("POST", SEARCH, "status", status=400)

    [reading] = tracker(world).read([key])

    assert reading.state is IssueState.OPEN


def test_a_title_of_any_shape_becomes_a_summary(world: World) -> None:
    key = find_or_open(tracker(world), wanted("long", title="Line\nline " * 99)).key

    assert len(ticket(world, key)["fields"]["summary"]) <= 255


def test_a_priority_that_is_not_mapped_is_left_to_the_project(world: World) -> None:
    project = IssueProject(priorities={})
    key = find_or_open(tracker(world, projects={"WAF": project}), wanted("unmapped")).key

    assert ticket(world, key)["fields"]["priority"]["name"] == "Medium"


def test_a_wrong_project_is_refused_by_the_name_of_the_field(world: World) -> None:
    with pytest.raises(Refused) as error:
        find_or_open(tracker(world), wanted("nowhere", project="NOWHERE"))

    assert str(error.value) == (
        "Jira refused to open the ticket in NOWHERE (400, field project). "
        "Set what the project needs under issue_projects in the organisation file."
    )


@pytest.mark.parametrize(
    ("status", "headers", "word"),
    [
        (401, {}, Refused),
        (409, {}, Unavailable),
        (429, {"Retry-After": "7"}, Throttled),
        (503, {"Retry-After": "7"}, Throttled),
        (503, {}, Ambiguous),
        (500, {}, Ambiguous),
        (302, {"Location": "/elsewhere"}, Refused),
        (308, {"Location": "/elsewhere"}, Refused),
    ],
)
def test_an_error_status_has_its_word_and_is_sent_once(
    world: World, status: int, headers: dict[str, str], word: type[ServiceError]
) -> None:
    world.break_next("POST", ISSUE, "status", status=status, headers=headers)

    with pytest.raises(word) as error:
        find_or_open(tracker(world), wanted(f"error {status}"))

    assert type(error.value) is word
    assert world.asked("POST", ISSUE) == 1
    assert AUTH[1] not in str(error.value)
    if isinstance(error.value, Throttled):
        assert error.value.retry_after == timedelta(seconds=7)


def test_a_pause_may_be_told_as_a_date(world: World) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=3), usegmt=True)
    world.break_next("POST", ISSUE, "status", status=429, headers={"Retry-After": until})

    with pytest.raises(Throttled) as error:
        find_or_open(tracker(world), wanted("date"))

    assert timedelta(minutes=2) < error.value.retry_after <= timedelta(minutes=3)


def test_a_stranger_that_answers_is_refused(world: World) -> None:
    world.break_next("POST", ISSUE, "html200")

    with pytest.raises(Refused, match="not Jira"):
        find_or_open(tracker(world), wanted("stranger"))


def test_a_lost_search_is_never_ambiguous(world: World) -> None:
    world.break_next("POST", SEARCH, "close_after")

    with pytest.raises(Unavailable):
        tracker(world).read(["WAF-1"])


def test_nothing_listening_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        find_or_open(JiraTracker("http://127.0.0.1:9", "bearer"), wanted("unreachable"))


@pytest.mark.parametrize(
    ("category", "status", "resolution", "expected"),
    [
        ("new", "To Do", None, IssueState.OPEN),
        ("indeterminate", "In Progress", "Done", IssueState.OPEN),
        ("done", "Done", None, IssueState.DONE),
        ("done", "Closed", "Fixed", IssueState.DONE),
        ("done", "Closed", "won't fix", IssueState.WONT_DO),
        ("done", "Cancelled", None, IssueState.WONT_DO),
    ],
)
def test_the_status_says_whether_and_the_resolution_says_how_a_ticket_ended(
    category: str, status: str, resolution: str | None, expected: IssueState
) -> None:
    fields = {
        "status": {"name": status, "statusCategory": {"key": category}},
        "resolution": {"name": resolution} if resolution else None,
    }

    assert state(fields) is expected


def test_a_site_may_have_other_words_for_giving_up() -> None:
    fields = {
        "status": {"name": "Parked", "statusCategory": {"key": "done"}},
        "resolution": {"name": "Not now"},
    }

    assert state(fields, IssueProject(wont_do=("not now",))) is IssueState.WONT_DO
    assert state(fields) is IssueState.DONE


def test_a_site_may_call_a_duplicate_done() -> None:
    fields = {
        "status": {"name": "Closed", "statusCategory": {"key": "done"}},
        "resolution": {"name": "Duplicate"},
    }

    assert state(fields, IssueProject(done=("Duplicate",))) is IssueState.DONE
