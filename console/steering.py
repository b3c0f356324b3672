"""What operations do to a case: hold, resume, extend, waive, snooze, cancel, retry."""

from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from console.cases import CaseName, Json, perform
from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.journal import Door
from domain.meeting.acts import Waive
from domain.operations.subject import Retry
from domain.steering.acts import Cancel, Extend, PutOnHold, Resume, SnoozeReminders
from domain.steering.state import Limit

Reason = Annotated[str, Parameter(help="Why; people read it, and the record keeps it.")]
Until = Annotated[datetime, Parameter(help="Such as 2027-01-20T09:00; UTC unless it says.")]


def hold(case: CaseName, *, until: Until, reason: Reason, as_json: Json = False) -> None:
    """Let a case stand still: nothing is sent and nothing falls due until then."""
    perform(case, _act(PutOnHold, until=_utc(until), reason=reason), as_json=as_json)


def resume(case: CaseName, *, reason: Reason, as_json: Json = False) -> None:
    """End a hold before its time."""
    perform(case, _act(Resume, reason=reason), as_json=as_json)


def extend(
    case: CaseName, what: Limit, *, until: Until, reason: Reason, as_json: Json = False
) -> None:
    """Put off the limit for the meeting or the report.

    Parameters
    ----------
    what
        Which limit.
    """
    perform(case, _act(Extend, what=what, until=_utc(until), reason=reason), as_json=as_json)


def waive(case: CaseName, *, reason: Reason, as_json: Json = False) -> None:
    """Do without the meeting, where it was missed or the policy allows it."""
    perform(case, _act(Waive, reason=reason), as_json=as_json)


def snooze(
    case: CaseName, person: str, *, until: Until, reason: Reason, as_json: Json = False
) -> None:
    """Chase nobody about what waits for one person until then.

    Parameters
    ----------
    person
        Their id in the organisation file.
    """
    act = _act(SnoozeReminders, person=person, until=_utc(until), reason=reason)
    perform(case, act, as_json=as_json)


def cancel(case: CaseName, *, reason: Reason, as_json: Json = False) -> None:
    """End a case for good: the meeting is called off, and people are told once, and why."""
    perform(case, _act(Cancel, reason=reason), as_json=as_json)


def retry(case: CaseName, effect: str = "", *, as_json: Json = False) -> None:
    """Carry out again what a vendor refused, after mending its cause.

    Parameters
    ----------
    effect
        Only this one, as `aftermath show` names it.
    """
    perform(case, _act(Retry, effect=effect), as_json=as_json)


COMMANDS = (hold, resume, extend, waive, snooze, cancel, retry)
"""For the command line to list."""


def _act(kind: type[Act[Case]], **fields: Any) -> Act[Case]:  # noqa: ANN401 - checked by the act
    return kind.model_validate({**fields, "by": OPERATIONS, "through": Door.COMMAND_LINE})


def _utc(told: datetime) -> datetime:
    return told if told.tzinfo is not None else told.replace(tzinfo=UTC)
