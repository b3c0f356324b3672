"""The ways into Jira that real deployments have, over HTTP against the simulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.action_items.ticket import IssueState
from integrations.errors import Ambiguous, Refused
from integrations.jira.dialect import wiki
from integrations.jira.tracker import Flavour, JiraTracker
from tests import creating
from tests.creating import find_or_open
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

CLOUD_ID = "11223344-a1b2-3b33-c444-def123456789"
SEARCH = "/search(/jql)?$"
SITE = "https://example.atlassian.net"


@pytest.fixture(autouse=True)
def _cloud_again(world: World) -> Iterator[None]:
    yield
    world.set("settings", {"jira_flavour": "cloud", "jira_cloud_id": None})


def scoped(world: World, auth: tuple[str, str] | str) -> JiraTracker:
    world.set("settings", {"jira_cloud_id": CLOUD_ID})
    server = f"{world.url}/ex/jira/{CLOUD_ID}"
    return JiraTracker(server, auth, site_url=SITE, timeout=(1, 5))


def data_center(world: World) -> JiraTracker:
    world.set("settings", {"jira_flavour": "datacenter"})
    return JiraTracker(world.url, "personal-token", flavour=Flavour.DATACENTER, timeout=(1, 5))


def assert_works(world: World, tracker: JiraTracker, key: str) -> Any:  # noqa: ANN401 - JSON
    """Open, find again and read a ticket; return it as it stands."""
    opened = find_or_open(tracker, creating.issue(key))
    again = find_or_open(tracker, creating.issue(key))
    for _ in range(2):
        tracker.link(opened.key, creating.issue(key))
    [read] = tracker.read([opened.key])

    assert opened.key == again.key == read.key
    assert read.state is IssueState.OPEN
    [found] = creating.tickets(world, key)
    assert len(found["links"]) == 1
    return found


def test_an_api_token_goes_with_its_account(world: World) -> None:
    tracker = JiraTracker(world.url, ("a@example.com", "token"), timeout=(1, 5))

    assert_works(world, tracker, "by-api-token")


@pytest.mark.parametrize("auth", [("a@example.com", "token"), "service-account-token"])
def test_a_token_with_scopes_goes_through_atlassians_gateway(
    world: World, auth: tuple[str, str] | str
) -> None:
    tracker = scoped(world, auth)

    found = assert_works(world, tracker, f"scoped-{type(auth).__name__}")

    assert tracker.read([found["key"]])[0].url == f"{SITE}/browse/{found['key']}"
    assert world.asked(path="^/rest/") == 0


def test_a_personal_access_token_speaks_version_2_and_wiki_text(world: World) -> None:
    found = assert_works(world, data_center(world), "by-personal-token")

    text = "From the review.\n\n[INC-204|https://docs.example.com/d/1]"
    assert found["fields"]["description"] == text
    assert world.asked(path="/rest/api/3/") == 0


def test_a_ticket_that_data_center_shows_and_does_not_let_us_read_is_not_opened_again(
    world: World,
) -> None:
    tracker = data_center(world)
    find_or_open(tracker, creating.issue("center hidden"))
    world.break_next("GET", "/rest/api/2/issue/", "status", status=404)

    with pytest.raises(Ambiguous, match="our label"):
        find_or_open(tracker, creating.issue("center hidden"))

    assert len(creating.tickets(world, "center hidden")) == 1


def test_data_center_closes_a_second_ticket_too(world: World) -> None:
    tracker = data_center(world)
    world.set("settings", {"jira_index_lag_seconds": 300})
    first, second = (
        find_or_open(tracker, creating.issue("center duplicates")).key for _ in range(2)
    )
    world.set("settings", {"jira_index_lag_seconds": 0})

    found = find_or_open(tracker, creating.issue("center duplicates"))

    assert (found.key, second in found.repaired) == (first, True)
    assert not find_or_open(tracker, creating.issue("center duplicates")).repaired


@pytest.mark.parametrize(
    ("status", "headers", "advice"),
    [
        (401, {}, "Check the account and the token"),
        (403, {}, "may do this in the project"),
        (403, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}, "captcha"),
        (404, {}, "our account may see it"),
    ],
)
def test_a_refusal_says_what_to_do(
    world: World, status: int, headers: dict[str, str], advice: str
) -> None:
    world.break_next("POST", SEARCH, "status", status=status, headers=headers)

    with pytest.raises(Refused, match=advice):
        find_or_open(creating.tracker(world), creating.issue("advice"))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("plain words, 1 % of traffic", "plain words, 1 % of traffic"),
        ("{code} *bold* [link|x] !pic!", "\\{code\\} \\*bold\\* \\[link\\|x\\] \\!pic\\!"),
        ("snake_case and ~tilde and ^up", "snake\\_case and \\~tilde and \\^up"),
        ("roll-out, not -struck-", "roll-out, not \\-struck-"),
        ("- item", "\\- item"),
        ("h1. Heading", "\u200bh1. Heading"),
        ("see https://x.example.com/a_b-c and a_b", "see https://x.example.com/a_b-c and a\\_b"),
        ("back\\slash ??cite??", "back\\\\slash \\?\\?cite\\?\\?"),
    ],
)
def test_wiki_text_shows_every_mark_as_it_was_written(said: str, written: str) -> None:
    assert wiki([said]) == written
