"""What each form shows before anybody types: its title, its choices, the texts it is about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.customer_message.state import MessageText
from domain.decisions.acts import PRIORITIES
from domain.decisions.state import Verdict
from domain.engine.value import PersonId
from domain.moments import posting_allowed_at
from domain.people import (
    commander,
    home_team,
    leaders,
    ranked_candidates,
    shown_at_home,
)
from domain.policy import Wait
from domain.preparation.document import ActionRow
from web.desk import Offer, asked_of, changeable, refused
from web.forms import DELIVERY
from web.typed import Typed
from web.words import STEP_TITLES, name_of

Options = tuple[tuple[str, str], ...]
"""Values and labels of a choice."""

Shown = dict[str, object]
"""What one form's template asks for by name."""


@dataclass(frozen=True)
class Refusal:
    """Why a form was not taken in: a sentence, the fields in question, what was typed."""

    form: str
    problem: str
    typed: Typed = field(default_factory=Typed)
    errors: Typed = field(default_factory=Typed)


def form_id(name: str, about: str = "") -> str:
    """Return a form's id on the page; forms about different steps differ."""
    # Yes and no to owning it are answers in one form.
    name = "accept_ownership" if name == "decline_ownership" else name
    return "-".join(filter(None, (name, about.replace(":", "-"))))


def form_view(case: Case, offer: Offer, refusal: Refusal | None) -> Shown:
    """Return all that a form's template asks for."""
    id_ = form_id(offer.name, offer.about)
    mistaken = refusal if refusal is not None and refusal.form == id_ else None
    return {
        "id": id_,
        "template": offer.name,
        "title": _TITLES[offer.name],
        "waited_for": offer.waited_for,
        "typed": mistaken.typed if mistaken else Typed(),
        "errors": mistaken.errors if mistaken else Typed(),
        "open": mistaken is not None,
        **_SHOWN[offer.name](case, offer),
    }


def withdrawal_view(case: Case, refusal: Refusal | None) -> Shown:
    """Return what the form shows on the page that can only stop the message."""
    shown = form_view(case, Offer("withdraw_message"), refusal)
    return {**shown, "alone": True}


_TITLES = {
    "accept_ownership": "Will you own it?",
    "appoint_owner": "Appoint an owner",
    "move_meeting": "Move the meeting",
    "record_meeting": "What came of the meeting?",
    "propose_action_items": "Action items",
    "decide": "What the leaders decided",
    "confirm_action_item": "Your team's action items",
    "draft_external_message": "The customer message",
    "withdraw_message": "Stop the customer message",
    "mark_posted": "Post the customer message",
    "complete_step": "One step by hand",
    "retry": "Something was refused",
}


def _nothing(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    return {}


def _appointing(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    everybody = case.directory.people if case.directory else {}
    first = ranked_candidates(case)
    rest = sorted((each for each in everybody if each not in first), key=lambda p: name_of(case, p))
    return {"people": _people(case, (*first, *rest))}


def _moving(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    meeting, team = case.meeting, home_team(case)
    slots = [each for each in meeting.slots if each.start != meeting.start]
    times = [
        (slot.start.isoformat(), " · ".join((shown_at_home(case, slot.start), *slot.why)))
        for slot in slots[:2]
    ]
    offered, limit = (*_same_again(case), *times), meeting.limit
    return {
        "times": (*offered, ("other", "Another time")) if offered else (),
        "zone": team.zone if team else "UTC",
        "limit": f"Needed if it ends after {shown_at_home(case, limit)}." if limit else "",
        "now": _time_now(case),
        "by_calendar": meeting.ahead and meeting.in_calendar is not None,
        **({} if meeting.ahead else {"title": "Choose a time for the meeting", "open": True}),
    }


def _same_again(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the time of a meeting whose event is gone: it may have been deleted by mistake."""
    start = case.meeting.start
    if start is not None and case.meeting.gone_at is not None:
        yield start.isoformat(), f"The same time again, {shown_at_home(case, start)}"


def _time_now(case: Case) -> str:
    start = case.meeting.start
    if start is None:
        return "The meeting has no time yet."
    if case.meeting.gone_at is not None:
        return f"It was to be on {shown_at_home(case, start)}; then its event was deleted."
    return f"The meeting is now on {shown_at_home(case, start)}."


def _proposing(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    rows = _unconfirmed(case)
    return {
        "rows": tuple(_row(case, number, row) for number, row in enumerate(rows, start=1)),
        "kept": tuple(_item(case, item) for item in case.items if _stands(item)),
        "priorities": _priorities(),
        "teams": _teams(case),
        **({"open": True} if rows else {}),
    }


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
        "missing": _missing(case, row),
        "fields": tuple(row.model_dump().items()),
    }


def _deciding(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    able = leaders(case) or tuple(case.directory.people if case.directory else ())
    able = tuple(dict.fromkeys((*able, *filter(None, (commander(case),)))))
    items = (item for item in case.items if item.id in changeable(case))
    return {
        "proposals": tuple(_item(case, item) for item in items),
        "leaders": _people(case, tuple(p for p in able if p != case.meeting.facilitator)),
        "verdicts": tuple((each.value, each.value.capitalize()) for each in Verdict),
        "priorities": _priorities(),
        "teams": _teams(case),
    }


def _confirming(case: Case, offer: Offer) -> Shown:
    person = offer.waited_for.person if offer.waited_for else ""
    asked = (
        each.about.split() for each in asked_of(case, person) if each.what is Wait.CONFIRMATION
    )
    mine = set(chain.from_iterable(asked))
    items = (item for item in case.items if item.id in mine)
    return {"proposals": tuple(_item(case, item) for item in items)}


def _drafting(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    asked = case.message.approval
    wanted = asked is not None and asked.decision == "changes"
    blank = MessageText(subject="", summary="", what_happened="", what_we_do="")
    return {
        "text": case.message.text or blank,
        "version": case.message.version,
        "comment": asked.comment if asked and wanted else "",
        "commenter": name_of(case, asked.liaison) if asked else "",
    }


def _stopping(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    return {"alone": False, **_approved(case)}


def _posting(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    return {"exact": exact(case), **_approved(case)}


def _approved(case: Case) -> Shown:
    asked, allowed = case.message.approval, posting_allowed_at(case)
    return {
        "digest": asked.digest[:10] if asked else "",
        "allowed": shown_at_home(case, allowed) if allowed else "now",
    }


def _doing(case: Case, offer: Offer) -> Shown:
    what, _, item_id = offer.about.partition(":")
    item = case.item(item_id)
    task, label = _STEPS[what]
    return {
        "title": STEP_TITLES[what],
        "step": offer.about,
        "delivery": what == DELIVERY,
        "label": label,
        "task": " ".join(filter(None, (task, _detail(case, what, item)))),
    }


_STEPS = {
    "document": (
        (
            "Please make the document from your template, share it with those who take part, "
            "and paste its address."
        ),
        "Address of the document",
    ),
    "event": (
        (
            "Please book the meeting in your calendar and invite those who take part; the calendar "
            "file in your mail has all of it. Then paste the event's address."
        ),
        "Address of the event",
    ),
    "issue": (
        "Please open a ticket in your project for this action item, then paste its key or address.",
        "Key or address of the ticket",
    ),
    "done": (
        ("This action item was due, and nobody has said yet that it is done. When it is, say so."),
        "",
    ),
    DELIVERY: (
        (
            "The mail service did not answer when the customer message was handed over, so nobody "
            "knows whether it left. Please look whether it arrived. It is not sent again by itself."
        ),
        "",
    ),
}


def _detail(case: Case, what: str, item: ActionItem | None) -> str:
    if what == "event" and case.meeting.start is not None:
        return f"It is to be on {shown_at_home(case, case.meeting.start)}."
    return f"{item.id}: {item.text}" if item else ""


def _refused(case: Case, offer: Offer) -> Shown:  # noqa: ARG001 - one shape
    return {"reasons": tuple(dict.fromkeys(each.reason for each in refused(case))), "open": True}


_SHOWN: Mapping[str, Callable[[Case, Offer], Shown]] = {
    "accept_ownership": _nothing,
    "appoint_owner": _appointing,
    "move_meeting": _moving,
    "record_meeting": _nothing,
    "propose_action_items": _proposing,
    "decide": _deciding,
    "confirm_action_item": _confirming,
    "draft_external_message": _drafting,
    "withdraw_message": _stopping,
    "mark_posted": _posting,
    "complete_step": _doing,
    "retry": _refused,
}


def exact(case: Case) -> str:
    """Return the customer message as one text to copy."""
    text = case.message.text
    if text is None:
        return ""
    return f"{text.subject}\n\n{text.summary}\n\n{text.what_happened}\n\n{text.what_we_do}"


def _item(case: Case, item: ActionItem) -> Shown:
    decided = item.decision
    return {
        "id": item.id,
        "text": item.text,
        "state": item.state,
        "priority": item.priority,
        "team": item.team,
        "done_when": item.done_when,
        "missing": _missing(case, item),
        "committed": name_of(case, decided.committed_by) if decided else "",
    }


def _missing(case: Case, row: ActionItem | ActionRow) -> str:
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


def _priorities() -> Options:
    return tuple((each, each) for each in PRIORITIES)


def _teams(case: Case) -> Options:
    teams = case.directory.teams if case.directory else {}
    return tuple((id_, team.name) for id_, team in teams.items())


def _people(case: Case, people: tuple[PersonId, ...]) -> Options:
    return tuple((each, name_of(case, each)) for each in people)
