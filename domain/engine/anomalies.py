"""What made no sense: noted on the case for operations, never raised."""

from datetime import datetime

from domain.case import Anomaly, Case

ANOMALIES_KEPT = 20
"""A tool gone mad must not fill the case; the newest are kept."""

LONGEST = 300


def with_anomaly(case: Case, text: str, now: datetime) -> Case:
    """Return the case with a note that operations see, and its flag raised."""
    readable = text.encode(errors="replace").decode()[:LONGEST]
    kept = case.anomalies[-(ANOMALIES_KEPT - 1) :]
    return case.replace(anomalies=(*kept, Anomaly(at=now, text=readable)))
