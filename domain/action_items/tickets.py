"""What a case learns of its tickets: from the tracker, from a webhook, from a person."""

from datetime import datetime

from domain.action_items.items import due_day
from domain.action_items.state import ActionItem
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.case import Case
from domain.engine.journal import Door, Happening

YEARS_BELIEVED = range(2000, 2200)
"""A due day or a working time outside of these is a slip of the pen, and counts as none."""


def ticketed(case: Case, item_id: str, issue: ObservedIssue, now: datetime) -> Case:
    """Return the case with an item's ticket, which was opened or only now linked."""
    item = case.item(item_id)
    if item is None or item.decision is None:
        return case
    if item.issue is not None and item.issue.key == issue.key:
        # Only its link was made; the ticket may have gone on meanwhile.
        known = item.issue.replace(unlinked=issue.unlinked)
        return case.with_item(item.replace(issue=known))
    issue = _believable(issue, now)
    due = issue.due or due_day(case, item.decision.at)
    case = case.mended(issue.repaired, now)
    return case.with_item(item.replace(issue=issue.replace(repaired=""), due=due))


def ticket_seen(case: Case, issue: ObservedIssue, now: datetime) -> Case:
    """Return the case with one of its tickets as the tracker has it, unless we know it newer."""
    item = next((each for each in case.items if each.issue and each.issue.key == issue.key), None)
    if item is None or item.issue is None or _is_stale(item.issue, issue):
        return case
    if issue.state is IssueState.UNREACHABLE and not item.open:
        return case  # What is finished stays finished, wherever its ticket went.
    case = case.mended(issue.repaired, now)
    url, unlinked = issue.url or item.issue.url, item.issue.unlinked
    seen = _believable(issue.replace(url=url, unlinked=unlinked, repaired=""), now)
    after = _followed(item, seen, now)
    case = case.with_item(after)
    if after.issue is None or after.issue.state is item.issue.state:
        return case
    facts = {"item": item.id, "ticket": issue.key, "state": seen.state.value}
    return case.with_line(
        now, Happening.SIGNAL, "ticket_changed", through=Door.TRACKER, facts=facts
    )


def _is_stale(known: ObservedIssue, told: ObservedIssue) -> bool:
    """Webhooks overtake each other: of two tellings the one about the later moment counts."""
    return bool(known.touched_at and told.touched_at and told.touched_at < known.touched_at)


def _followed(item: ActionItem, seen: ObservedIssue, now: datetime) -> ActionItem:
    unreachable = seen.state is IssueState.UNREACHABLE
    if unreachable and item.issue is not None:
        seen = item.issue.replace(state=IssueState.UNREACHABLE)
    return item.replace(
        issue=seen,
        due=seen.due or item.due,
        done_at=(item.done_at or now) if seen.state is IssueState.DONE else None,
        unreachable_at=(item.unreachable_at or now) if unreachable else None,
    )


def _believable(issue: ObservedIssue, now: datetime) -> ObservedIssue:
    """Leave out dates that no calendar reaches; nobody works on a ticket in the future."""
    due, touched = issue.due, issue.touched_at
    touched = min(touched, now) if touched and touched.year in YEARS_BELIEVED else None
    due = due if due and due.year in YEARS_BELIEVED else None
    return issue.replace(due=due, touched_at=touched)


def ticket_changed(case: Case, issue: ObservedIssue, now: datetime) -> Case:
    """Take in what the tracker tells of one ticket; a strange one is noted."""
    known = any(item.issue and item.issue.key == issue.key for item in case.items)
    if not known:
        return case.with_anomaly(now, "unknown-ticket", ticket=issue.key[:40])
    return ticket_seen(case, issue, now)
