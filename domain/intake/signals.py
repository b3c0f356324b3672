"""What the incident tool tells a case; anything that makes no sense is noted, never raised."""

from datetime import datetime, timedelta

from domain.case import Case
from domain.engine.journal import Happening
from domain.incident import Incident

LONG_AGO = timedelta(days=366)
"""An incident further away than this, in either direction, is a wrong date."""

LONGEST_INCIDENT = timedelta(days=3660)


def incident_resolved(case: Case, incident: Incident, now: datetime) -> Case:
    """Open the case; the same incident told again changes nothing."""
    if case.id != f"postmortem-{incident.key}":
        return case.with_anomaly(now, "another-incident", key=incident.key)
    if case.incident is not None:
        return case
    if abs(incident.resolved_at - now) > LONG_AGO:
        return case.with_anomaly(now, "resolved-too-far")
    if incident.resolved_at - incident.began_at > LONGEST_INCIDENT:
        return case.with_anomaly(now, "lasted-for-years")
    facts = {"source": incident.source, "severity": incident.severity.value}
    opened = case.replace(incident=incident, opened_at=now)
    return opened.with_line(now, Happening.SIGNAL, "incident_resolved", facts=facts)
