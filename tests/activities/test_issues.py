"""Tickets of one moment: looked for together, opened at once, each with an outcome, in time."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.issues import OPENED_TOGETHER, IssueActivities, OpenedIssue, OpenedIssues
from domain import lifecycle
from domain.action_items.effects import OpenIssue, OpenIssues
from domain.action_items.ticket import DesiredIssue, ObservedIssue, TicketFacts
from domain.engine.ledger import Status
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from tests import creating
from tests.playing import an_incident
from tests.simulated import World
from wording.rendering import Wording

WORDING = Wording(lifecycle.notices().values())
A_PAUSE = Throttled("Jira asks for a pause.", retry_after=timedelta(minutes=30))


@dataclass
class Tracker:
    """Remembers how it was asked, and says no as told."""

    says: dict[str, Exception] = field(default_factory=dict)
    find_says: Exception | None = None
    link_says: dict[str, Exception] = field(default_factory=dict)
    there: dict[str, ObservedIssue | ServiceError] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    searches: list[tuple[set[str], set[str]]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def find(
        self, wanted: Sequence[DesiredIssue], *, again: Collection[str] = ()
    ) -> Mapping[str, ObservedIssue | ServiceError]:
        self.searches.append(({each.key for each in wanted}, set(again)))
        if self.find_says is not None:
            raise self.find_says
        return {each.key: self.there[each.key] for each in wanted if each.key in self.there}

    def open(self, wanted: DesiredIssue) -> ObservedIssue:
        self.opened.append(wanted.key)
        if wanted.key in self.slow:
            self.released.wait(20)
        if wanted.key in self.says:
            raise self.says[wanted.key]
        return ObservedIssue(key=f"WAF-{wanted.key}", touched_at=datetime(2027, 1, 5, tzinfo=UTC))

    def link(self, issue: str, wanted: DesiredIssue) -> None:
        if wanted.key in self.link_says:
            raise self.link_says[wanted.key]
        self.links.append(issue)

    def read(self, keys: Sequence[str]) -> Sequence[ObservedIssue]:
        return [ObservedIssue(key=key) for key in keys]


def wanted(key: str, *, again: bool = False) -> OpenIssue:
    return OpenIssue(key=f"issue:{key}", item=key, ticket=facts(key), again=again)


def facts(key: str, project: str = "WAF") -> TicketFacts:
    return TicketFacts(
        key=key,
        project=project,
        incident=an_incident().facts("postmortem"),
        text="Add an alert",
        decided_by="Ada",
        due=date(2027, 2, 1),
        labels=(),
        priority="P1",
        document_url="https://documents.example.com/1",
    )


class Attempt:
    """One attempt of the activity, which remembers what its heartbeats said."""

    def __init__(self, tracker: Any, number: int = 1, after: "Attempt | None" = None) -> None:  # noqa: ANN401 - a double or the real one
        self._activities = IssueActivities(tracker, WORDING)
        self._environment = ActivityEnvironment()
        self._environment.on_heartbeat = self._remember
        self._environment.info = replace(
            ActivityEnvironment.default_info(),
            attempt=number,
            heartbeat_details=[after.said[-1]] if after else [],
        )
        self.said: list[Any] = []

    def carry_out(self, *items: OpenIssue) -> dict[str, OpenedIssue]:
        find_or_open = self._activities.find_or_open_issues
        done = self._environment.run(find_or_open, OpenIssues(wanted=items))
        assert [each.report.key for each in done.each] == [each.key for each in items]
        return {each.report.key: each for each in done.each}

    def _remember(self, said: OpenedIssues) -> None:
        # As Temporal gives them back: plain JSON, since it knows no type for them.
        self.said.append(said.model_dump(mode="json"))


def statuses(done: Mapping[str, OpenedIssue]) -> dict[str, Status]:
    return {key: each.report.status for key, each in done.items()}


def test_all_tickets_of_a_moment_are_looked_for_together() -> None:
    tracker = Tracker(there={"2": ObservedIssue(key="WAF-7")})

    done = Attempt(tracker).carry_out(wanted("1"), wanted("2"), wanted("3"))

    assert tracker.searches == [({"1", "2", "3"}, set())]
    assert sorted(tracker.opened) == ["1", "3"]
    assert done["issue:2"].answer == ObservedIssue(key="WAF-7")


def test_a_first_try_opens_at_once_and_a_later_one_looks_closely() -> None:
    tracker = Tracker()

    Attempt(tracker).carry_out(wanted("1"), wanted("2", again=True))
    Attempt(tracker, number=2).carry_out(wanted("1"), wanted("2"))

    assert [again for _, again in tracker.searches] == [{"2"}, {"1", "2"}]


def test_what_one_project_refuses_does_not_hold_up_the_others() -> None:
    tracker = Tracker(says={"1": Refused("Jira has no such project.")})

    done = Attempt(tracker).carry_out(wanted("1"), wanted("2"))

    assert statuses(done) == {"issue:1": Status.REFUSED, "issue:2": Status.DONE}


def test_a_ticket_of_which_nobody_can_tell_whether_it_is_there_is_not_opened() -> None:
    tracker = Tracker(there={"1": Ambiguous("Jira does not show whether it is ours.")})

    done = Attempt(tracker).carry_out(wanted("1"), wanted("2"))

    assert statuses(done) == {"issue:1": Status.UNAVAILABLE, "issue:2": Status.DONE}
    assert tracker.opened == ["2"]


def test_a_search_that_fails_opens_nothing() -> None:
    tracker = Tracker(find_says=Unavailable("Jira could not be reached."))

    done = Attempt(tracker).carry_out(wanted("1"), wanted("2"))

    assert set(statuses(done).values()) == {Status.UNAVAILABLE}
    assert not tracker.opened


def test_a_tracker_that_asks_for_a_pause_is_not_asked_again_in_the_same_moment() -> None:
    items = [wanted(str(number)) for number in range(20)]
    tracker = Tracker(says={each.item: A_PAUSE for each in items})

    done = Attempt(tracker).carry_out(*items)

    assert len(tracker.opened) <= OPENED_TOGETHER
    assert {each.report.status for each in done.values()} == {Status.UNAVAILABLE}
    assert all(each.report.retry_after for each in done.values())


def test_a_pause_asked_for_by_the_search_stops_links_too() -> None:
    tracker = Tracker(find_says=A_PAUSE)
    known = wanted("2").replace(opened=ObservedIssue(key="WAF-2", unlinked=True))

    done = Attempt(tracker).carry_out(wanted("1"), known)

    assert {each.report.status for each in done.values()} == {Status.UNAVAILABLE}
    assert not tracker.links


def test_a_ticket_is_told_though_its_link_has_to_wait_and_then_only_the_link_is_made() -> None:
    tracker = Tracker(link_says={"1": Unavailable("Jira could not be reached.")})

    first = Attempt(tracker).carry_out(wanted("1"))["issue:1"]
    assert first.report.status is Status.UNAVAILABLE
    assert first.answer is not None
    assert first.answer.unlinked
    assert not tracker.links

    tracker.link_says.clear()
    second = Attempt(tracker).carry_out(wanted("1").replace(opened=first.answer))["issue:1"]

    assert second.report.status is Status.DONE
    assert second.answer == first.answer.replace(unlinked=False)
    assert tracker.opened == ["1"]
    assert tracker.links == ["WAF-1"]


def test_what_an_attempt_has_opened_is_neither_looked_for_nor_opened_by_the_next() -> None:
    tracker = Tracker(link_says={"2": Unavailable("Jira could not be reached.")})
    first = Attempt(tracker)
    first.carry_out(wanted("1"), wanted("2"))
    tracker.link_says.clear()

    done = Attempt(tracker, number=2, after=first).carry_out(wanted("1"), wanted("2"), wanted("3"))

    assert set(statuses(done).values()) == {Status.DONE}
    assert tracker.searches[1] == ({"3"}, {"3"})
    assert sorted(tracker.opened) == ["1", "2", "3"]
    assert sorted(tracker.links) == ["WAF-1", "WAF-2", "WAF-3"]


@pytest.mark.usefixtures("short_attempts")
def test_an_attempt_ends_in_time_and_what_it_did_not_come_to_is_due_again_at_once() -> None:
    items = [wanted(str(number)) for number in range(10)]
    tracker = Tracker(slow={each.item for each in items[1:]})

    done = Attempt(tracker).carry_out(*items)
    tracker.released.set()

    found = statuses(done)
    assert found.pop("issue:0") is Status.DONE
    assert set(found.values()) == {Status.UNAVAILABLE}
    assert {done[key].report.retry_after for key in found} == {timedelta()}
    # One of the first ended, so that one more could begin.
    assert len(tracker.opened) == OPENED_TOGETHER + 1


@pytest.fixture
def jira(world: World) -> World:
    """Return a world whose Jira knows our projects, and that nobody has asked for anything yet."""
    creating.set_up(world)
    world.forget()
    return world


def five(title: str, *, again: bool = False) -> list[OpenIssue]:
    return [wanted(f"{title}-{number}", again=again) for number in range(5)]


def test_five_tickets_cost_one_search_and_two_requests_each(jira: World) -> None:
    done = Attempt(creating.tracker(jira)).carry_out(*five("new"))

    assert set(statuses(done).values()) == {Status.DONE}
    assert jira.asked("POST", "/search/jql$") == 1
    assert jira.asked("POST", "/issue$") == jira.asked("POST", "/remotelink$") == 5
    assert jira.asked() == 11


def test_five_tickets_that_are_there_cost_one_search_and_their_links(jira: World) -> None:
    Attempt(creating.tracker(jira)).carry_out(*five("there", again=True))
    jira.forget()

    Attempt(creating.tracker(jira)).carry_out(*five("there", again=True))

    assert jira.asked("POST", "/search/jql$") == 1
    assert jira.asked("POST", "/issue$") == 0
    assert jira.asked("POST", "/remotelink$") == 5
