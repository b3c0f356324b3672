"""The record of a case: what reports read when its history is gone."""

from datetime import datetime

from pydantic import AwareDatetime

from domain.calendar.working_time import after, before
from domain.case import ActionItem, Approval, Case, Outcome, Phase
from domain.document import decisions
from domain.engine.value import Value
from domain.incident import Incident, PersonId
from domain.people import home_calendar, report_limit
from domain.phases import phase, pre_read_sent_at


class Promise(Value):
    """What the policy asks for, and when it happened."""

    what: str
    by: AwareDatetime | None
    done_at: AwareDatetime | None


class Record(Value):
    """Everything worth keeping of one case; JSON, UTC instants."""

    case: str
    revision: int
    phase: Phase
    incident: Incident
    owner: PersonId | None
    facilitator: PersonId | None
    meeting_url: str
    document_url: str
    promises: tuple[Promise, ...]
    items: tuple[ActionItem, ...]
    decisions: tuple[str, ...]
    approvals: tuple[Approval, ...]
    message_digest: str
    message_posted_url: str
    notices: dict[str, Outcome]
    anomalies: tuple[str, ...]


def record(case: Case) -> str:
    """Return the case's record as JSON text.

    Raises:
        LookupError: the case never had an incident.
    """
    if case.incident is None:
        raise LookupError("A case without an incident leaves no record.")
    text = case.message.text
    kept = Record(
        case=case.id,
        revision=case.rules.revision if case.rules else 1,
        phase=phase(case),
        incident=case.incident,
        owner=case.ownership.owner,
        facilitator=case.meeting.facilitator,
        meeting_url=case.meeting.url,
        document_url=case.document.url,
        promises=promises(case),
        items=case.items,
        decisions=decisions(case),
        approvals=case.message.approvals,
        message_digest=text.digest if text else "",
        message_posted_url=case.message.posted_url,
        notices={key: each for key, each in case.ledger.items() if key.startswith("notice:")},
        anomalies=tuple(each.text for each in case.anomalies),
    )
    return kept.model_dump_json(indent=2)


def promises(case: Case) -> tuple[Promise, ...]:
    """Return the policy's limits beside what happened, in the order of the life."""
    if case.incident is None or case.rules is None:
        return ()
    calendar, rules, start = home_calendar(case), case.rules, case.meeting.start
    pre_read_by = before(start, rules.meeting.pre_read_before, calendar) if start else None
    confirm_by = _confirm_by(case)
    confirmed = [item.confirmation.at for item in case.items if item.confirmation]
    found = [
        Promise(what="meeting held", by=case.meeting.limit, done_at=case.meeting.held_at),
        Promise(what="pre-read sent", by=pre_read_by, done_at=pre_read_sent_at(case)),
        Promise(what="action items confirmed", by=confirm_by, done_at=max(confirmed, default=None)),
        Promise(what="report published", by=report_limit(case), done_at=case.published_at),
    ]
    if rules.severity.external_message:
        posted = case.message.posted_at
        found.append(Promise(what="customer message sent", by=None, done_at=posted))
    found += [
        Promise(what=f"{item.id} done", by=_end_of(case, item), done_at=item.done_at)
        for item in case.items
        if item.issue is not None
    ]
    return tuple(found)


def _confirm_by(case: Case) -> datetime | None:
    decided = [item.decision.at for item in case.items if item.accepted and item.decision]
    if not decided or case.rules is None:
        return None
    return after(max(decided), case.rules.action_items.cool_down, home_calendar(case))


def _end_of(case: Case, item: ActionItem) -> datetime | None:
    return home_calendar(case).closes_at(item.due) if item.due else None
