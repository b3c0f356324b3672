"""What the forms about action items have in common: how one is shown, and what it lacks."""

from collections.abc import Collection, Iterator

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.decisions.acts import PRIORITIES
from domain.people import name_of
from domain.preparation.document import ActionRow
from web.form_data import FormData, Wrong
from web.forms.form import Occasion, Shown

LONGEST = 500

_ASKED_FOR = {
    "reason": "Say why.",
    "consequence": "Say what follows from not doing it now.",
    "revisit": "Choose the day on which to look at it again.",
}


def shown(on: Occasion, item: ActionItem) -> Shown:
    """Return what a form says of an action item."""
    decided = item.decision
    return {
        "id": item.id,
        "text": item.text,
        "state": on.words.standing(item.facts),
        "priority": item.priority,
        "team": item.team,
        "done_when": item.done_when,
        "missing": missing(on.case, item),
        "committed": name_of(on.case, decided.committed_by) if decided else "",
    }


def missing(case: Case, row: ActionItem | ActionRow) -> str:
    """Say what a proposal lacks, plainly."""
    return ", ".join(_lacks(case, row))


def _lacks(case: Case, row: ActionItem | ActionRow) -> Iterator[str]:
    teams = case.directory.teams if case.directory else {}
    if row.priority.strip().upper() not in PRIORITIES:
        yield f"a priority ({PRIORITIES[0]} to {PRIORITIES[-1]})"
    if not row.team.strip():
        yield "a team"
    elif row.team.strip().lower() not in teams:
        yield f"a team we know (“{row.team.strip()}” is not one)"
    if not row.done_when.strip():
        yield "how one will see that it is done"


def unexplained(item: ActionItem, data: FormData, needed: Collection[str]) -> dict[str, str]:
    """Say which explanations an answer about an item lacks, are too long, or are no day."""
    wrong = {
        f"{field}-{item.id}": _ASKED_FOR[field]
        for field in needed
        if f"{field}-{item.id}" not in data
    }
    for name in (f"reason-{item.id}", f"consequence-{item.id}"):
        if len(data[name]) > LONGEST:
            wrong[name] = f"This is too long: at most {LONGEST} characters."
    try:
        data.day(f"revisit-{item.id}")
    except Wrong as problem:
        wrong |= problem.fields
    return wrong
