"""Ladders: who is reminded, and who is told next, while something waits."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from domain.calendar.spans import Span
from domain.calendar.working_time import (
    WorkCalendar,
    local,
    next_business_morning,
    next_working_moment,
)
from domain.engine.clock import due_at
from domain.engine.entry import Chase, Entry
from domain.engine.ledger import C, Progress, Status
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
    for step in _steps(case, asked, ladder, whom):
        at = due_at(step.since, step.after, calendar, case.holds)
        yield _chase(asked, step, at, partial(chase, case, asked.waiting, step.to))


def is_climbed(
    case: C,
    asked: Asked[C],
    ladder: Sequence[EscalationStep],
    calendar: WorkCalendar,
    whom: Whom[C],
) -> bool:
    """Tell whether the highest step of a ladder that reaches anybody was told, in this round."""
    steps = tuple(_steps(case, asked, ladder, whom))
    told = [each for each in steps if _was_told(case, asked.waiting, each)]
    # Which is the highest takes long to say, and most have told nobody yet.
    if not told:
        return False
    return max(steps, key=lambda each: due_at(each.since, each.after, calendar, case.holds)) in told


class _Step(NamedTuple):
    """One step of a ladder as it stands: whom its notice reaches, and how long after when."""

    key: str
    to: PersonId
    after: Span
    since: datetime


def _steps(
    case: C, asked: Asked[C], ladder: Sequence[EscalationStep], whom: Whom[C]
) -> Iterator[_Step]:
    """Yield the steps that reach somebody, once the person waited for was asked."""
    waiting = asked.waiting
    if asked.since is None:
        return
    for number, step in enumerate(ladder):
        to = whom(case, waiting, step.tell)
        if to is not None:
            kind = "reminder" if to == waiting.person else "escalation"
            key = f"notice:{kind}:{waiting.key}:{number}:{to}"
            yield _Step(key, to, step.after, asked.since)


def _was_told(case: Progress, waiting: Waiting, step: _Step) -> bool:
    told = case.ledger.get(step.key)
    return told is not None and (told.version, told.status) == (waiting.round, Status.DONE)


def _chase(asked: Asked[C], step: _Step, at: datetime, notice: Callable[[], Notice]) -> Chase:
    waiting = asked.waiting
    return Chase(
        at,
        partial(_sent, waiting, step, notice),
        key=step.key,
        version=waiting.round,
        waiting=waiting.key,
        to=step.to,
        after=asked.spec.reads_first,
        needs=asked.spec.needs_read,
    )


def _sent(waiting: Waiting, step: _Step, notice: Callable[[], Notice]) -> SendNotice[Any]:
    return SendNotice(
        key=step.key,
        version=waiting.round,
        to=step.to,
        notice=notice(),
        chases=waiting.key,
    )


def reachable(case: Progress, person: PersonId, calendar: WorkCalendar, at: datetime) -> datetime:
    """Return the first instant from one on to chase a person: at work, once per business day."""
    at = next_working_moment(at, calendar)
    last = case.reminded.get(person)
    if last is None:
        return at
    same_day = local(last, calendar.changes).date() == local(at, calendar.changes).date()
    return next_business_morning(at, calendar) if same_day else at
