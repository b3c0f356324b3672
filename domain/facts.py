"""What tools tell a case by signals; anything that makes no sense is noted, never raised."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from domain.action_items.ticket import ObservedIssue
from domain.case import Case
from domain.engine.anomalies import with_anomaly
from domain.incident import Incident
from domain.outcomes import ticket_seen

__all__ = ["told", "with_anomaly"]

LONG_AGO = timedelta(days=366)
"""An incident further away than this, in either direction, is a wrong date."""

LONGEST_INCIDENT = timedelta(days=3660)


def told(case: Case, name: str, args: tuple[Any, ...], now: datetime) -> Case:
    """Return the case after a signal with its decoded arguments."""
    try:
        return _understood(case, name, args, now)
    except ValidationError as error:
        fields = ", ".join(
            ".".join(map(str, each["loc"])) or "all of it" for each in error.errors()
        )
        return with_anomaly(case, f"Signal {name} is not understood: check {fields}.", now)


def _understood(case: Case, name: str, args: tuple[Any, ...], now: datetime) -> Case:
    match name, args:
        case ("incident_resolved", (payload,)):
            return _resolved(case, Incident.model_validate(payload), now)
        case ("ticket_changed", (payload,)):
            return _ticket_changed(case, ObservedIssue.model_validate(payload), now)
        case ("meeting_changed", ()):
            return case.replace(meeting=case.meeting.replace(changed_at=now))
        case (("incident_resolved" | "ticket_changed" | "meeting_changed"), _):
            return with_anomaly(case, f"Signal {name} came with {len(args)} arguments.", now)
        case _:
            return with_anomaly(
                case, f"There is no signal {name[:60]!r}; the contract is in docs/.", now
            )


def _resolved(case: Case, incident: Incident, now: datetime) -> Case:
    """Open the case; the same incident told again changes nothing."""
    if case.id != f"postmortem-{incident.key}":
        return with_anomaly(
            case, f"incident_resolved is about {incident.key}, not about this case.", now
        )
    if case.incident is not None:
        return case
    if abs(incident.resolved_at - now) > LONG_AGO:
        return with_anomaly(
            case, "incident_resolved is more than a year away: check resolved_at.", now
        )
    if incident.resolved_at - incident.began_at > LONGEST_INCIDENT:
        return with_anomaly(
            case, "The incident lasted for years: check started_at, detected_at.", now
        )
    return case.replace(incident=incident, opened_at=now)


def _ticket_changed(case: Case, issue: ObservedIssue, now: datetime) -> Case:
    known = any(item.issue and item.issue.key == issue.key for item in case.items)
    if not known:
        return with_anomaly(case, f"Ticket {issue.key[:40]} belongs to no action item here.", now)
    return ticket_seen(case, issue, now)
