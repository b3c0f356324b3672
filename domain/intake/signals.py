"""What the incident tool tells a case; anything that makes no sense is noted, never raised."""

from datetime import datetime, timedelta

from domain.case import Case
from domain.engine.journal import Happening
from domain.incident import Incident

LONG_AGO = timedelta(days=366)
"""An incident further away than this, in either direction, is a wrong date."""

LONGEST_INCIDENT = timedelta(days=3660)

CONFLICT = "told-otherwise"


def incident_resolved(case: Case, incident: Incident, now: datetime) -> Case:
    """Open the case; the same incident told again changes nothing, another telling is noted."""
    if case.id != f"postmortem-{incident.key}":
        return case.with_anomaly(now, "another-incident", key=incident.key)
    if case.incident is not None:
        return told_otherwise(case, case.incident, incident, now)
    if abs(incident.resolved_at - now) > LONG_AGO:
        return case.with_anomaly(now, "resolved-too-far")
    if incident.resolved_at - incident.began_at > LONGEST_INCIDENT:
        return case.with_anomaly(now, "lasted-for-years")
    facts = {"source": incident.source, "severity": incident.severity.value}
    opened = case.replace(incident=incident, opened_at=now)
    if incident.shortened:
        opened = opened.with_anomaly(now, "told-too-much", fields=", ".join(incident.shortened))
    return opened.with_line(now, Happening.SIGNAL, "incident_resolved", facts=facts)


def told_otherwise(case: Case, known: Incident, incident: Incident, now: datetime) -> Case:
    """Return the case with a note, once, of a telling that differs from the one that counts.

    Another tool may have taken the same key for another incident, or somebody who should not.
    """
    differing = [name for name, told in incident if told != getattr(known, name)]
    if not differing:
        return case
    facts = {"source": incident.source, "fields": ", ".join(differing)}
    if any(each.kind == CONFLICT and each.facts == facts for each in case.anomalies):
        return case
    return case.with_anomaly(now, CONFLICT, **facts)
