"""Tickets of one moment: each look is as close as it must be, and a pause is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from temporalio.testing import ActivityEnvironment

from activities.issues import IssueActivities, OpenedIssue, OpenIssues
from domain.action_items.ticket import DesiredIssue, ObservedIssue
from domain.engine.ledger import Status
from domain.action_items.effects import OpenIssue
from integrations.errors import Refused, Throttled, Unavailable


@dataclass
class Tracker:
    """Remembers how it was asked, and says no as told."""

    says: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    link_says: dict[str, Exception] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def find_or_open(self, wanted: DesiredIssue, *, again: bool = False) -> ObservedIssue:
        self.asked.append((wanted.key, again))
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
    issue = DesiredIssue(
        key=key,
        project="WAF",
        title="Add an alert",
        body=(),
        labels=(),
        priority="P1",
        due=date(2027, 2, 1),
    )
    return OpenIssue(key=f"issue:{key}", item=key, issue=issue, again=again)


def carried_out(tracker: Tracker, *items: OpenIssue, attempt: int = 1) -> Mapping[str, OpenedIssue]:
    environment = ActivityEnvironment()
    environment.info = replace(ActivityEnvironment.default_info(), attempt=attempt)
    done = environment.run(IssueActivities(tracker).find_or_open_issues, OpenIssues(wanted=items))
    return {each.report.key: each for each in done.opened}


def opened(tracker: Tracker, *items: OpenIssue, attempt: int = 1) -> dict[str, Status]:
    done = carried_out(tracker, *items, attempt=attempt)
    return {key: each.report.status for key, each in done.items()}


def test_a_first_try_opens_at_once_and_a_later_one_looks_closely() -> None:
    tracker = Tracker()

    opened(tracker, wanted("1"))
    opened(tracker, wanted("1", again=True))
    opened(tracker, wanted("1"), attempt=2)

    assert tracker.asked == [("1", False), ("1", True), ("1", True)]


def test_what_one_project_refuses_does_not_hold_up_the_others() -> None:
    tracker = Tracker(says={"1": Refused("Jira has no such project.")})

    found = opened(tracker, wanted("1"), wanted("2"))

    assert found == {"issue:1": Status.REFUSED, "issue:2": Status.DONE}


def test_a_tracker_that_asks_for_a_pause_is_not_asked_again_in_the_same_moment() -> None:
    pause = Throttled("Jira asks for a pause.", retry_after=timedelta(minutes=30))
    tracker = Tracker(says={"2": pause})

    found = opened(tracker, wanted("1"), wanted("2"), wanted("3"))

    assert [key for key, _ in tracker.asked] == ["1", "2"]
    assert found["issue:3"] is Status.UNAVAILABLE


def test_a_ticket_is_told_though_its_link_has_to_wait_and_then_only_the_link_is_made() -> None:
    tracker = Tracker(link_says={"1": Unavailable("Jira could not be reached.")})

    first = carried_out(tracker, wanted("1"))["issue:1"]
    assert first.report.status is Status.UNAVAILABLE
    assert first.issue is not None
    assert first.issue.unlinked
    assert not tracker.links

    tracker.link_says.clear()
    second = carried_out(tracker, wanted("1").replace(opened=first.issue))["issue:1"]

    assert second.report.status is Status.DONE
    assert second.issue == first.issue.replace(unlinked=False)
    assert tracker.asked == [("1", False)]
    assert tracker.links == ["WAF-1"]


def test_a_pause_asked_for_at_a_link_is_kept_for_the_other_tickets() -> None:
    pause = Throttled("Jira asks for a pause.", retry_after=timedelta(minutes=30))
    tracker = Tracker(link_says={"1": pause})

    found = opened(tracker, wanted("1"), wanted("2"))

    assert set(found.values()) == {Status.UNAVAILABLE}
    assert tracker.asked == [("1", False)]
