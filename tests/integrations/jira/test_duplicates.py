"""Tickets that are there already, twice, or in doubt, over HTTP against the simulator."""

import base64
from typing import Any

import pytest

from domain.action_items.ticket import IssueState, ObservedIssue
from integrations.errors import Ambiguous
from integrations.issue_projects import IssueProject
from integrations.jira.marks import PROPERTY
from integrations.jira.tracker import JiraTracker
from tests.creating import find_or_open, issue, tickets, tracker
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

PERSON = {"Authorization": "Basic " + base64.b64encode(b"ines@example.com:x").decode()}
SEARCH = "/search/jql$"


@pytest.fixture(autouse=True)
def _index_keeps_up(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 0})


def ticket(world: World, key: str) -> Any:  # noqa: ANN401 - JSON
    [found] = [each for each in world.all("tickets") if each["key"] == key]
    return found


def as_person(world: World, method: str, path: str, body: object) -> None:
    world.vendor(method, f"/rest/api/3/issue/{path}", json=body, headers=PERSON)


def test_trying_many_again_reads_each_new_ticket_of_their_project_once(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 300})
    jira = tracker(world)
    several = [issue(f"several-{number}") for number in range(3)]
    opened = {each.key: jira.open(each).key for each in several}
    world.forget()

    found = jira.find(several, again={each.key for each in several})

    assert {key: each.key for key, each in found.items() if not isinstance(each, Exception)} == (
        opened
    )
    assert world.asked("POST", SEARCH) == 2
    assert [world.asked("GET", f"/issue/{key}$") for key in opened.values()] == [1, 1, 1]


def test_a_fallback_that_cannot_be_looked_at_hides_no_ticket_of_the_project(world: World) -> None:
    world.set("settings", {"jira_index_lag_seconds": 300})
    jira = tracker(world, projects={"WAF": IssueProject(fallback_project="SRE")})
    wanted = issue("beside a fallback")
    opened = jira.open(wanted)
    # Past the index come the label's search and the project's before the fallback's.
    world.break_next("POST", SEARCH, "delay_before", times=2)
    world.break_next("POST", SEARCH, "status", status=500)

    found = jira.find([wanted], again={wanted.key})

    assert [each.key for each in found.values() if isinstance(each, ObservedIssue)] == [opened.key]
    assert world.asked("POST", SEARCH) == 3


def assert_in_doubt(world: World, jira: JiraTracker, key: str) -> None:
    with pytest.raises(Ambiguous, match="our label"):
        find_or_open(jira, issue(key))

    assert len(tickets(world, key)) == 1


def test_a_ticket_whose_properties_jira_does_not_tell_is_not_opened_again(world: World) -> None:
    jira = tracker(world)
    find_or_open(jira, issue("hidden"))
    shown = {"jql": "summary ~ hidden", "fields": ["labels", "status"]}
    answer = world.vendor("POST", "/rest/api/3/search/jql", json=shown, headers=PERSON)
    assert "properties" not in answer["issues"][0]
    world.break_next("POST", SEARCH, "json200", body=answer)

    assert_in_doubt(world, jira, "hidden")


def test_a_ticket_whose_proof_somebody_overwrote_is_not_opened_again(world: World) -> None:
    jira = tracker(world)
    key = find_or_open(jira, issue("overwritten")).key
    as_person(world, "PUT", f"{key}/properties/{PROPERTY}", "something else")

    assert_in_doubt(world, jira, "overwritten")


def test_one_ticket_in_doubt_holds_up_no_other(world: World) -> None:
    jira = tracker(world)
    one, other = issue("doubted"), issue("undoubted")
    key = find_or_open(jira, one).key
    as_person(world, "PUT", f"{key}/properties/{PROPERTY}", {"key": 7})

    found = jira.find([one, other])

    assert set(found) == {"doubted"}
    assert isinstance(found["doubted"], Ambiguous)


def test_labels_that_were_copied_a_hundred_times_hide_no_other_ticket(world: World) -> None:
    jira = tracker(world)
    copied, other = issue("much copied", link_url=""), issue("beside it", link_url="")
    first, second = (find_or_open(jira, each).key for each in (copied, other))
    fields = {
        "project": {"key": "WAF"},
        "issuetype": {"name": "Task"},
        "summary": "Copy",
        "labels": ticket(world, first)["fields"]["labels"],
    }
    for _ in range(100):
        world.vendor("POST", "/rest/api/3/issue", json={"fields": fields}, headers=PERSON)

    found = jira.find([copied, other])

    keys = [each.key for each in found.values() if isinstance(each, ObservedIssue)]
    assert keys == [first, second]


def duplicates(world: World, key: str) -> tuple[str, str]:
    """Open two tickets of one key, as two workers do behind a lagging index."""
    world.set("settings", {"jira_index_lag_seconds": 300})
    first, second = (find_or_open(tracker(world), issue(key)).key for _ in range(2))
    world.set("settings", {"jira_index_lag_seconds": 0})
    return first, second


def assert_closed_once(world: World, duplicate: str, kept: str) -> None:
    found = ticket(world, duplicate)
    assert found["fields"]["status"]["name"] == "Won't Do"
    [comment] = found["comments"]
    assert f"duplicate of {kept}" in str(comment["body"])


def test_a_second_ticket_behind_the_index_is_closed_for_the_first(world: World) -> None:
    first, second = duplicates(world, "duplicates")

    found = find_or_open(tracker(world), issue("duplicates"))
    again = find_or_open(tracker(world), issue("duplicates"))

    assert found.key == again.key == first
    assert found.repaired == (
        f"{second} was a second ticket of {first} and was closed as its duplicate."
    )
    assert not again.repaired
    assert_closed_once(world, second, first)


def test_reading_closes_the_ticket_that_nobody_knows(world: World) -> None:
    unknown, known = duplicates(world, "read duplicates")

    [found] = tracker(world).read([known])
    [again] = tracker(world).read([known])

    assert (found.key, found.state) == (known, IssueState.OPEN)
    assert unknown in found.repaired
    assert not again.repaired
    assert_closed_once(world, unknown, known)


def test_a_repair_that_was_interrupted_goes_on(world: World) -> None:
    first, second = duplicates(world, "interrupted")
    for path in ("/comment$", "/transitions$"):
        world.break_next("POST", path, "close_after")
        with pytest.raises(Ambiguous):
            find_or_open(tracker(world), issue("interrupted"))

    assert second in find_or_open(tracker(world), issue("interrupted")).repaired
    assert_closed_once(world, second, first)


def test_a_second_ticket_that_jira_does_not_let_us_close_is_left_to_a_person(world: World) -> None:
    _, second = duplicates(world, "unclosable")
    world.break_next("POST", "/transitions$", "status", status=403)

    found = find_or_open(tracker(world), issue("unclosable"))

    assert "close it there" in found.repaired
    assert ticket(world, second)["fields"]["status"]["name"] == "To Do"
    assert not find_or_open(tracker(world), issue("unclosable")).repaired


def test_a_copy_that_a_person_made_with_our_label_is_not_ours(world: World) -> None:
    first = find_or_open(tracker(world), issue("copied"))
    label = ticket(world, first.key)["fields"]["labels"]
    copy = {
        "project": {"key": "WAF"},
        "issuetype": {"name": "Task"},
        "summary": "Copy",
        "labels": label,
    }
    world.vendor("POST", "/rest/api/3/issue", json={"fields": copy}, headers=PERSON)

    assert find_or_open(tracker(world), issue("copied")).key == first.key
