"""Proposals and action items: where they come from, when they are due, how they are labelled."""

from collections.abc import Iterator
from datetime import date, datetime

from domain.case import ActionItem, Case
from domain.incident import PersonId
from domain.outside import ActionRow
from domain.people import commander, home_calendar
from domain.working_time import due_date, local


def with_proposals(
    case: Case, rows: tuple[ActionRow, ...], now: datetime, *, by: PersonId | None = None
) -> Case:
    """Return the case with rows taken up as proposals; nobody types anything twice.

    A row is known by its id, else by its words. What is decided already is left alone, and a
    published report takes no more proposals. `by` is who stands behind them: nobody yet, when
    they were only read in the document.
    """
    if case.published_at is not None:
        return case
    for row in _known_ones_first(case, rows):
        case = _with_row(case, row, by, now)
    return case


def _known_ones_first(case: Case, rows: tuple[ActionRow, ...]) -> Iterator[ActionRow]:
    """Yield corrections, then rows that are new: without an id, or with a copied one."""
    corrected: set[str] = set()
    new = []
    for row in rows:
        text = " ".join(row.text.split())
        if text and row.id not in corrected and case.item(row.id):
            corrected.add(row.id)
            yield row.but(text=text)
        elif text:
            new.append(row.but(text=text, id="" if row.id in corrected else row.id))
    yield from new


def _with_row(case: Case, row: ActionRow, by: PersonId | None, now: datetime) -> Case:
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
        added = ActionItem(id=_id_of_new(case, row), proposed_by=by, proposed_at=now, **fields)
        ever = max(case.items_ever, int(added.id.removeprefix("AI-")))
        # A proposal that comes after the verdicts reopens them.
        return case.but(items=(*case.items, added), items_ever=ever, decided_at=None)
    if known.decision is not None:
        return case
    return case.with_item(known.but(proposed_by=by or known.proposed_by, **fields))


def _id_of_new(case: Case, row: ActionRow) -> str:
    """Return the next id; a row that was deleted and put back keeps the one it had."""
    given = {f"AI-{number}" for number in range(1, case.items_ever + 1)}
    return row.id if row.id in given else f"AI-{case.items_ever + 1}"


def with_table(case: Case, rows: tuple[ActionRow, ...], now: datetime) -> Case:
    """Return the case after reading the document's table: new rows in, deleted ones out.

    A row that stands as it did says nothing new, so that what the page changed stays.
    """
    ids = [row.id for row in rows]
    known = {item.as_typed for item in case.items if item.as_typed and ids.count(item.id) == 1}
    case = with_proposals(case, tuple(row for row in rows if row not in known), now)
    there = {row.id: row for row in rows}
    kept = tuple(
        item.but(as_typed=there.get(item.id, item.as_typed))
        for item in case.items
        if item.decision is not None or item.as_typed is None or item.id in there
    )
    fewer = len(kept) < len(case.items)
    case = case.but(items=kept)
    return decisions_closed(case, now) if fewer and kept else case


def decisions_closed(case: Case, now: datetime) -> Case:
    """Return the case with its decisions closed, if the meeting was held and none is missing."""
    undecided = any(item.decision is None for item in case.items)
    if undecided or case.decided_at is not None or case.meeting.held_at is None:
        return case
    return case.but(decided_at=now)


def all_settled(case: Case) -> bool:
    """Tell whether every proposal has its verdict, and every accepted one its team's answer."""
    return case.decided_at is not None and all(item.settled for item in case.items)


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
    """Return who confirms an item for its team: its manager, or the commander for a lost team."""
    team = case.almanac.teams.get(item.team) if case.almanac else None
    return team.engineering_manager if team else commander(case)
