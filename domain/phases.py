"""Where a case is, derived from what has happened to it."""

from domain.action_items.state import ActionItem, issue_key
from domain.case import Case, Phase
from domain.engine.ledger import Status
from domain.moments import pre_read_sent_at


def phase(case: Case) -> Phase:
    """Return the phase of a case: the first one that is not over yet."""
    if case.steering.cancelled is not None:
        return Phase.CANCELLED
    if case.incident is None or case.rules is None:
        return Phase.RECEIVED
    if case.steering.hold is not None:
        return Phase.ON_HOLD
    if not case.is_wanted:
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
    if not case.meeting.stands:
        return Phase.SCHEDULING
    return Phase.DRAFTING if pre_read_sent_at(case) is None else Phase.IN_REVIEW


def _after_the_meeting(case: Case) -> Phase:
    if case.decided_at is None:
        return Phase.DECIDING
    if any(not item.settled for item in case.items):
        return Phase.COOLING_DOWN
    return Phase.FINALISING


def finished(case: Case) -> bool:
    """Tell whether nothing is left to do: published, message out or not wanted, tickets done."""
    if case.published_at is None or case.rules is None:
        return False
    message_open = case.wants_message and not case.message.finished
    tickets = (item for item in case.items if case.needs_ticket(item))
    return not message_open and not any(_is_unfinished(case, each) for each in tickets)


def _is_unfinished(case: Case, item: ActionItem) -> bool:
    """Tell whether a ticket, its work or its link to the document is still to come."""
    if item.issue is None or item.open:
        return True
    known = case.ledger.get(issue_key(item.id))
    # A link that is refused waits for a person, and keeps no case open.
    return item.issue.unlinked and (known is None or known.status is Status.UNAVAILABLE)
