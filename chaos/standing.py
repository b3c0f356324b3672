"""Where a case stands, as lives, operations and the final report look at it."""

from datetime import datetime

from domain import lifecycle
from domain.case import Case
from domain.engine import agenda
from domain.engine.ledger import Status
from domain.engine.waiting import Asked
from domain.phases import phase


def asked(case: Case) -> tuple[Asked[Case], ...]:
    """Return everything that the case waits for, in the order of its life."""
    return lifecycle.life(case).asked


def is_busy(case: Case, now: datetime) -> bool:
    """Tell whether something is due, so that its time must not be skipped."""
    return bool(agenda.due(lifecycle.life(case), now))


def next_wait(case: Case, now: datetime) -> datetime | None:
    """Return when the case begins to wait for somebody, if that lies ahead."""
    begins = (each.waiting.since for each in asked(case))
    return min((since for since in begins if since > now), default=None)


def met(case: Case) -> bool:
    """Tell whether people have met about it."""
    return case.meeting.held_at is not None


def parked(case: Case) -> list[str]:
    """Return the keys of what a vendor refused."""
    return [key for key, each in case.ledger.items() if each.status is Status.REFUSED]


def customers_mail_is_unsure(case: Case) -> bool:
    """Tell whether nobody knows if the customers have their mail."""
    outcome = case.ledger.get("customers")
    return outcome is not None and outcome.status is Status.UNKNOWN


def has_document(case: Case) -> bool:
    """Tell whether its document is there."""
    return bool(case.document.document_id)


def is_asked_to_let_out(case: Case) -> bool:
    """Tell whether its message to customers is written, and has not left."""
    return case.message.approval is not None and not case.message.finished


def customers_have_theirs(case: Case) -> bool:
    """Tell whether the case believes that its message to customers is out."""
    return case.message.posted_at is not None


def tickets_to_finish(case: Case) -> list[str]:
    """Return the keys of the open tickets, once the report is out."""
    if case.published_at is None:
        return []
    return [item.issue.key for item in case.items if item.issue is not None and item.open]


def verdicts(case: Case) -> list[tuple[str, str]]:
    """Return each proposal's words and the verdict that stands on it."""
    return [
        (item.text, item.decision.verdict.value if item.decision else "undecided")
        for item in case.items
    ]


def what_keeps(case: Case) -> str:
    """Say in a line why a case is not over."""
    waits = (each.waiting for each in asked(case))
    people = ", ".join(f"{each.what}:{each.person}" for each in waits) or "nobody"
    undone = ", ".join(
        f"{key} {each.status}" for key, each in case.ledger.items() if each.status != Status.DONE
    )
    return (
        f"{case.id}: not closed but {phase(case)}, waiting on {people}; "
        f"undone: {undone or 'nothing'}"
    )
