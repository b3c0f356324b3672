"""Tickets: how one is opened, and how a team is asked about those nobody touches."""

from collections.abc import Iterator
from datetime import datetime

from domain import letters
from domain.action_items import due_day, labels
from domain.case import ActionItem, Case
from domain.effects import OpenIssue
from domain.entry import READ_ISSUES, Entry, notice
from domain.instants import shown_day
from domain.keys import outside_key
from domain.outside import WantedIssue
from domain.people import home_calendar
from domain.working_time import after, before, calendar_of_team, next_working_moment


def ticket(case: Case, item: ActionItem) -> OpenIssue:
    """Return the effect that opens an item's one ticket (5D: enough for who was not there)."""
    if case.almanac is None or case.incident is None or item.decision is None:
        raise LookupError("A ticket needs an incident, an almanac and a decision.")
    team = case.almanac.teams[item.team]
    due = due_day(case, item.decision.at)
    wanted = WantedIssue(
        key=outside_key(case, item.id),
        project=team.issue_project,
        title=item.text,
        body=_body(case, item),
        labels=(*labels(case), case.id),
        priority=item.priority,
        due=due,
        link_url=case.document.url,
        link_title=f"{case.incident.key} {case.incident.title}",
    )
    return OpenIssue(
        key=f"issue:{item.id}", about=f"open the ticket of {item.id}", item=item.id, issue=wanted
    )


def _body(case: Case, item: ActionItem) -> tuple[str, ...]:
    if case.incident is None or item.decision is None or case.almanac is None:
        return ()
    due = due_day(case, item.decision.at)
    severity = case.incident.severity
    lines = (
        f"From the review of {case.incident.key}: {case.incident.title}.",
        case.incident.summary,
        f"Why: {item.decision.reason}" if item.decision.reason else "",
        f"Done when: {item.done_when}" if item.done_when else "",
        f"Due {shown_day(due)} {due.year}, by the limit for {severity}.",
        f"Decided by {case.almanac.name_of(item.decision.by)}.",
    )
    return tuple(filter(None, lines))


def weekly(case: Case) -> Iterator[Entry]:
    """Yield, per team with open tickets, the next weekly message, if any ticket lies still.

    The tracker is asked first: who works on a ticket, or has finished it, is left alone.
    """
    teams = dict.fromkeys(item.team for item in case.items if item.open)
    for team in teams:
        yield from _weekly(case, team)


def _weekly(case: Case, team_id: str) -> Iterator[Entry]:
    if case.rules is None or case.almanac is None or case.published_at is None:
        return
    rules, team = case.rules.action_items, case.almanac.teams.get(team_id)
    items = [item for item in case.items if item.open and item.team == team_id]
    if team is None:
        return
    to = team.list or team.engineering_manager
    calendar = calendar_of_team(case.almanac, team_id)
    sent = case.ledger.get(f"notice:weekly:{team_id}:{to}")
    last = sent.at if sent else case.published_at
    lies_still = min(after(_touched(case, item), rules.left_alone_for, calendar) for item in items)
    at = max(after(last, rules.follow_up_every, calendar), lies_still)
    at = next_working_moment(at, calendar)
    long_ago = before(at, rules.left_alone_for, home_calendar(case))
    still = tuple(item.id for item in items if _touched(case, item) <= long_ago)
    entry = notice(letters.weekly(case, still), to, at, about=team_id)
    yield entry.but(needs=(READ_ISSUES,))


def _touched(case: Case, item: ActionItem) -> datetime:
    """Return when somebody last worked on a ticket: at the latest when it was opened."""
    touched = item.issue.touched_at if item.issue else None
    opened = case.ledger.get(f"issue:{item.id}")
    known = (touched, opened.at if opened else None, case.opened_at)
    return max(each for each in known if each is not None)
