"""The state of the customer message, step by step."""

from datetime import datetime
from typing import Any

from domain.calendar.working_time import after
from domain.case import Approval, Case, CustomerMessage
from domain.people import customer_liaison, home_calendar


def with_newest(message: CustomerMessage, **changes: Any) -> CustomerMessage:  # noqa: ANN401 - fields of Approval
    """Return the message with its newest approval request changed, if there is one."""
    if not message.approvals:
        return message
    *earlier, newest = message.approvals
    if newest.superseded_at is not None:
        return message
    return message.replace(approvals=(*earlier, newest.replace(**changes)))


def superseded(message: CustomerMessage, now: datetime) -> CustomerMessage:
    """Return the message with its request ended, open or decided, unless it is out already."""
    return message if message.finished else with_newest(message, superseded_at=now)


def replaced(message: CustomerMessage, reason: str, now: datetime) -> CustomerMessage:
    """Return the message with its approval turned into a wish for changes."""
    return with_newest(message, decision="changes", comment=reason, decided_at=now)


def requested(case: Case, now: datetime) -> Case:
    """Return the case with a new request for the present text, replacing any open one."""
    message, liaison = superseded(case.message, now), customer_liaison(case)
    if message.text is None or liaison is None:
        return case
    number = len(message.approvals) + 1
    request = Approval(
        id=f"{message.text.digest[:10]}-{number}",
        liaison=liaison,
        version=message.version,
        digest=message.text.digest,
        requested_at=now,
    )
    return case.replace(message=message.replace(approvals=(*message.approvals, request)))


def posting_allowed_at(case: Case) -> datetime | None:
    """Return when the hold-back after the approval ends, or None without an approval."""
    approved = case.message.approved_at
    if approved is None or case.rules is None:
        return None
    return after(approved, case.rules.message.hold_back, home_calendar(case))
