"""Ladders: who is reminded, and who is told next, while something waits."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from domain.calendar.spans import Span
from domain.calendar.working_time import (
    WorkCalendar,
    local,
    next_business_morning,
    next_working_moment,
)
from domain.engine.clock import due_at
from domain.engine.entry import Chase, Entry
from domain.engine.ledger import C, Progress
from domain.engine.notice import Notice, SendNotice
from domain.engine.value import PersonId, Value
from domain.engine.waiting import Asked, Waiting


class EscalationStep(Value):
    """One step of a ladder: how long after somebody was asked, and who is told.

    Business spans count in the calendar of the person waited for.
    """

    after: Span
    tell: str


Whom = Callable[[C, Waiting, str], PersonId | None]
"""Who is meant by a step, for a wait; None where nobody is."""

Words = Callable[[C, Waiting, PersonId], Notice]
"""What one person is told about a wait."""


def escalation(  # noqa: PLR0913 - a ladder has that many parts
    case: C,
    asked: Asked[C],
    ladder: Sequence[EscalationStep],
    calendar: WorkCalendar,
    whom: Whom[C],
    chase: Words[C],
) -> Iterator[Entry]:
    """Yield one notice per step of a wait's ladder, each for one person, each once per round.

    It begins when the person was asked. `calendar` is theirs without absences, so that being
    away does not keep the next one from being told.
    """
    if asked.since is None:
        return
    for number, step in enumerate(ladder):
        to = whom(case, asked.waiting, step.tell)
        if to is not None:
            at = due_at(asked.since, step.after, calendar, case.holds)
            yield _chase(asked, number, to, at, partial(chase, case, asked.waiting, to))


def _chase(
    asked: Asked[C], number: int, to: PersonId, at: datetime, notice: Callable[[], Notice]
) -> Chase:
    waiting = asked.waiting
    kind = "reminder" if to == waiting.person else "escalation"
    key = f"notice:{kind}:{waiting.key}:{number}:{to}"

    def sent() -> SendNotice[Any]:
        return SendNotice(
            key=key, version=waiting.round, to=to, notice=notice(), chases=waiting.key
        )

    return Chase(
        at,
        sent,
        key=key,
        version=waiting.round,
        waiting=waiting.key,
        to=to,
        after=asked.spec.reads_first,
        needs=asked.spec.needs_read,
    )


def reachable(case: Progress, person: PersonId, calendar: WorkCalendar, at: datetime) -> datetime:
    """Return the first instant from one on to chase a person: at work, once per business day."""
    at = next_working_moment(at, calendar)
    last = case.reminded.get(person)
    if last is None:
        return at
    same_day = local(last, calendar.changes).date() == local(at, calendar.changes).date()
    return next_business_morning(at, calendar) if same_day else at
