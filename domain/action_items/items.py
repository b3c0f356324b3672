"""Proposals and action items: where they come from, when they are due, how they are labelled."""

from collections.abc import Iterator
from datetime import date, datetime

from domain.calendar.working_time import due_date, local
from domain.case import ActionItem, Case
from domain.incident import PersonId
from domain.people import commander, home_calendar
from domain.preparation.document import ActionRow


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
    corrected: set[str] = set()
    for row in _known_ones_first(case, rows):
        known = _known(case, row)
        if known is None:
            case = _with_new(case, row, by, now)
        elif row.id == known.id or known.id not in corrected:
            case = _with_corrected(case, known, row, by)
        if row.id:
            corrected.add(row.id)
    return case


def _known_ones_first(case: Case, rows: tuple[ActionRow, ...]) -> Iterator[ActionRow]:
    """Yield corrections, then rows that are new: without an id of ours, or with a copied one.

    A row that was deleted and put back keeps the id that it had.
    """
    given = {f"AI-{number}" for number in range(1, case.items_ever + 1)}
    seen: set[str] = set()
    new = []
    for row in rows:
        ours = row.id in given and row.id not in seen
        seen.add(row.id)
        clean = row.replace(text=" ".join(row.text.split()), id=row.id if ours else "")
        if clean.text and case.item(clean.id):
            yield clean
        elif clean.text:
            new.append(clean)
    yield from new


def _known(case: Case, row: ActionRow) -> ActionItem | None:
    same_words = (each for each in case.items if _words(each.text) == _words(row.text))
    return case.item(row.id) or next(same_words, None)


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()


def _with_corrected(case: Case, item: ActionItem, row: ActionRow, by: PersonId | None) -> Case:
    if item.decision is not None:
        return case
    return case.with_item(_worded(item, row).replace(proposed_by=by or item.proposed_by))


def _with_new(case: Case, row: ActionRow, by: PersonId | None, now: datetime) -> Case:
    """Add a proposal; one that comes after the verdicts reopens them."""
    ever = case.items_ever if row.id else case.items_ever + 1
    item_id = row.id or f"AI-{ever}"
    added = ActionItem(id=item_id, text=row.text, proposed_by=by, proposed_at=now)
    items = (*case.items, _worded(added, row))
    return case.replace(items=items, items_ever=ever, decided_at=None)


def _worded(item: ActionItem, row: ActionRow) -> ActionItem:
    return item.replace(
        text=row.text,
        type=row.type.strip().lower(),
        priority=row.priority.strip().upper(),
        team=row.team.strip().lower(),
        done_when=row.done_when.strip(),
    )


def with_table(case: Case, rows: tuple[ActionRow, ...], now: datetime) -> Case:
    """Return the case after reading the document's table: new rows in, deleted ones out.

    A row that stands as it did says nothing new, so that what the page changed stays; nor does
    its copy.
    """
    ids = [row.id for row in rows]
    known = {item.as_typed for item in case.items if item.as_typed and ids.count(item.id) == 1}
    standing = {_words(row.text) for row in rows if row in known}
    news = (
        row for row in rows if row not in known and (row.id or _words(row.text) not in standing)
    )
    case = with_proposals(case, tuple(news), now)
    there = {row.id: row for row in rows}
    kept = tuple(
        item.replace(as_typed=there.get(item.id, item.as_typed))
        for item in case.items
        if item.decision is not None or item.as_typed is None or item.id in there
    )
    fewer = len(kept) < len(case.items)
    case = case.replace(items=kept)
    return decisions_closed(case, now) if fewer and kept else case


def decisions_closed(case: Case, now: datetime) -> Case:
    """Return the case with its decisions closed, if the meeting was held and none is missing."""
    undecided = any(item.decision is None for item in case.items)
    if undecided or case.decided_at is not None or case.meeting.held_at is None:
        return case
    return case.replace(decided_at=now)


def all_settled(case: Case) -> bool:
    """Tell whether every proposal has its verdict, and every accepted one its team's answer."""
    return case.decided_at is not None and all(item.settled for item in case.items)


def needs_ticket(case: Case, item: ActionItem) -> bool:
    """Tell whether an item gets a ticket: confirmed, and P0 or P1 (PM); the rest is a note."""
    if case.rules is None or item.confirmation is None:
        return False
    return item.accepted and item.priority in case.rules.action_items.ticket_priorities


def lacks_ticket(case: Case, item: ActionItem) -> bool:
    """Tell whether an item's ticket is still to be opened, or to be linked to the document."""
    return needs_ticket(case, item) and (item.issue is None or item.issue.unlinked)


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
    team = case.directory.teams.get(item.team) if case.directory else None
    return team.engineering_manager if team else commander(case)
