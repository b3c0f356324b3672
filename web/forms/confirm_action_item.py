"""A team's answers about the items that were accepted for it, in one form.

Fields, per item: `answer-AI-1` confirm, defer or decline; `reason-AI-1`, `consequence-AI-1`,
`revisit-AI-1`.
"""

from domain.action_items.state import ActionItem
from domain.decisions.acts import ConfirmActionItem
from web.form_data import FormData, Wrong
from web.forms import many_items
from web.forms.form import Form, Occasion, Sent, Shown

_NEEDED = {
    "confirm": (),
    "defer": ("reason", "consequence", "revisit"),
    "decline": ("reason", "consequence"),
}
"""The answers, and which explanations each must hold."""


def _shows(on: Occasion) -> Shown:
    mine = (item for item in on.case.items if item.id in on.items)
    return {"proposals": tuple(many_items.shown(on, item) for item in mine)}


def _read(sent: Sent) -> ConfirmActionItem:
    """Give the answers that were chosen; an item without one stays open."""
    chosen = [item for item in sent.case.items if f"answer-{item.id}" in sent.data]
    if not chosen:
        first = next((item.id for item in sent.case.items if item.unconfirmed), "")
        raise Wrong({f"answer-{first}": "Choose at least one answer."})
    wrong: dict[str, str] = {}
    for item in chosen:
        wrong |= _problems(item, sent.data)
    if wrong:
        raise Wrong(wrong)
    return sent.act(ConfirmActionItem, answers=tuple(_answer(item, sent.data) for item in chosen))


def _problems(item: ActionItem, data: FormData) -> dict[str, str]:
    answer = data[f"answer-{item.id}"]
    if answer not in _NEEDED:
        return {f"answer-{item.id}": "Choose one of the three."}
    return many_items.unexplained(item, data, _NEEDED[answer])


def _answer(item: ActionItem, data: FormData) -> dict[str, object]:
    fields = ("answer", "reason", "consequence")
    return {
        **{field: data[f"{field}-{item.id}"] for field in fields},
        "item": item.id,
        "revisit": data.day(f"revisit-{item.id}"),
    }


FORM = Form(
    acts=(ConfirmActionItem,), template="confirm_action_item.html", read=_read, shows=_shows
)
