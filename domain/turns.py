"""Steps that a case takes by itself when their time has come."""

from datetime import datetime

from domain.case import Case, Confirmation, Decision, Outcome, Status, Verdict
from domain.customer_message import requested
from domain.effects import Turn
from domain.meetings import booked_again
from domain.outcomes import with_time
from domain.owners import pass_over
from domain.people import commander


def take(case: Case, turn: Turn, now: datetime) -> Case:
    """Return the case after one of its own steps, noted as done."""
    done = Outcome(version=turn.version, status=Status.DONE, at=now)
    return _after(case, turn, now).replace(ledger={**case.ledger, turn.key: done})


def _after(case: Case, turn: Turn, now: datetime) -> Case:
    match turn.what:
        case "pass over":
            return pass_over(case, turn.subject, "no answer", now)
        case "drop undecided":
            return _undecided_dropped(case, now)
        case "confirm by default":
            return _confirmed(case, turn.subject, now)
        case "drop unconfirmed":
            return _unconfirmed_dropped(case, turn.subject, now)
        case "request approval":
            return requested(case, now)
        case "choose time":
            return with_time(case, {}, now)
        case "book again":
            return booked_again(case, now)
        case "pass a limit":
            return case
        case _:
            return case.replace(closed_at=now)


def _undecided_dropped(case: Case, now: datetime) -> Case:
    """Defer what nobody decided, visibly: the consequence stays blank (2.3)."""
    items = tuple(
        item if item.decision else item.replace(decision=_deferred(case, "no decision taken", now))
        for item in case.items
    )
    return case.replace(items=items, decided_at=now)


def _confirmed(case: Case, item_id: str, now: datetime) -> Case:
    item = case.item(item_id)
    return case.with_item(item.replace(confirmation=Confirmation(at=now))) if item else case


def _unconfirmed_dropped(case: Case, item_id: str, now: datetime) -> Case:
    item = case.item(item_id)
    reason = "not confirmed by the owning team"
    return case.with_item(item.replace(decision=_deferred(case, reason, now))) if item else case


def _deferred(case: Case, reason: str, now: datetime) -> Decision:
    by = commander(case) or case.ownership.owner or "nobody"
    return Decision(verdict=Verdict.DEFERRED, by=by, at=now, reason=reason)
