"""Proposals: those of the document, taken up as they were shown, and what is added here.

Fields, per row n: `text-n`, `type-n`, `priority-n`, `team-n`, `done_when-n`, `id-n`.
"""

from collections.abc import Iterator

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.decisions.acts import ProposeActionItems
from domain.preparation.document import LONGEST, ActionRow
from web.form_data import FormData, Wrong
from web.forms import many_items
from web.forms.choices import priorities, teams
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    rows = _unconfirmed(on.case)
    shown = {
        "rows": tuple(_row(on.case, number, row) for number, row in enumerate(rows, start=1)),
        "kept": tuple(many_items.shown(on, item) for item in on.case.items if _stands(item)),
        "priorities": priorities(),
        "teams": teams(on.case),
        "has_document": bool(on.case.document.url),
    }
    return {**shown, "open": True} if rows else {**shown, "button": "Add it"}


def _stands(item: ActionItem) -> bool:
    return item.proposed_by is not None or item.decision is not None


def _unconfirmed(case: Case) -> tuple[ActionRow, ...]:
    """Return what people typed into the document and nobody has confirmed on a page yet."""
    return tuple(
        ActionRow(
            id=item.id,
            text=item.text,
            type=item.type,
            priority=item.priority,
            team=item.team,
            done_when=item.done_when,
        )
        for item in case.items
        if not _stands(item)
    )


def _row(case: Case, number: int, row: ActionRow) -> Shown:
    return {
        "number": number,
        "text": row.text,
        "known": row.id,
        "missing": many_items.missing(case, row),
        "fields": tuple(row.model_dump().items()),
    }


def _read(sent: Sent) -> ProposeActionItems:
    rows = tuple(_rows(sent.data))
    if not rows:
        raise Wrong({"text-new": "Say in one sentence what should be done."})
    wrong = {
        f"{field}-{row}": f"This is too long: at most {longest} characters."
        for row in rows
        for field, longest in LONGEST.items()
        if len(sent.data[f"{field}-{row}"]) > longest
    }
    if wrong:
        raise Wrong(wrong)
    items = ({field: sent.data[f"{field}-{row}"] for field in LONGEST} for row in rows)
    return sent.act(ProposeActionItems, items=tuple(items))


def _rows(data: FormData) -> Iterator[str]:
    """Yield what tells the rows apart that say what should be done."""
    for field in data:
        name, _, row = field.partition("-")
        if name == "text" and field in data:
            yield row


FORM = Form(
    acts=(ProposeActionItems,), template="propose_action_items.html", read=_read, shows=_shows
)
