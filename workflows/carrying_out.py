"""Effects handed to activities, and what came of them: one activity per kind and moment."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from types import NoneType
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.case import Case
    from domain.engine.entry import AnyEffect
    from domain.engine.ledger import Outcomes, Report, Status
    from domain.engine.value import Value
    from workflows.options import at_hand, once, outside

Carried = tuple[AnyEffect, Report, Any]
"""An effect, what an activity says of it, and what it brought back."""


_NOTHING: Any = Report | None
"""What an activity answers that has nothing to say, or only how it went."""


async def carry_out(case: Case, effects: Sequence[AnyEffect], now: datetime) -> list[Carried]:
    """Carry out, together, everything that is due now; an outcome for each, no exception."""
    moments: list[Awaitable[list[Carried]]] = [
        _one(case, each, now) for each in effects if not each.together
    ]
    batches: dict[str, list[AnyEffect]] = {}
    for each in effects:
        if each.together:
            batches.setdefault(each.activity, []).append(each)
    moments += [_batch(case, batch, now) for batch in batches.values()]
    return [carried for moment in await asyncio.gather(*moments) for carried in moment]


async def _one(case: Case, effect: AnyEffect, now: datetime) -> list[Carried]:
    try:
        answer = await _answer(effect, effect.request(case, now))
    except ActivityError as error:
        return [(effect, _failure(effect, error), None)]
    if isinstance(answer, Report):
        return [(effect, answer, None)]
    return [(effect, Report(key=effect.key), answer)]


async def _answer(effect: AnyEffect, request: Value) -> Any:  # noqa: ANN401 - of the effect's own type
    wanted = effect.answer or _NOTHING
    if effect.local:
        return await workflow.execute_local_activity(
            effect.activity, request, result_type=wanted, **at_hand(effect.summary)
        )
    options = (once if effect.once else outside)(effect.summary)
    return await workflow.execute_activity(effect.activity, request, result_type=wanted, **options)


async def _batch(case: Case, effects: Sequence[AnyEffect], now: datetime) -> list[Carried]:
    """Hand over effects of one kind in one activity, which reports on each and raises for none."""
    kind = type(effects[0])
    answers: Any = Outcomes[kind.answer or NoneType]  # type: ignore[misc]
    try:
        outcomes = await workflow.execute_activity(
            kind.activity,
            kind.requested_together(case, effects, now),
            result_type=answers,
            **outside(kind.summary),
        )
    except ActivityError as error:
        return [(each, _failure(each, error), None) for each in effects]
    found = {each.report.key: each for each in outcomes.each}
    return [(each, found[each.key].report, found[each.key].answer) for each in effects]


def _failure(effect: AnyEffect, error: ActivityError) -> Report:
    """Say what an activity's failure means: refused, or to be tried again, or unknown."""
    cause = error.cause
    told = cause if isinstance(cause, ApplicationError) else ApplicationError("no answer in time")
    if effect.once:
        # A worker that died on the way may have done it: only a person can tell.
        return Report(key=effect.key, status=Status.UNKNOWN, reason=told.message)
    if told.type not in ("Unavailable", "Throttled", "Ambiguous", None):
        return Report(key=effect.key, status=Status.REFUSED, reason=told.message)
    pause = timedelta(seconds=float(told.details[0])) if told.details else None
    return Report(key=effect.key, status=Status.UNAVAILABLE, reason=told.message, retry_after=pause)
