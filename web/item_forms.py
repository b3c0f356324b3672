"""The forms about action items: many rows on the page, one act."""

from collections.abc import Iterator

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.decisions.acts import (
    PRIORITIES,
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.engine.value import PersonId
from domain.preparation.document import ActionRow
from web.typed import Typed, Wrong, checked, day

VERDICTS = tuple(each.value for each in Verdict)
ANSWERS = ("confirm", "defer", "decline")
LONGEST = 500

_NEEDED = {
    "accepted": (),
    "deferred": ("reason", "consequence", "revisit"),
    "declined": ("reason", "consequence"),
    "already done": ("reason",),
    "confirm": (),
    "defer": ("reason", "consequence", "revisit"),
    "decline": ("reason", "consequence"),
}
_ASKED_FOR = {
    "reason": "Say why.",
    "consequence": "Say what follows from not doing it now.",
    "revisit": "Choose the day on which to look at it again.",
}


def propose_action_items(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Take up the rows of the document as they were shown, and what was added on the page."""
    rows = tuple(_rows(typed))
    if not rows:
        raise Wrong({"text-new": "Say in one sentence what should be done."})
    return checked(lambda: ProposeActionItems(by=person, items=rows))


def _rows(typed: Typed) -> Iterator[ActionRow]:
    for field in typed:
        name, _, row = field.partition("-")
        if name == "text" and field in typed:
            yield ActionRow(
                id=typed[f"id-{row}"],
                text=typed[field],
                type=typed[f"type-{row}"],
                priority=typed[f"priority-{row}"],
                team=typed[f"team-{row}"],
                done_when=typed[f"done_when-{row}"],
            )


def decide(case: Case, person: PersonId, typed: Typed) -> Act:
    """Record the verdicts that were chosen; an item without one stays open."""
    chosen = [item for item in case.items if f"verdict-{item.id}" in typed]
    if not chosen and not case.items and typed["none"] == "yes":
        return Decide(by=person, decisions=())
    if not chosen:
        field = f"verdict-{case.items[0].id}" if case.items else "none"
        raise Wrong({field: "Choose at least one decision."})
    wrong: dict[str, str] = {}
    for item in chosen:
        wrong |= _verdict_problems(item, typed)
    if wrong:
        raise Wrong(wrong)
    return checked(
        lambda: Decide(by=person, decisions=tuple(_verdict(item, typed) for item in chosen))
    )


def _verdict(item: ActionItem, typed: Typed) -> ItemDecision:
    return ItemDecision(
        item=item.id,
        verdict=Verdict(typed[f"verdict-{item.id}"]),
        decided_by=_decided_by(item, typed),
        reason=typed[f"reason-{item.id}"],
        consequence=typed[f"consequence-{item.id}"],
        revisit=day(typed, f"revisit-{item.id}"),
        priority=typed[f"priority-{item.id}"],
        team=typed[f"team-{item.id}"],
    )


def _decided_by(item: ActionItem, typed: Typed) -> str:
    return typed[f"decided_by-{item.id}"] or typed["decided_by"]


def _verdict_problems(item: ActionItem, typed: Typed) -> dict[str, str]:
    """Say what is missing beside one verdict, so that all of it is said at once."""
    verdict = typed[f"verdict-{item.id}"]
    if verdict not in VERDICTS:
        return {f"verdict-{item.id}": "Choose one of the four."}
    wrong = _unexplained(item, typed, verdict)
    if not _decided_by(item, typed):
        wrong[f"decided_by-{item.id}"] = "Choose the leader who decided it."
    if verdict == Verdict.ACCEPTED:
        if (typed[f"priority-{item.id}"] or item.priority) not in PRIORITIES:
            wrong[f"priority-{item.id}"] = "Choose a priority."
        if not (typed[f"team-{item.id}"] or item.team):
            wrong[f"team-{item.id}"] = "Choose the team that will own it."
    return wrong


def _unexplained(item: ActionItem, typed: Typed, choice: str) -> dict[str, str]:
    """Say which explanations a choice lacks, are too long, or are no day."""
    wrong = {
        f"{field}-{item.id}": _ASKED_FOR[field]
        for field in _NEEDED[choice]
        if f"{field}-{item.id}" not in typed
    }
    for name in (f"reason-{item.id}", f"consequence-{item.id}"):
        if len(typed[name]) > LONGEST:
            wrong[name] = f"This is too long: at most {LONGEST} characters."
    try:
        day(typed, f"revisit-{item.id}")
    except Wrong as problem:
        wrong |= problem.fields
    return wrong


def confirm_action_item(case: Case, person: PersonId, typed: Typed) -> Act:
    """Give the team's answers that were chosen; an item without one stays open."""
    chosen = [item for item in case.items if f"answer-{item.id}" in typed]
    waiting = [item for item in case.items if item.accepted and item.confirmation is None]
    if not chosen:
        first = waiting[0].id if waiting else ""
        raise Wrong({f"answer-{first}": "Choose at least one answer."})
    wrong: dict[str, str] = {}
    for item in chosen:
        wrong |= _answer_problems(item, typed)
    if wrong:
        raise Wrong(wrong)
    return checked(
        lambda: ConfirmActionItem(by=person, answers=tuple(_answer(item, typed) for item in chosen))
    )


def _answer_problems(item: ActionItem, typed: Typed) -> dict[str, str]:
    answer = typed[f"answer-{item.id}"]
    if answer not in ANSWERS:
        return {f"answer-{item.id}": "Choose one of the three."}
    return _unexplained(item, typed, answer)


def _answer(item: ActionItem, typed: Typed) -> ItemAnswer:
    return ItemAnswer.model_validate(
        {
            "item": item.id,
            "answer": typed[f"answer-{item.id}"],
            "reason": typed[f"reason-{item.id}"],
            "consequence": typed[f"consequence-{item.id}"],
            "revisit": day(typed, f"revisit-{item.id}"),
        }
    )
