"""Tickets of accepted items, and how teams are asked about those that lie still."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from domain.action_items.effects import FollowUp, OpenIssue, ReadIssues
from domain.action_items.notices import StillOpen
from domain.action_items.state import issue_key
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.action_items.tickets import ticket_seen
from domain.case import Case, Phase
from domain.engine import agenda
from domain.engine.effect import noted
from domain.engine.ledger import Report, Status
from domain.engine.notice import SendNotice
from domain.lifecycle import life
from domain.phases import finished, phase
from tests.playing import INES, OLIVER, an_incident, snapshot
from tests.scenes import decided, followed

# --- tickets --------------------------------------------------------------------------------


def test_a_ticket_says_all_that_its_team_needs() -> None:
    play = decided()

    wanted = play.kinds(OpenIssue)[0].ticket

    assert wanted.project == "WAF"
    assert wanted.labels == ("postmortem", "sev1", "sev1_20270112", "postmortem-INC-204")
    assert wanted.due == date(2027, 1, 27)
    assert wanted.document_url == "https://documents/1"
    assert wanted.decided_by == "Inês Duarte"
    assert wanted.text == "Refuse rules that backtrack"


def test_the_due_day_of_an_item_accepted_late_leaves_five_business_days() -> None:
    late = an_incident(datetime(2026, 12, 29, 9, 0, tzinfo=UTC))
    play = decided(incident=late.replace(started_at=None), directory=snapshot(late.resolved_at))

    assert play.case.meeting.held_at is not None
    due = play.item("AI-1").due
    assert due is not None
    assert due >= play.case.meeting.held_at.date() + timedelta(days=7)


def test_a_ticket_of_an_item_that_is_no_more_changes_nothing() -> None:
    play = decided()
    effect = play.kinds(OpenIssue)[0].replace(item="AI-9", key="issue:AI-9")

    case = noted(play.case, effect, Report(key=effect.key), ObservedIssue(key="X-1"), play.now)

    assert case.items == play.case.items


def openings(case: Case, now: datetime) -> list[OpenIssue]:
    """The tickets that are to be opened, or linked, now."""
    return [each for each in agenda.due(life(case), now) if isinstance(each, OpenIssue)]


def unlinked() -> tuple[Case, OpenIssue, datetime]:
    """Return a case with a ticket whose link failed, what opened it, and when."""
    play = decided()
    opening, now = play.kinds(OpenIssue)[0], play.now
    away = Report(key=opening.key, status=Status.UNAVAILABLE, reason="Jira could not be reached.")
    ticket = ObservedIssue(key="WAF-7", unlinked=True)
    return noted(play.case, opening, away, ticket, now), opening, now


def test_a_ticket_without_its_link_is_known_and_linked_once_the_tracker_is_back() -> None:
    case, opening, now = unlinked()

    case = ticket_seen(case, ObservedIssue(key="WAF-7"), now)

    assert not openings(case, now)
    again_at = case.ledger[opening.key].again_at
    assert again_at is not None
    [linking] = openings(case, again_at)
    assert linking.opened is not None
    assert linking.opened.key == "WAF-7"

    linked = linking.opened.replace(unlinked=False)
    case = noted(case, linking, Report(key=linking.key), linked, again_at)
    assert not openings(case, again_at)
    assert case.ledger[opening.key].status is Status.DONE


def test_a_ticket_that_is_finished_while_its_link_is_made_stays_finished() -> None:
    play = decided()
    opening, now = play.kinds(OpenIssue)[0], play.now
    away = Report(key=opening.key, status=Status.UNAVAILABLE, reason="Jira could not be reached.")
    unlinked = ObservedIssue(key="WAF-7", unlinked=True)
    case = noted(
        play.case.with_item(play.item("AI-1").replace(issue=None)), opening, away, unlinked, now
    )

    case = ticket_seen(case, ObservedIssue(key="WAF-7", state=IssueState.DONE), now)
    linked = ObservedIssue(key="WAF-7")
    case = noted(case, opening, Report(key=opening.key), linked, now)

    item = case.item("AI-1")
    assert item is not None
    assert item.issue == ObservedIssue(key="WAF-7", state=IssueState.DONE)


@pytest.mark.parametrize(
    ("status", "ends"),
    [(Status.UNAVAILABLE, False), (Status.REFUSED, True), (Status.DONE, True)],
)
def test_a_case_ends_after_the_links_of_its_tickets_unless_one_is_refused(
    status: Status, *, ends: bool
) -> None:
    play = followed()
    for key in play.issues:
        play.take(key)
    play.wait(days=60)
    item = play.item("AI-1")
    assert item.issue is not None
    assert finished(play.case)

    made = play.case.ledger[issue_key(item.id)].replace(status=status)
    late = item.issue.replace(unlinked=status is not Status.DONE)
    case = play.case.with_item(item.replace(issue=late)).with_outcome(issue_key(item.id), made)

    assert finished(case) is ends


def test_a_ticket_that_is_done_is_not_chased() -> None:
    play = followed()
    for key in play.issues:
        play.take(key)

    play.wait(days=60)

    assert not [e for e in play.kinds(SendNotice) if "action-item" in e.key]
    assert not play.sent("still-open")


def test_a_ticket_that_will_not_be_done_is_not_chased_either() -> None:
    play = followed()
    for key in play.issues:
        play.take(key, IssueState.WONT_DO)

    play.wait(days=60)

    issue = play.item("AI-1").issue
    assert issue is not None
    assert issue.state is IssueState.WONT_DO
    assert play.item("AI-1").done_at is None
    assert phase(play.case) is Phase.CLOSED


def test_an_overdue_ticket_is_reminded_once_and_then_the_manager_told_once() -> None:
    play = followed()

    play.wait(days=60)

    nags = [e.key for e in play.kinds(SendNotice) if "action-item:AI-1" in e.key]
    assert nags == [
        "notice:reminder:action-item:AI-1:0:ines-duarte",
        "notice:escalation:action-item:AI-1:1:helena-vasconcelos",
    ]


def test_the_tracker_is_read_before_every_reminder() -> None:
    play = followed()

    play.wait(days=60)

    read = {at for at, effect in play.done if isinstance(effect, ReadIssues)}
    told = {at for at, each in play.notices() if _is_about_tickets(each)}
    assert told
    assert told <= read


def test_another_due_day_in_the_tracker_moves_the_reminder() -> None:
    play = followed()
    for key, issue in play.issues.items():
        later = issue.replace(due=date(2027, 3, 1))
        play.issues[key] = later
        play.signal("ticket_changed", later.model_dump(mode="json"))

    play.until(datetime(2027, 3, 1, 23, 0, tzinfo=UTC))
    before = play.sent("reminder")
    play.until(datetime(2027, 3, 2, 12, 0, tzinfo=UTC))

    assert not [each for each in before if each[0].month == 2]
    assert INES in {to for at, to in play.sent("reminder") if at.month == 3}


# --- the weekly message ---------------------------------------------------------------------


def test_only_tickets_that_nobody_touched_for_14_days_are_in_the_weekly_message() -> None:
    play = followed()
    play.until(datetime(2027, 1, 20, 9, 0, tzinfo=UTC))
    play.issues["WAF-1"] = play.issues["WAF-1"].replace(touched_at=play.now)

    play.until(datetime(2027, 1, 29, 9, 0, tzinfo=UTC))

    firewall = next(each for each in play.kinds(FollowUp) if each.to == "edge-firewall")
    assert isinstance(firewall.notice, StillOpen)
    assert [(item.id, item.ticket) for item in firewall.notice.items] == [("AI-3", "WAF-2")]
    assert firewall.notice.document_url == "https://documents/1"


def test_the_weekly_message_comes_weekly() -> None:
    play = followed()

    play.wait(days=40)

    times = [at for at, to in play.sent("still-open") if to == "edge-firewall"]
    assert len(times) >= 3
    assert all(later - at == timedelta(days=7) for at, later in pairwise(times))


def test_a_team_without_a_list_is_written_to_through_its_manager() -> None:
    known = snapshot(an_incident().resolved_at)
    teams = {name: team.replace(list=None) for name, team in known.teams.items()}
    play = followed(directory=known.replace(teams=teams))

    play.wait(days=20)

    assert {to for _, to in play.sent("still-open")} == {INES, OLIVER}


def test_a_team_that_is_no_longer_there_is_not_written_to() -> None:
    play = followed()
    assert play.case.directory is not None
    play.directory = play.case.directory.replace(teams={})
    play.case = play.case.replace(directory=play.directory)

    play.wait(days=40)

    assert not play.sent("still-open")


def test_all_tickets_of_a_moment_are_handed_over_together() -> None:
    play = decided()
    wanted = play.kinds(OpenIssue)

    assert OpenIssue.requested_together(play.case, wanted, play.now).wanted == tuple(wanted)


def _is_about_tickets(effect: SendNotice[Case]) -> bool:
    return isinstance(effect, FollowUp) or effect.chases.startswith("action-item:")
