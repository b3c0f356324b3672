"""What we write to people: the words, without addresses or layout.

Wording: what happened, what it means, what to do; the words of people, no jargon of ours.
"""

from typing import Literal

from domain.almanac import Almanac
from domain.case import Approval, Case, MessageText
from domain.customer_message import posting_allowed_at
from domain.frozen import Frozen
from domain.incident import Incident
from domain.instants import shown_day
from domain.invitation import calendar_file
from domain.people import shown_at_home
from domain.policy import CaseRules, Wait
from domain.waits import Waiting


class Block(Frozen):
    """A paragraph, or a list under a line of text; `quoted` is somebody's exact words."""

    text: str = ""
    points: tuple[str, ...] = ()
    quoted: bool = False


class Button(Frozen):
    """The one link of a letter; the mail activity signs it for the reader."""

    leads_to: Literal["steps", "approval", "withdraw", "document"]
    label: str
    subject: str = ""


class Letter(Frozen):
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
    incident, rules = _known(case)
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
            Block(text=_when(case)),
            Block(text="Say yes or no on the page. If you cannot, the next person is asked."),
        ),
        button=_steps("Open the page"),
    )


def appointment(case: Case) -> Letter:
    """Ask a leader to appoint the owner when everybody has declined."""
    incident, rules = _known(case)
    return Letter(
        kind="appointment",
        subject=f"{incident.key} needs an owner for its {rules.process_name}",
        blocks=(
            _the_incident(incident),
            Block(text="Nobody who was asked can own it. Please appoint somebody on the page."),
            Block(text=_when(case)),
        ),
        button=_steps("Appoint an owner"),
    )


def pre_read(case: Case) -> Letter:
    """Send the document a day ahead, saying what is missing (S0)."""
    incident, _ = _known(case)
    return Letter(
        kind="pre-read",
        subject=f"Pre-read: {incident.key} {incident.title}",
        blocks=(
            Block(text=_when(case)),
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
        button=_document(case, "Open the document"),
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


def after_meeting(case: Case) -> Letter:
    """Ask the facilitator what came of the meeting and of each proposal."""
    incident, _ = _known(case)
    points = tuple(f"{item.id} {item.text}" for item in case.items if item.decision is None)
    return Letter(
        kind="after-meeting",
        subject=f"{incident.key}: what did the meeting decide?",
        blocks=(
            Block(text="The meeting should be over. Two things are needed, on one page:"),
            Block(text="Was it held, and did everybody agree on the facts?"),
            Block(text="What did the leaders decide about each proposal?", points=points),
        ),
        button=_steps("Record the meeting"),
    )


def confirmation(case: Case, items: tuple[str, ...]) -> Letter:
    """Ask an owning team's leader to confirm what was accepted (S1: weigh it first)."""
    incident, rules = _known(case)
    return Letter(
        kind="confirmation",
        subject=f"{incident.key}: please confirm your team's action items",
        blocks=(
            Block(
                text="The meeting accepted these for your team. Weigh them against your other "
                f"work and answer within {rules.action_items.cool_down.amount} business day; "
                "each confirmed one becomes a ticket in your project.",
                points=_named(case, items),
            ),
        ),
        button=_steps("Confirm or take back"),
    )


def draft_wanted(case: Case) -> Letter:
    """Ask the owner for the customer message, or for its revision."""
    incident, _ = _known(case)
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
        button=_steps("Write the message"),
    )


def approval_request(case: Case, request: Approval) -> Letter:
    """Ask the liaison to approve one exact text; the code stands only in this mail."""
    incident, _ = _known(case)
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
    incident, rules = _known(case)
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
    incident, _ = _known(case)
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
        button=_steps("Say where it was posted"),
    )


def delivery_unknown(case: Case) -> Letter:
    """Ask the owner whether the customer message arrived; it is never repeated by itself."""
    incident, _ = _known(case)
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
        button=_steps("It arrived, or send it again"),
    )


def published(case: Case) -> Letter:
    """Give the result to the involved teams and the list (S2)."""
    incident, rules = _known(case)
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
        button=_document(case, "Read the report"),
        document_url=case.document.url,
    )


def human_step(case: Case, step: str) -> Letter:
    """Ask somebody to do by hand what no integration does."""
    incident, rules = _known(case)
    what, _, item_id = step.partition(":")
    item = case.item(item_id)
    text = {
        "document": f"Please make the document of the {rules.process_name} from your template, "
        "then paste its address on the page.",
        "event": f"Please book the meeting: {_when(case)} The calendar file is attached; paste "
        "the event's address on the page.",
        "issue": "Please open a ticket in your project for this action item, then paste its key "
        f"on the page: {item.text if item else ''}",
    }[what]
    return Letter(
        kind="step",
        subject=f"{incident.key}: {_STEP_NAMES[what]}",
        blocks=(Block(text=text),),
        button=_steps("Open the page"),
        event_file=calendar_file(case) if what == "event" else "",
    )


_STEP_NAMES = {
    "document": "please make the document",
    "event": "please book the meeting",
    "issue": "please open a ticket",
}

WAITED_FOR = {
    Wait.OWNERSHIP: "a yes or no to owning it",
    Wait.APPOINTMENT: "an owner to be appointed",
    Wait.MEETING_OUTCOME: "the outcome of the meeting",
    Wait.DECISIONS: "the decisions of the meeting",
    Wait.CONFIRMATION: "the team's answer about its action items",
    Wait.MESSAGE_DRAFT: "the text of the customer message",
    Wait.APPROVAL: "a decision about the customer message",
    Wait.POSTING: "the address where the customer message was posted",
    Wait.DELIVERY: "a look whether the customer message arrived",
    Wait.ACTION_ITEM: "an action item that is past its due day",
    Wait.STEP: "a step that is done by hand",
}


def reminder(case: Case, waiting: Waiting) -> Letter:
    """Remind the person waited for, once per rung."""
    incident, _ = _known(case)
    asked = waiting.what is Wait.APPROVAL
    return Letter(
        kind="reminder",
        subject=f"Reminder: {incident.key} waits for {WAITED_FOR[waiting.what]}",
        blocks=(_waiting(case, waiting, "you"),),
        button=Button(leads_to="approval", label="Open the review page", subject=waiting.about)
        if asked
        else _steps("Open the page"),
        code_for=waiting.about if asked else "",
    )


def escalation(case: Case, waiting: Waiting) -> Letter:
    """Tell somebody else that a person is late, without blame."""
    incident, _ = _known(case)
    name = _people(case).name_of(waiting.person)
    return Letter(
        kind="escalation",
        subject=f"{incident.key} is stuck: {WAITED_FOR[waiting.what]}",
        blocks=(
            _waiting(case, waiting, name),
            Block(text="Can you help, or name somebody who can? You get this once."),
        ),
        button=_document(case, "Open the document") if case.document.url else None,
        document_url=case.document.url,
    )


def _waiting(case: Case, waiting: Waiting, who: str) -> Block:
    since = shown_at_home(case, waiting.since)
    ids = tuple(each for each in waiting.about.split() if case.item(each))
    return Block(
        text=f"Since {since} it waits for {who}: {WAITED_FOR[waiting.what]}.",
        points=_named(case, ids),
    )


def weekly(case: Case, items: tuple[str, ...]) -> Letter:
    """Remind a team of open tickets that nobody has touched (S3: gently)."""
    incident, _ = _known(case)
    return Letter(
        kind="weekly",
        subject=f"{incident.key}: {len(items)} action items open",
        blocks=(Block(text="Nobody has touched these lately:", points=_named(case, items)),),
        button=_document(case, "Open the report"),
        document_url=case.document.url,
    )


def _named(case: Case, items: tuple[str, ...]) -> tuple[str, ...]:
    found = filter(None, map(case.item, items))
    return tuple(
        f"{item.id} {item.text}"
        + (f" ({item.issue.key})" if item.issue else "")
        + (f", due {shown_day(item.due)}" if item.due else "")
        for item in found
    )


def _when(case: Case) -> str:
    if case.meeting.start is None:
        return "A time for the meeting is being looked for."
    return f"The meeting is on {shown_at_home(case, case.meeting.start)}."


def _the_incident(incident: Incident) -> Block:
    return Block(text=f"{incident.severity}: {incident.title}. {incident.summary}".strip())


def _message(text: MessageText) -> tuple[Block, ...]:
    parts = (text.subject, text.summary, text.what_happened, text.what_we_do)
    return tuple(Block(text=part, quoted=True) for part in parts)


def _steps(label: str) -> Button:
    return Button(leads_to="steps", label=label)


def _document(case: Case, label: str) -> Button:
    return (
        Button(leads_to="document", label=label) if case.document.url else _steps("Open the page")
    )


def _known(case: Case) -> tuple[Incident, CaseRules]:
    if case.incident is None or case.rules is None:
        raise LookupError("Nobody is written to before the incident and its rules are known.")
    return case.incident, case.rules


def _people(case: Case) -> Almanac:
    if case.almanac is None:
        raise LookupError("Nobody is written to before the almanac is recorded.")
    return case.almanac
