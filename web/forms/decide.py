"""The verdicts of the meeting: many proposals on the page, one act.

Fields: `decided_by` for all; per item: `verdict-AI-1` accepted, deferred, declined or already
done; `reason-AI-1`, `consequence-AI-1`, `revisit-AI-1`, `decided_by-AI-1`, `priority-AI-1`,
`team-AI-1`; `none` yes when nothing was proposed.
"""

from domain.action_items.state import ActionItem
from domain.decisions.acts import PRIORITIES, Decide, changeable
from domain.decisions.state import Verdict
from domain.people import deciders
from web.form_data import FormData, Wrong
from web.forms import many_items
from web.forms.choices import people, priorities, teams
from web.forms.form import Form, Occasion, Sent, Shown

_NEEDED = {
    Verdict.ACCEPTED: (),
    Verdict.DEFERRED: ("reason", "consequence", "revisit"),
    Verdict.DECLINED: ("reason", "consequence"),
    Verdict.ALREADY_DONE: ("reason",),
}
"""Which explanations the fields of a verdict must hold."""


def _shows(on: Occasion) -> Shown:
    case, can_change = on.case, changeable(on.case)
    known = ("", *(case.directory.teams if case.directory else ()))
    able = dict.fromkeys(person for team in known for person in deciders(case, team))
    return {
        "proposals": tuple(
            many_items.shown(on, item) for item in case.items if item.id in can_change
        ),
        "leaders": people(case, able),
        "verdicts": tuple((each.value, on.words.verdict(each).capitalize()) for each in Verdict),
        "priorities": priorities(),
        "teams": teams(case),
    }


def _read(sent: Sent) -> Decide:
    """Record the verdicts that were chosen; an item without one stays open."""
    items, data = sent.case.items, sent.data
    chosen = [item for item in items if f"verdict-{item.id}" in data]
    if not chosen and not items and data["none"] == "yes":
        return sent.act(Decide, decisions=())
    if not chosen:
        field = f"verdict-{items[0].id}" if items else "none"
        raise Wrong({field: "Choose at least one decision."})
    wrong: dict[str, str] = {}
    for item in chosen:
        wrong |= _problems(item, data)
    if wrong:
        raise Wrong(wrong)
    return sent.act(Decide, decisions=tuple(_verdict(item, data) for item in chosen))


def _verdict(item: ActionItem, data: FormData) -> dict[str, object]:
    fields = ("verdict", "reason", "consequence", "priority", "team")
    return {
        **{field: data[f"{field}-{item.id}"] for field in fields},
        "item": item.id,
        "decided_by": _decided_by(item, data),
        "revisit": data.day(f"revisit-{item.id}"),
    }


def _decided_by(item: ActionItem, data: FormData) -> str:
    return data[f"decided_by-{item.id}"] or data["decided_by"]


def _problems(item: ActionItem, data: FormData) -> dict[str, str]:
    """Say what is missing beside one verdict, so that all of it is said at once."""
    try:
        verdict = Verdict(data[f"verdict-{item.id}"])
    except ValueError:
        return {f"verdict-{item.id}": "Choose one of the four."}
    wrong = many_items.unexplained(item, data, _NEEDED[verdict])
    if not _decided_by(item, data):
        wrong[f"decided_by-{item.id}"] = "Choose the leader who decided it."
    if verdict is Verdict.ACCEPTED:
        if (data[f"priority-{item.id}"] or item.priority) not in PRIORITIES:
            wrong[f"priority-{item.id}"] = "Choose a priority."
        if not (data[f"team-{item.id}"] or item.team):
            wrong[f"team-{item.id}"] = "Choose the team that will own it."
    return wrong


FORM = Form(acts=(Decide,), template="decide.html", read=_read, shows=_shows)
