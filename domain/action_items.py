"""Proposals and action items: where they come from, when they are due, how they are labelled."""

from datetime import date, datetime

from domain.case import ActionItem, Case
from domain.incident import PersonId
from domain.outside import ActionRow
from domain.people import home_calendar
from domain.working_time import due_date, local


def with_proposals(case: Case, rows: tuple[ActionRow, ...], *, by: PersonId | None = None) -> Case:
    """Return the case with rows taken up as proposals; nobody types anything twice.

    A row is known by its id, else by its words. What is decided already is left alone. `by`
    is who stands behind them: nobody yet, when they were only read in the document.
    """
    for row in rows:
        text = " ".join(row.text.split())
        if text:
            case = _with_row(case, row.but(text=text), by)
    return case


def _with_row(case: Case, row: ActionRow, by: PersonId | None) -> Case:
    known = case.item(row.id) if row.id else None
    known = known or next((i for i in case.items if i.text.casefold() == row.text.casefold()), None)
    fields = {
        "text": row.text,
        "type": row.type.strip().lower(),
        "priority": row.priority.strip().upper(),
        "team": row.team.strip().lower(),
        "done_when": row.done_when.strip(),
    }
    if known is None:
        number = case.items_ever + 1
        item = ActionItem(id=f"AI-{number}", proposed_by=by, **fields)
        # A proposal that comes after the verdicts reopens them.
        return case.but(items=(*case.items, item), items_ever=number, decided_at=None)
    if known.decision is not None:
        return case
    return case.with_item(known.but(proposed_by=by or known.proposed_by, **fields))


def with_table(case: Case, rows: tuple[ActionRow, ...]) -> Case:
    """Return the case after reading the document's table: new rows in, deleted ones out."""
    case = with_proposals(case, rows)
    there = {row.id for row in rows if row.id}
    kept = (
        item.but(in_document=item.in_document or item.id in there)
        for item in case.items
        if item.decision is not None or not item.in_document or item.id in there
    )
    return case.but(items=tuple(kept))


def needs_ticket(case: Case, item: ActionItem) -> bool:
    """Tell whether an item gets a ticket: confirmed, and P0 or P1 (PM); the rest is a note."""
    if case.rules is None or item.confirmation is None:
        return False
    return item.accepted and item.priority in case.rules.action_items.ticket_priorities


def due_day(case: Case, accepted_at: datetime) -> date:
    """Return when an item accepted at that instant is due (PM: 15 days after a sev1)."""
    if case.incident is None or case.rules is None:
        raise LookupError("A case without an incident has no due dates.")
    return due_date(
        case.incident.resolved_at,
        case.rules.severity.action_due_days,
        accepted_at,
        home_calendar(case),
    )


def labels(case: Case) -> tuple[str, ...]:
    """Return the labels of the case's tickets: severity, and severity with the date (PM)."""
    if case.incident is None:
        return ()
    severity = case.incident.severity.value
    day = local(case.incident.resolved_at, home_calendar(case).changes)
    return ("postmortem", severity, f"{severity}_{day:%Y%m%d}")


def confirmer(case: Case, item: ActionItem) -> PersonId | None:
    """Return who confirms an item for its team: the engineering manager."""
    team = case.almanac.teams.get(item.team) if case.almanac else None
    return team.engineering_manager if team else None


def untouched_since(item: ActionItem, instant: datetime) -> bool:
    """Tell whether nobody has worked on an open ticket since an instant."""
    touched = item.issue.touched_at if item.issue else None
    return item.open and (touched is None or touched < instant)
