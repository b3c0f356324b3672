"""What we write to people: the words, without addresses or layout.

Wording: what happened, what it means, what to do; the words of people, no jargon of ours.
"""

from typing import Literal

from domain.calendar.instants import shown_day
from domain.case import Approval, Case, MessageText
from domain.customer_message import posting_allowed_at
from domain.engine.value import Value
from domain.incident import Incident
from domain.people import shown_at_home
from domain.policy import CaseRules


class Block(Value):
    """A paragraph, or a list under a line of text; `quoted` is somebody's exact words."""

    text: str = ""
    points: tuple[str, ...] = ()
    quoted: bool = False


class Button(Value):
    """The one link of a letter; the mail activity signs it for the reader."""

    leads_to: Literal["steps", "approval", "withdraw", "document"]
    label: str
    subject: str = ""


class Letter(Value):
    """A message before it is addressed; `code_for` asks for an approval's code to be printed."""

    kind: str
    subject: str
    blocks: tuple[Block, ...]
    button: Button | None = None
    code_for: str = ""
    document_url: str = ""
    event_file: str = ""


def nomination(case: Case) -> Letter:
    """Ask the nominee to own the postmortem (HW: do you have time?)."""
    incident, rules = known(case)
    return Letter(
        kind="nomination",
        subject=f"Will you own the {rules.process_name} of {incident.key}?",
        blocks=(
            _the_incident(incident),
            Block(
                text="You know this incident, so you are asked to own its "
                f"{rules.process_name}: gather the facts, write them down with the others, and "
                "present them. It says nothing about who caused what."
            ),
            Block(text=when(case)),
            Block(text="Say yes or no on the page. If you cannot, the next person is asked."),
        ),
        button=steps_button("Open the page"),
    )


def appointment(case: Case) -> Letter:
    """Ask a leader to appoint the owner when everybody has declined."""
    incident, rules = known(case)
    return Letter(
        kind="appointment",
        subject=f"{incident.key} needs an owner for its {rules.process_name}",
        blocks=(
            _the_incident(incident),
            Block(text="Nobody who was asked can own it. Please appoint somebody on the page."),
            Block(text=when(case)),
        ),
        button=steps_button("Appoint an owner"),
    )


def pre_read(case: Case) -> Letter:
    """Send the document a day ahead, saying what is missing (S0)."""
    incident, _ = known(case)
    return Letter(
        kind="pre-read",
        subject=f"Pre-read: {incident.key} {incident.title}",
        blocks=(
            Block(text=when(case)),
            _missing(case),
            Block(
                text="Please read it before the meeting; it will not be read aloud.",
                points=(
                    "Is your part of the story right?",
                    "What is missing?",
                    "What surprised you that others should know?",
                ),
            ),
            Block(text="Correct facts directly in the document, or comment on them there."),
        ),
        button=document_button(case, "Open the document"),
        document_url=case.document.url,
    )


def _missing(case: Case) -> Block:
    empty = case.document.empty_sections
    if empty is None:
        return Block(text="We could not read the document, so it may be incomplete.")
    if not empty:
        return Block(text="Every section is filled.")
    return Block(text=f"The document is not complete yet. {sections(len(empty))}:", points=empty)


def sections(count: int) -> str:
    """Say how many sections are empty."""
    return "1 section is still empty" if count == 1 else f"{count} sections are still empty"


def meeting_deleted(case: Case) -> Letter:
    """Ask whether the meeting was moved or cancelled, since somebody deleted its event."""
    incident, rules = known(case)
    return Letter(
        kind="meeting-deleted",
        subject=f"{incident.key}: the meeting was deleted from the calendar",
        blocks=(
            Block(text=f"Somebody deleted the event. {when(case)}"),
            Block(
                text="Choose on the page when to meet instead. Without an answer within "
                f"{rules.patience.deleted_meeting.in_words} another time is booked."
            ),
        ),
        button=steps_button("Choose a time"),
    )


def after_meeting(case: Case) -> Letter:
    """Ask the facilitator what came of the meeting and of each proposal."""
    incident, _ = known(case)
    return Letter(
        kind="after-meeting",
        subject=f"{incident.key}: what did the meeting decide?",
        blocks=(
            Block(text="The meeting should be over. Two things are needed, on one page:"),
            Block(text="Was it held, and did everybody agree on the facts?"),
            _undecided(case),
        ),
        button=steps_button("Record the meeting"),
    )


def decisions_wanted(case: Case) -> Letter:
    """Ask the facilitator for the decisions alone: somebody else recorded the meeting."""
    incident, _ = known(case)
    return Letter(
        kind="after-meeting",
        subject=f"{incident.key}: what did the meeting decide?",
        blocks=(Block(text="The meeting was held. One thing is needed:"), _undecided(case)),
        button=steps_button("Record the decisions"),
    )


def _undecided(case: Case) -> Block:
    points = tuple(f"{item.id} {item.text}" for item in case.items if item.decision is None)
    return Block(text="What did the leaders decide about each proposal?", points=points)


def confirmation(case: Case, items: tuple[str, ...]) -> Letter:
    """Ask an owning team's leader to confirm what was accepted (S1: weigh it first)."""
    incident, rules = known(case)
    return Letter(
        kind="confirmation",
        subject=f"{incident.key}: please confirm your team's action items",
        blocks=(
            Block(
                text="The meeting accepted these for your team. Weigh them against your other "
                f"work and answer within {rules.action_items.cool_down.in_words}; "
                "each confirmed one becomes a ticket in your project.",
                points=named(case, items),
            ),
        ),
        button=steps_button("Confirm or take back"),
    )


def draft_wanted(case: Case) -> Letter:
    """Ask the owner for the customer message, or for its revision."""
    incident, _ = known(case)
    asked = case.message.approval
    comment = asked.comment if asked is not None and asked.decision == "changes" else ""
    said = (Block(text="What should change:"), Block(text=comment, quoted=True)) if comment else ()
    need = "needs a change" if comment else "is needed"
    return Letter(
        kind="message-draft",
        subject=f"{incident.key}: the customer message {need}",
        blocks=(
            Block(
                text="Three parts, for customers: a summary, what happened, what we do about it. "
                "The customer liaison approves the exact text before it leaves."
            ),
            *said,
        ),
        button=steps_button("Write the message"),
    )


def approval_request(case: Case, request: Approval) -> Letter:
    """Ask the liaison to approve one exact text; the code stands only in this mail."""
    incident, _ = known(case)
    text = case.message.text
    return Letter(
        kind="approval",
        subject=f"{incident.key}: please review the customer message, version {request.version}",
        blocks=(
            Block(
                text="The team has decided what it will do. Please read this text and decide "
                "on the page. Opening the page decides nothing."
            ),
            *(_message(text) if text else ()),
            Block(text=f"Fingerprint of this exact text: {request.digest[:10]}"),
        ),
        button=Button(leads_to="approval", label="Open the review page", subject=request.id),
        code_for=request.id,
    )


def approved(case: Case) -> Letter:
    """Tell who is responsible that a text was approved, and how to stop it."""
    incident, rules = known(case)
    request, allowed = case.message.approval, posting_allowed_at(case)
    digest = request.digest[:10] if request else ""
    at = shown_at_home(case, allowed) if allowed else "soon"
    then = "is sent to the customers' list" if rules.message.channel == "mail" else "may be posted"
    return Letter(
        kind="approved",
        subject=f"{incident.key}: the customer message was approved",
        blocks=(
            Block(text=f"Text {digest} was approved through the review link. It {then} at {at}."),
            Block(text="If that was not meant, stop it on the page before then."),
        ),
        button=Button(
            leads_to="withdraw", label="Stop the message", subject=request.id if request else ""
        ),
    )


def paste_ready(case: Case) -> Letter:
    """Give the liaison the approved text to post, and ask where it was posted."""
    incident, _ = known(case)
    request, text = case.message.approval, case.message.text
    digest = request.digest[:10] if request else ""
    return Letter(
        kind="posting",
        subject=f"{incident.key}: please post the approved customer message",
        blocks=(
            Block(
                text=f"You approved this text ({digest}). Post it exactly as it is, then paste "
                "the address of the post on the page. If you did not approve it, say so there."
            ),
            *(_message(text) if text else ()),
        ),
        button=steps_button("Say where it was posted"),
    )


def delivery_unknown(case: Case) -> Letter:
    """Ask the owner whether the customer message arrived; it is never repeated by itself."""
    incident, _ = known(case)
    return Letter(
        kind="delivery",
        subject=f"{incident.key}: did the customer message arrive?",
        blocks=(
            Block(
                text="The mail service did not answer when the customer message was handed "
                "over, so nobody knows whether it left. It is not sent again by itself."
            ),
            Block(text="Look whether it arrived, then choose on the page."),
        ),
        button=steps_button("It arrived, or send it again"),
    )


def published(case: Case) -> Letter:
    """Give the result to the involved teams and the list (S2)."""
    incident, rules = known(case)
    accepted = sum(1 for item in case.items if item.accepted)
    return Letter(
        kind="published",
        subject=f"Report published: {incident.key} {incident.title}",
        blocks=(
            Block(text=incident.summary or incident.title),
            Block(
                text=f"The {rules.process_name} is finished. {accepted} of {len(case.items)} "
                "proposals were accepted:",
                points=tuple(f"{item.id} {item.text} ({item.state})" for item in case.items),
            ),
            Block(text="Thank you to everybody who responded and wrote. Comment in the document."),
        ),
        button=document_button(case, "Read the report"),
        document_url=case.document.url,
    )


def named(case: Case, items: tuple[str, ...]) -> tuple[str, ...]:
    """Return action items by id, words, ticket and due day, one line each."""
    found = filter(None, map(case.item, items))
    return tuple(
        f"{item.id} {item.text}"
        + (f" ({item.issue.key})" if item.issue else "")
        + (f", due {shown_day(item.due)}" if item.due else "")
        for item in found
    )


def when(case: Case) -> str:
    """Say when the meeting is."""
    if case.meeting.start is None:
        return "A time for the meeting is being looked for."
    return f"The meeting is on {shown_at_home(case, case.meeting.start)}."


def _the_incident(incident: Incident) -> Block:
    return Block(text=f"{incident.severity}: {incident.title}. {incident.summary}".strip())


def _message(text: MessageText) -> tuple[Block, ...]:
    parts = (text.subject, text.summary, text.what_happened, text.what_we_do)
    return tuple(Block(text=part, quoted=True) for part in parts)


def steps_button(label: str) -> Button:
    """Return the button to the reader's own page."""
    return Button(leads_to="steps", label=label)


def document_button(case: Case, label: str) -> Button:
    """Return the button to the document, or to the page while there is none."""
    return (
        Button(leads_to="document", label=label)
        if case.document.url
        else steps_button("Open the page")
    )


def known(case: Case) -> tuple[Incident, CaseRules]:
    """Return what every letter speaks of.

    Raises:
        LookupError: the incident or its rules are not known yet.
    """
    if case.incident is None or case.rules is None:
        raise LookupError("Nobody is written to before the incident and its rules are known.")
    return case.incident, case.rules
