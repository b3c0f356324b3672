"""The words of people for what the domain calls otherwise."""

from domain.case import Case, Phase
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.people import shown_at_home
from domain.phases import phase
from domain.policy import Wait

_PHASES = {
    Phase.RECEIVED: "received",
    Phase.AWAITING_OWNER: "awaiting an owner",
    Phase.SCHEDULING: "scheduling the meeting",
    Phase.DRAFTING: "drafting",
    Phase.IN_REVIEW: "in review",
    Phase.DECIDING: "deciding",
    Phase.COOLING_DOWN: "confirming with the team",
    Phase.FINALISING: "finalising",
    Phase.FOLLOWING_THROUGH: "report published, action items open",
    Phase.CLOSED: "closed",
    Phase.NOT_REQUIRED: "not required",
}

_ASKED = {
    Wait.OWNERSHIP: "Say whether you will own it",
    Wait.APPOINTMENT: "Appoint an owner",
    Wait.MEETING_OUTCOME: "After the meeting, say whether it was held",
    Wait.DECISIONS: "Record what the leaders decided",
    Wait.CONFIRMATION: "Confirm your team's action items, or take them back",
    Wait.MESSAGE_DRAFT: "Write the customer message",
    Wait.APPROVAL: "Review the customer message",
    Wait.POSTING: "Post the approved customer message and say where",
    Wait.DELIVERY: "Look whether the customer message arrived",
    Wait.ACTION_ITEM: "Finish this action item",
    Wait.STEP: "Do one step by hand",
}

_ASKED_OF_OTHERS = {
    Wait.OWNERSHIP: "a yes or no to owning it",
    Wait.APPOINTMENT: "an owner to be appointed",
    Wait.MEETING_OUTCOME: "the outcome of the meeting",
    Wait.DECISIONS: "the decisions of the meeting",
    Wait.CONFIRMATION: "the team's answer about its action items",
    Wait.MESSAGE_DRAFT: "the text of the customer message",
    Wait.APPROVAL: "a decision about the customer message",
    Wait.POSTING: "the address where the customer message was posted",
    Wait.DELIVERY: "a look whether the customer message arrived",
    Wait.ACTION_ITEM: "an open action item",
    Wait.STEP: "a step that is done by hand",
}

_DUE_LATER = {
    Wait.MEETING_OUTCOME: "from",
    Wait.POSTING: "from",
    Wait.ACTION_ITEM: "late from",
}
"""Waits whose beginning may lie ahead; pages do not know what time it is for the case."""

STEP_TITLES = {
    "document": "Make the document",
    "event": "Book the meeting",
    "issue": "Open a ticket",
    "done": "Say whether it is done",
    "customers": "Did the customer message arrive?",
}
"""What is done by hand where no integration does it."""

DONE = {
    "accept_ownership": "Thank you: your answer is noted.",
    "decline_ownership": "Thank you for saying so: the next person is asked.",
    "appoint_owner": "The owner is appointed and hears of it by mail.",
    "move_meeting": "The meeting has its new time; the invitation follows.",
    "record_meeting": "The outcome of the meeting is noted.",
    "propose_action_items": "The action items are taken up.",
    "decide": "The decisions are noted.",
    "confirm_action_item": "Your team's answers are noted.",
    "draft_external_message": "The customer message is saved.",
    "withdraw_message": "The customer message is stopped.",
    "mark_posted": "The address of the customer message is noted.",
    "complete_step": "The step is noted as done.",
    "retry": "It is tried once more.",
}
"""What a page says after an act, by the act's name."""

NEXT = {
    Phase.RECEIVED: "The case is being set up.",
    Phase.AWAITING_OWNER: "When somebody has said yes, the invitation to the meeting leaves.",
    Phase.SCHEDULING: "The invitation leaves, and the document is shared.",
    Phase.DRAFTING: "The owner writes the document with the others; before the meeting everybody "
    "gets it to read.",
    Phase.IN_REVIEW: "The meeting is held; leaders decide there about each proposal.",
    Phase.DECIDING: "When each proposal has its decision, the teams confirm what was accepted.",
    Phase.COOLING_DOWN: "What the teams confirm becomes tickets; then the report is published.",
    Phase.FINALISING: "The last tickets are opened, and the report is published.",
    Phase.FOLLOWING_THROUGH: "The action items are followed until they are done.",
    Phase.CLOSED: "Nothing: everything is done.",
    Phase.NOT_REQUIRED: "Nothing: this incident needs none.",
}


def phase_words(case: Case) -> str:
    """Return where a case is, as people say it."""
    return _PHASES[phase(case)]


def name_of(case: Case, person: PersonId | None) -> str:
    """Return a person's name, or `nobody yet`."""
    if person is None:
        return "nobody yet"
    return case.directory.name_of(person) if case.directory else person


def asked_words(case: Case, waiting: Waiting) -> str:
    """Say what is asked of the reader."""
    if waiting.what is Wait.STEP:
        step, _, item = waiting.about.partition(":")
        return f"{STEP_TITLES[step]} ({item})" if item else STEP_TITLES[step]
    return f"{_ASKED[waiting.what]}{_items(case, waiting)}"


def others_words(case: Case, waiting: Waiting) -> str:
    """Say what is asked of somebody else."""
    wanted = _ASKED_OF_OTHERS[waiting.what]
    return f"{name_of(case, waiting.person)}: {wanted}{_items(case, waiting)}"


def since_words(case: Case, waiting: Waiting) -> str:
    """Say since when, or from when on, something is waited for."""
    later = "from" if waiting.about.startswith("done:") else "since"
    word = _DUE_LATER.get(waiting.what, later)
    return f"{word} {shown_at_home(case, waiting.since)}"


def _items(case: Case, waiting: Waiting) -> str:
    found = [item for each in waiting.about.split() if (item := case.item(each))]
    named = [f"{item.id}, {item.issue.key}" if item.issue else item.id for item in found]
    return f" ({'; '.join(named)})" if named else ""
