"""Proposals: rows of the document's table, and what people add on the page.

The document and the meeting's decisions both speak of them, so they belong to the case.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.engine.value import PersonId
from domain.people import name_of
from domain.preparation.document import MOST_ROWS, ActionRow
from domain.preparation.facts import DecisionFacts

FULL = "too-many-proposals"


def with_proposals(
    case: Case, rows: tuple[ActionRow, ...], now: datetime, *, by: PersonId | None = None
) -> Case:
    """Return the case with rows taken up as proposals; nobody types anything twice.

    A row is known by its id, else by its words. What is decided already is left alone, and a
    published report takes no more proposals, and a case no more than so many: what is left out
    is noted. `by` is who stands behind them: nobody yet, when they were only read in the document.
    """
    if case.published_at is not None:
        return case
    if not has_room(case, rows):
        case = _noted_full(case, now)
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


def has_room(case: Case, rows: tuple[ActionRow, ...]) -> bool:
    """Tell whether a case takes all the rows that are new to it."""
    new = sum(1 for row in rows if row.text.strip() and _known(case, row) is None)
    return not new or len(case.items) + new <= MOST_ROWS


def _noted_full(case: Case, now: datetime) -> Case:
    if any(each.kind == FULL and each.settled_at is None for each in case.anomalies):
        return case
    return case.with_anomaly(now, FULL, most=str(MOST_ROWS))


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
        clean = row.replace(id=row.id if ours else "")
        if clean.text and case.item(clean.id):
            yield clean
        elif clean.text:
            new.append(clean)
    yield from new


def _known(case: Case, row: ActionRow) -> ActionItem | None:
    same_words = (each for each in case.items if _words(each.text) == _words(row.text))
    return case.item(row.id) or next(same_words, None)


def _words(text: str) -> str:
    return text.casefold()


def _with_corrected(case: Case, item: ActionItem, row: ActionRow, by: PersonId | None) -> Case:
    if item.decision is not None:
        return case
    return case.with_item(_worded(item, row).replace(proposed_by=by or item.proposed_by))


def _with_new(case: Case, row: ActionRow, by: PersonId | None, now: datetime) -> Case:
    """Add a proposal while there is room; one that comes after the verdicts reopens them."""
    if len(case.items) >= MOST_ROWS:
        return case
    ever = case.items_ever if row.id else case.items_ever + 1
    item_id = row.id or f"AI-{ever}"
    added = ActionItem(id=item_id, text=row.text, proposed_by=by, proposed_at=now)
    items = (*case.items, _worded(added, row))
    return case.replace(items=items, items_ever=ever, decided_at=None)


def _worded(item: ActionItem, row: ActionRow) -> ActionItem:
    return item.replace(
        text=row.text,
        type=row.type.lower(),
        priority=row.priority.upper(),
        team=row.team.lower(),
        done_when=row.done_when,
    )


def with_table(
    case: Case, rows: tuple[ActionRow, ...], now: datetime, *, whole: bool = True
) -> Case:
    """Return the case after reading the document's table: new rows in, deleted ones out.

    A row that stands as it did says nothing new, so that what the page changed stays; nor does
    its copy. Of a table that was not read as a `whole` nobody knows which rows were deleted.
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
        if not whole or item.decision is not None or item.as_typed is None or item.id in there
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


def decision_facts(case: Case) -> tuple[DecisionFacts, ...]:
    """Return each verdict, those against acting with reason and consequence (S0)."""
    return tuple(
        DecisionFacts(
            item=item.id,
            text=item.text,
            verdict=item.decision.verdict,
            by=name_of(case, item.decision.by),
            reason=item.decision.reason,
            consequence=item.decision.consequence,
            revisit=item.decision.revisit,
        )
        for item in case.items
        if item.decision is not None
    )
