"""Every form of the steps page: what is typed into it, and the one act that it becomes.

A form is posted to `/s/<token>/<name>`, url-encoded, with the `Origin` of the page; `name` is
the name of the act's update. Each form also carries `seen`, a fingerprint of what the page
showed: a double click does the act once, while the same act on a newer page is a new one.

| name | fields |
|---|---|
| `accept_ownership`, `decline_ownership` | `answer` yes, no; `reason` |
| `appoint_owner` | `owner` a person's id |
| `move_meeting` | `start` an offered instant or `other`; `other` a local time; `reason` |
| `record_meeting` | `held` yes, no; `facts_agreed` yes, no; `note` |
| `propose_action_items` | per row n: `text-n`, `type-n`, `priority-n`, `team-n`, `done_when-n`, `id-n` |
| `decide` | `decided_by` for all; per item: `verdict-AI-1` accepted, deferred, declined, already done; `reason-AI-1`, `consequence-AI-1`, `revisit-AI-1`, `decided_by-AI-1`, `priority-AI-1`, `team-AI-1`; `none` yes when nothing was proposed |
| `confirm_action_item` | per item: `answer-AI-1` confirm, defer, decline; `reason-AI-1`, `consequence-AI-1`, `revisit-AI-1` |
| `draft_external_message` | `subject`, `summary`, `what_happened`, `what_we_do` |
| `withdraw_message` | `answer` stop, never; `reason` |
| `mark_posted` | `url` |
| `retry` | none |
| `complete_step` | `step`; `reference`, but not for `done:AI-1`; for the customer message instead `answer` arrived, again |
"""  # noqa: E501 - a table has long lines

from collections.abc import Callable
from datetime import UTC, datetime

from domain.acts.operations import CompleteStep

from domain.calendar.working_time import instant_at
from domain.case import Case
from domain.customer_message.acts import DraftExternalMessage, MarkPosted, WithdrawMessage
from domain.customer_message.state import MessageText
from domain.engine.act import Act
from domain.engine.value import PersonId
from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.people import home_calendar
from web.item_forms import confirm_action_item, decide, propose_action_items
from web.typed import Typed, Wrong, checked, chosen

Form = Callable[[Case, PersonId, Typed], Act]
"""Turns what a person typed into one act, or raises `Wrong`."""

DELIVERY = "customers"
"""The step that asks whether the customer message arrived."""

MESSAGE_PARTS = ("subject", "summary", "what_happened", "what_we_do")


def answer_ownership(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Say yes or no to owning the postmortem."""
    answer = chosen(typed, "answer", ("yes", "no"), "Choose yes or no.")
    if answer == "yes":
        return checked(lambda: AcceptOwnership(by=person))
    return checked(lambda: DeclineOwnership(by=person, reason=typed["reason"]))


def appoint_owner(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Name the owner."""
    if "owner" not in typed:
        raise Wrong({"owner": "Choose who is to own it."})
    return checked(lambda: AppointOwner(by=person, owner=typed["owner"]))


def move_meeting(case: Case, person: PersonId, typed: Typed) -> Act:
    """Take another of the times that were found, or a time of one's own."""
    if "start" not in typed:
        raise Wrong({"start": "Choose one of the times, or “another time”."})
    field = "other" if typed["start"] == "other" else "start"
    start = _instant(case, typed, field)
    return checked(lambda: MoveMeeting(by=person, start=start, reason=typed["reason"]))


def record_meeting(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Say whether the meeting was held, and whether the facts are agreed."""
    held = chosen(typed, "held", ("yes", "no"), "Choose whether the meeting was held.") == "yes"
    agreed = True
    if held:
        agreed = chosen(typed, "facts_agreed", ("yes", "no"), "Choose yes or no.") == "yes"
    return checked(
        lambda: RecordMeeting(by=person, held=held, facts_agreed=agreed, note=typed["note"])
    )


def draft_external_message(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Write the customer message, whole."""
    missing = {part: "Please fill this in." for part in MESSAGE_PARTS if part not in typed}
    if missing:
        raise Wrong(missing)
    text = MessageText(**{part: typed[part] for part in MESSAGE_PARTS})
    return checked(lambda: DraftExternalMessage(by=person, text=text))


def withdraw_message(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Stop the approved message, for a new text or for good."""
    wrong: dict[str, str] = {}
    if typed["answer"] not in ("stop", "never"):
        wrong["answer"] = "Choose what should happen to the message."
    if "reason" not in typed:
        wrong["reason"] = "Say why, so that the owner knows what to change."
    if wrong:
        raise Wrong(wrong)
    for_good = typed["answer"] == "never"
    return checked(lambda: WithdrawMessage(by=person, reason=typed["reason"], for_good=for_good))


def mark_posted(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Say where the customer message stands now."""
    if "url" not in typed:
        raise Wrong({"url": "Paste the address of the post."})
    return checked(lambda: MarkPosted(by=person, url=typed["url"]))


def complete_step(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Say that something is done by hand, or have the customer message sent again."""
    if "step" not in typed:
        raise Wrong({"step": "Reload the page: it does not say which step this is."})
    if typed["step"] != DELIVERY:
        if "reference" not in typed and not typed["step"].startswith("done:"):
            raise Wrong({"reference": "Paste the address or the key, so that others find it."})
        return checked(
            lambda: CompleteStep(by=person, step=typed["step"], reference=typed["reference"])
        )
    if chosen(typed, "answer", ("arrived", "again"), "Choose one of the two.") == "arrived":
        return checked(lambda: CompleteStep(by=person, step=DELIVERY))
    return checked(lambda: Retry(by=person, effect=DELIVERY))


def retry(case: Case, person: PersonId, typed: Typed) -> Act:  # noqa: ARG001 - one shape
    """Try again what was refused, after mending its cause."""
    return Retry(by=person)


FORMS: dict[str, Form] = {
    "accept_ownership": answer_ownership,
    "decline_ownership": answer_ownership,
    "appoint_owner": appoint_owner,
    "move_meeting": move_meeting,
    "record_meeting": record_meeting,
    "propose_action_items": propose_action_items,
    "decide": decide,
    "confirm_action_item": confirm_action_item,
    "draft_external_message": draft_external_message,
    "withdraw_message": withdraw_message,
    "mark_posted": mark_posted,
    "complete_step": complete_step,
    "retry": retry,
}


def _instant(case: Case, typed: Typed, field: str) -> datetime:
    """Return the instant typed; without an offset it is on the home team's clocks."""
    try:
        told = datetime.fromisoformat(typed[field])
    except ValueError:
        raise Wrong({field: "Write day and time, for example 2026-11-30 14:00."}) from None
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    return instant_at(told.date(), told.time(), home_calendar(case).changes)
