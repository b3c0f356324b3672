"""Letters that chase: steps done by hand, reminders, escalations, the weekly one.

Without blame: what waits, since when, for whom.
"""

from domain.case import Case
from domain.invitation import calendar_file
from domain.letters import (
    Block,
    Button,
    Letter,
    document_button,
    known,
    named,
    steps_button,
    when,
)
from domain.people import name_of, shown_at_home
from domain.policy import Wait
from domain.waits import Waiting


def human_step(case: Case, step: str) -> Letter:
    """Ask somebody to do by hand what no integration does."""
    incident, rules = known(case)
    what, _, item_id = step.partition(":")
    item = case.item(item_id)
    text = {
        "document": f"Please make the document of the {rules.process_name} from your template, "
        "then paste its address on the page.",
        "event": f"Please book the meeting: {when(case)} The calendar file is attached; paste "
        "the event's address on the page.",
        "done": "By now this action item should be done. Say on the page when it is: "
        f"{item.text if item else ''}",
        "issue": "Please open a ticket in your project for this action item, then paste its key "
        f"on the page: {item.text if item else ''}",
    }[what]
    return Letter(
        kind="step",
        subject=f"{incident.key}: {_STEP_NAMES[what]}",
        blocks=(Block(text=text),),
        button=steps_button("Open the page"),
        event_file=calendar_file(case) if what == "event" else "",
    )


_STEP_NAMES = {
    "document": "please make the document",
    "event": "please book the meeting",
    "issue": "please open a ticket",
    "done": "is an action item done?",
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
    incident, _ = known(case)
    asked = waiting.what is Wait.APPROVAL
    return Letter(
        kind="reminder",
        subject=f"Reminder: {incident.key} waits for {WAITED_FOR[waiting.what]}",
        blocks=(_waiting(case, waiting, "you"),),
        button=Button(leads_to="approval", label="Open the review page", subject=waiting.about)
        if asked
        else steps_button("Open the page"),
        code_for=waiting.about if asked else "",
    )


def escalation(case: Case, waiting: Waiting) -> Letter:
    """Tell somebody else that a person is late, without blame."""
    incident, _ = known(case)
    name = name_of(case, waiting.person)
    return Letter(
        kind="escalation",
        subject=f"{incident.key} is stuck: {WAITED_FOR[waiting.what]}",
        blocks=(
            _waiting(case, waiting, name),
            Block(text="Can you help, or name somebody who can? You get this once."),
        ),
        button=document_button(case, "Open the document") if case.document.url else None,
        document_url=case.document.url,
    )


def _waiting(case: Case, waiting: Waiting, who: str) -> Block:
    since = shown_at_home(case, waiting.since)
    ids = tuple(each for each in waiting.about.split() if case.item(each))
    return Block(
        text=f"Since {since} it waits for {who}: {WAITED_FOR[waiting.what]}.",
        points=named(case, ids),
    )


def weekly(case: Case, items: tuple[str, ...]) -> Letter:
    """Remind a team of open tickets that nobody has touched (S3: gently)."""
    incident, _ = known(case)
    open_ones = "1 action item is" if len(items) == 1 else f"{len(items)} action items are"
    return Letter(
        kind="weekly",
        subject=f"{incident.key}: {open_ones} open",
        blocks=(Block(text="Nobody has touched these lately:", points=named(case, items)),),
        button=document_button(case, "Open the report"),
        document_url=case.document.url,
    )
