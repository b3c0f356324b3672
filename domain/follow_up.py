"""Tickets: how one is opened, and how a team is asked about those nobody touches."""

from collections.abc import Iterator
from datetime import datetime

from domain import reminders
from domain.action_items.items import due_day, labels
from domain.action_items.ticket import DesiredIssue
from domain.calendar.directory_snapshot import Team
from domain.calendar.instants import shown_day
from domain.calendar.working_time import (
    WorkCalendar,
    after,
    calendar_of_team,
    next_working_moment,
)
from domain.case import ActionItem, Case, Decision, Status
from domain.effects import OpenIssue
from domain.entry import READ_ISSUES, Entry, notice
from domain.incident import Incident
from domain.keys import outside_key
from domain.people import home_team, name_of
from domain.policy import ActionRules


def ticket(case: Case, item: ActionItem) -> OpenIssue:
    """Return the effect that opens an item's one ticket (5D: enough for who was not there).

    Raises:
        LookupError: the item is not decided, or the case knows nothing yet.
    """
    if case.directory is None or case.incident is None or item.decision is None:
        raise LookupError("A ticket needs an incident, an snapshot and a decision.")
    # A team that is no longer there leaves its work to the team of the service (2.5).
    team = case.directory.teams.get(item.team) or home_team(case)
    wanted = DesiredIssue(
        key=outside_key(case, item.id),
        project=team.issue_project if team else "",
        title=item.text,
        body=_body(case, item, case.incident, item.decision),
        labels=(*labels(case), case.id),
        priority=item.priority,
        due=due_day(case, item.decision.at),
        link_url=case.document.url,
        link_title=f"{case.incident.key} {case.incident.title}",
    )
    key = f"issue:{item.id}"
    return OpenIssue(
        key=key,
        about=f"open the ticket of {item.id}",
        item=item.id,
        issue=wanted,
        again=key in case.ledger,
        opened=item.issue,
    )


def _body(case: Case, item: ActionItem, incident: Incident, decision: Decision) -> tuple[str, ...]:
    due = due_day(case, decision.at)
    lines = (
        f"From the review of {incident.key}: {incident.title}.",
        incident.summary,
        f"Why: {decision.reason}" if decision.reason else "",
        f"Done when: {item.done_when}" if item.done_when else "",
        f"Due {shown_day(due)} {due.year}, by the limit for {incident.severity}.",
        f"Decided by {name_of(case, decision.by)}.",
    )
    return tuple(filter(None, lines))


def weekly(case: Case) -> Iterator[Entry]:
    """Yield, per team with open tickets, the next weekly message, if any ticket lies still.

    The tracker is asked first: who works on a ticket, or has finished it, is left alone.
    """
    if case.rules is None or case.directory is None or case.published_at is None:
        return
    for team_id in dict.fromkeys(item.team for item in case.items if item.open):
        team = case.directory.teams.get(team_id)
        if team is not None:
            calendar = calendar_of_team(case.directory, team_id)
            yield _weekly(case, team, calendar, case.rules.action_items, case.published_at)


def _weekly(
    case: Case, team: Team, calendar: WorkCalendar, rules: ActionRules, published_at: datetime
) -> Entry:
    to = team.list or team.engineering_manager
    lies_still = {
        item.id: after(_touched(case, item), rules.left_alone_for, calendar)
        for item in case.items
        if item.open and item.team == team.id
    }
    sent = case.ledger.get(f"notice:weekly:{team.id}:{to}")
    if sent is not None and sent.status is not Status.DONE:
        turn = datetime.fromisoformat(sent.version)
    else:
        turn = after(sent.at if sent else published_at, rules.follow_up_every, calendar)
    at = next_working_moment(max(turn, min(lies_still.values())), calendar)
    still = tuple(item_id for item_id, since in lies_still.items() if since <= at)
    entry = notice(reminders.weekly(case, still), to, at, about=team.id)
    return entry.replace(needs=(READ_ISSUES,))


def _touched(case: Case, item: ActionItem) -> datetime:
    """Return when somebody last worked on a ticket: at the latest when it was opened."""
    touched = item.issue.touched_at if item.issue else None
    opened = case.ledger.get(f"issue:{item.id}")
    known = (touched, opened.at if opened else None, case.opened_at)
    return max(each for each in known if each is not None)
