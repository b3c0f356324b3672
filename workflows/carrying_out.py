"""Effects handed to activities, and what came of them: one activity per kind and moment."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.documents import DocumentActivities
    from activities.issues import IssueActivities, OpenIssues
    from activities.mail import CustomerMailing, MailActivities, mailing
    from activities.meetings import MeetingActivities
    from activities.records import RecordActivities, RecordOf
    from activities.rules import RuleActivities
    from domain.case import Case
    from domain.engine.ledger import Status
    from domain.engine.effect import Effect
    from domain.action_items.effects import OpenIssue, ReadIssues
    from domain.preparation.effects import PutDocument, ReserveFolder
    from domain.meeting.effects import PutEvent, ReadBusy, ReadEvent
    from domain.intake.effects import RecordDirectory, ResolveRules
    from domain.engine.notice import SendNotice
    from domain.customer_message.effects import SendToCustomers
    from domain.publication.subject import WriteRecord
    from domain.engine.ledger import Report
    from domain.views.record import record
    from workflows.options import once, outside

Carried = tuple[Effect, Report, BaseModel | None]
"""An effect, what an activity says of it, and what it brought back."""


async def carry_out(case: Case, effects: Sequence[Effect], now: datetime) -> list[Carried]:
    """Carry out, together, everything that is due now; an outcome for each, no exception."""
    notices = tuple(each for each in effects if isinstance(each, SendNotice))
    tickets = tuple(each for each in effects if isinstance(each, OpenIssue))
    single = [each for each in effects if not isinstance(each, SendNotice | OpenIssue)]
    moments: list[Awaitable[list[Carried]]] = [_one(case, each, now) for each in single]
    if notices:
        moments.append(_notices(case, notices, now))
    if tickets:
        moments.append(_tickets(tickets))
    return [carried for moment in await asyncio.gather(*moments) for carried in moment]


async def _one(case: Case, effect: Effect, now: datetime) -> list[Carried]:
    try:
        value = await _started(case, effect, now)
    except ActivityError as error:
        return [(effect, _failure(effect, error), None)]
    if isinstance(value, Report):
        return [(effect, value, None)]
    return [(effect, Report(key=effect.key), value)]


def _started(  # noqa: C901 - one case per effect
    case: Case, effect: Effect, now: datetime
) -> Awaitable[Any]:
    start = workflow.start_activity_method
    options = outside(effect.about)
    match effect:
        case ResolveRules():
            return start(RuleActivities.resolve_rules, effect, **options)
        case RecordDirectory():
            return start(RuleActivities.record_directory, now, **options)
        case ReadBusy():
            return start(MeetingActivities.read_busy_times, effect, **options)
        case PutEvent():
            return start(MeetingActivities.put_event, effect, **options)
        case ReadEvent():
            return start(MeetingActivities.read_event, effect, **options)
        case ReserveFolder():
            return start(DocumentActivities.reserve_folder, **options)
        case PutDocument():
            return start(DocumentActivities.put_document, effect, **options)
        case ReadIssues():
            return start(IssueActivities.read_issues, effect, **options)
        case SendToCustomers():
            wanted = CustomerMailing(case=case.id, at=now, send=effect)
            return start(MailActivities.send_to_customers, wanted, **once(effect.about))
        case WriteRecord():
            return start(RecordActivities.write_record, _record(case), **options)
        case _:
            raise NotImplementedError(type(effect).__name__)


async def _notices(case: Case, notices: tuple[SendNotice, ...], now: datetime) -> list[Carried]:
    kinds = ", ".join(sorted({each.about for each in notices}))
    try:
        mailed = await workflow.execute_activity_method(
            MailActivities.send_notices,
            mailing(case.id, now, notices),
            **outside(f"mail: {kinds}"),
        )
    except ActivityError as error:
        return [(each, _failure(each, error), None) for each in notices]
    reports = {each.key: each for each in mailed.reports}
    return [(each, reports[each.key], None) for each in notices]


async def _tickets(tickets: tuple[OpenIssue, ...]) -> list[Carried]:
    about = ", ".join(each.item for each in tickets)
    try:
        opened = await workflow.execute_activity_method(
            IssueActivities.find_or_open_issues,
            OpenIssues(wanted=tickets),
            **outside(f"open tickets: {about}"),
        )
    except ActivityError as error:
        return [(each, _failure(each, error), None) for each in tickets]
    found = {each.report.key: each for each in opened.opened}
    return [(each, found[each.key].report, found[each.key].issue) for each in tickets]


def _failure(effect: Effect, error: ActivityError) -> Report:
    """Say what an activity's failure means: refused, or to be tried again, or unknown."""
    cause = error.cause
    told = cause if isinstance(cause, ApplicationError) else ApplicationError("no answer in time")
    if isinstance(effect, SendToCustomers):
        # A worker that died on the way may have sent it: only a person can tell.
        return Report(key=effect.key, status=Status.UNKNOWN, reason=told.message)
    if told.type not in ("Unavailable", "Throttled", "Ambiguous", None):
        return Report(key=effect.key, status=Status.REFUSED, reason=told.message)
    pause = timedelta(seconds=float(told.details[0])) if told.details else None
    return Report(key=effect.key, status=Status.UNAVAILABLE, reason=told.message, retry_after=pause)


def _record(case: Case) -> RecordOf:
    return RecordOf(
        case=case.id,
        revision=case.rules.revision if case.rules else 1,
        record=record(case),
        document_id=case.document.document_id,
    )
