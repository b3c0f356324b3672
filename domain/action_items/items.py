"""Action items: when they are due, how their tickets are labelled, and how one is opened."""

from datetime import date, datetime

from domain.calendar.working_time import due_date, local
from domain.case import Case
from domain.people import home_calendar


def due_day(case: Case, accepted_at: datetime) -> date:
    """Return when an item accepted at that instant is due (PM: 15 days after a sev1)."""
    if case.incident is None or case.rules is None:
        raise LookupError("A case without an incident has no due dates.")
    return due_date(
        case.incident.resolved_at,
        case.rules.severity.action_due_days,
        accepted_at,
        home_calendar(case),
    )


def labels(case: Case) -> tuple[str, ...]:
    """Return the labels of the case's tickets: severity, and severity with the date (PM)."""
    if case.incident is None:
        return ()
    severity = case.incident.severity.value
    day = local(case.incident.resolved_at, home_calendar(case).changes)
    return ("postmortem", severity, f"{severity}_{day:%Y%m%d}")
