"""Where a case is, derived from what has happened to it."""

from datetime import datetime

from domain.action_items.items import needs_ticket
from domain.case import Case, Outcome, Phase, Status
from domain.invitation import pre_read_at


def phase(case: Case) -> Phase:
    """Return the phase of a case: the first one that is not over yet."""
    if case.incident is None or case.rules is None:
        return Phase.RECEIVED
    if not case.rules.severity.eligible:
        return Phase.NOT_REQUIRED
    if finished(case):
        return Phase.CLOSED
    if case.published_at is not None:
        return Phase.FOLLOWING_THROUGH
    if case.meeting.held_at is not None:
        return _after_the_meeting(case)
    return _before_the_meeting(case)


def _before_the_meeting(case: Case) -> Phase:
    if case.ownership.owner is None:
        return Phase.AWAITING_OWNER
    if not invited(case):
        return Phase.SCHEDULING
    return Phase.IN_REVIEW if pre_read_sent(case) else Phase.DRAFTING


def _after_the_meeting(case: Case) -> Phase:
    if case.decided_at is None:
        return Phase.DECIDING
    if any(not item.settled for item in case.items):
        return Phase.COOLING_DOWN
    return Phase.FINALISING


def invited(case: Case) -> bool:
    """Tell whether people know when the meeting is."""
    if case.rules is not None and not case.rules.connected.calendar:
        return case.done("event")
    return bool(case.meeting.invited)


def pre_read_sent(case: Case) -> bool:
    """Tell whether the pre-read of the present meeting time has left."""
    return pre_read_sent_at(case) is not None


def pre_read_sent_at(case: Case) -> datetime | None:
    """Return when the first pre-read that holds for the present meeting time left."""
    sent = (each for key, each in case.ledger.items() if key.startswith("notice:pre-read:"))
    return min((each.at for each in sent if had_pre_read(case, each)), default=None)


def had_pre_read(case: Case, sent: Outcome | None) -> bool:
    """Tell whether somebody need not get the pre-read (again) for the present meeting time.

    Who had it a full day before the new time of a moved meeting has had it.
    """
    at = pre_read_at(case)
    if at is None or sent is None or sent.status is not Status.DONE:
        return False
    return sent.version == str(case.meeting.booked) or sent.at <= at


def finished(case: Case) -> bool:
    """Tell whether nothing is left to do: published, message out or not wanted, tickets done."""
    if case.published_at is None or case.rules is None:
        return False
    message_open = case.rules.severity.external_message and not case.message.finished
    tickets = (item for item in case.items if needs_ticket(case, item))
    return not message_open and not any(t.issue is None or t.open for t in tickets)
