"""How a person is asked for what a case waits for, and since when they have been asked."""

from datetime import datetime, timedelta

from domain import letters, reminders
from domain.case import Case, Status
from domain.entry import Entry, notice
from domain.policy import Wait
from domain.waits import Waiting

AT_ONCE = timedelta(minutes=1)
"""A mail that took less was not held up: reminders keep the full minutes that people are told."""


def asked_at(case: Case, waiting: Waiting) -> datetime | None:
    """Return since when a person has been asked, or None while the mail that asks is here."""
    asks = asking(case, waiting)
    return waiting.since if asks is None else asked_by(case, asks)


def asked_by(case: Case, asks: Entry) -> datetime | None:
    """Return since when a mail has asked somebody, or None while it is still here.

    A person's patience begins when they were asked. Who cannot be asked, because their address
    refuses mail, makes nobody else wait.
    """
    if not _begins_when_asked(case):
        return asks.at
    known = case.ledger.get(asks.effect.key)
    if known is None or known.version != asks.effect.version or known.status is Status.UNAVAILABLE:
        return None
    held_up = known.status is Status.DONE and known.at - asks.at >= AT_ONCE
    return known.at if held_up else asks.at


def asking(case: Case, waiting: Waiting) -> Entry | None:  # noqa: C901 - one case per wait
    """Return the mail that asks a person; None where none does, since a ticket asks by itself."""
    person, since, request = waiting.person, waiting.since, case.message.approval
    match waiting.what:
        case Wait.OWNERSHIP:
            return notice(letters.nomination(case), person, since)
        case Wait.APPOINTMENT:
            return notice(letters.appointment(case), person, since)
        case Wait.MEETING_OUTCOME:
            return notice(letters.after_meeting(case), person, since)
        case Wait.DECISIONS:
            return _asking_for_decisions(case, waiting)
        case Wait.CONFIRMATION:
            letter = letters.confirmation(case, tuple(waiting.about.split()))
            return notice(letter, person, since, about=waiting.batch)
        case Wait.MESSAGE_DRAFT:
            return notice(letters.draft_wanted(case), person, since)
        case Wait.APPROVAL if request is not None:
            return notice(
                letters.approval_request(case, request), person, since, version=request.id
            )
        case Wait.POSTING:
            return notice(letters.paste_ready(case), person, since)
        case Wait.DELIVERY:
            return notice(letters.delivery_unknown(case), person, since)
        case Wait.STEP:
            letter = reminders.human_step(case, waiting.about)
            return notice(letter, person, since, about=waiting.about)
        case _:
            return None


def _asking_for_decisions(case: Case, waiting: Waiting) -> Entry | None:
    """Ask for the decisions whoever was not asked for the outcome of the meeting, nor told it."""
    person, ended = waiting.person, case.meeting.end
    if not _begins_when_asked(case) or ended is None or case.meeting.recorded_by == person:
        return None
    # The same version as when the meeting ended: who got that letter was asked for both.
    letter, version = letters.decisions_wanted(case), ended.isoformat()
    return notice(letter, person, waiting.since, version=version)


def _begins_when_asked(case: Case) -> bool:
    """Before edition 2 patience began with the wait, whether or not the mail had left."""
    return case.edition >= 2  # noqa: PLR2004 - editions are numbers
