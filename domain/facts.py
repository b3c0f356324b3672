"""What tools tell a case by signals; anything that makes no sense is noted, never raised."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from domain.case import Case, Oddity
from domain.incident import Incident
from domain.outcomes import ticket_seen
from domain.outside import IssueReading

ODDITIES_KEPT = 20
"""A tool gone mad must not fill the case; the newest are kept."""


def told(case: Case, name: str, args: tuple[Any, ...], now: datetime) -> Case:
    """Return the case after a signal with its decoded arguments."""
    try:
        return _understood(case, name, args, now)
    except ValidationError as error:
        fields = ", ".join(
            ".".join(map(str, each["loc"])) or "all of it" for each in error.errors()
        )
        return odd(case, f"Signal {name} is not understood: check {fields}.", now)


def _understood(case: Case, name: str, args: tuple[Any, ...], now: datetime) -> Case:
    match name, args:
        case ("incident_resolved", (payload,)):
            return _resolved(case, Incident.model_validate(payload), now)
        case ("ticket_changed", (payload,)):
            return _ticket_changed(case, IssueReading.model_validate(payload), now)
        case ("meeting_changed", ()):
            # The event is then read before anything else that depends on it.
            ledger = {key: each for key, each in case.ledger.items() if key != "read-event"}
            return case.but(ledger=ledger)
        case (("incident_resolved" | "ticket_changed" | "meeting_changed"), _):
            return odd(case, f"Signal {name} came with {len(args)} arguments.", now)
        case _:
            return odd(case, f"There is no signal {name[:60]!r}; the contract is in docs/.", now)


def _resolved(case: Case, incident: Incident, now: datetime) -> Case:
    """Open the case; the same incident told again changes nothing."""
    if case.incident is not None:
        return case
    if case.id != f"postmortem-{incident.key}":
        return odd(case, f"incident_resolved is about {incident.key}, not about this case.", now)
    return case.but(incident=incident, opened_at=now)


def _ticket_changed(case: Case, issue: IssueReading, now: datetime) -> Case:
    known = any(item.issue and item.issue.key == issue.key for item in case.items)
    if not known:
        return odd(case, f"Ticket {issue.key[:40]} belongs to no action item here.", now)
    return ticket_seen(case, issue, now)


def odd(case: Case, text: str, now: datetime) -> Case:
    """Return the case with a note that operations see, and its flag raised."""
    kept = case.oddities[-(ODDITIES_KEPT - 1) :]
    return case.but(oddities=(*kept, Oddity(at=now, text=text)))
