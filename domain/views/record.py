"""The record of a case: what reports read when its history is gone."""

from datetime import datetime

from pydantic import AwareDatetime

from domain.action_items.state import ActionItem
from domain.case import Case, Phase
from domain.customer_message.state import Approval
from domain.engine.clock import ahead_of, due_at
from domain.engine.journal import Anomaly, Line
from domain.engine.ledger import Outcome
from domain.engine.value import PersonId, Value
from domain.incident import Incident
from domain.moments import meeting_limit, pre_read_sent_at, report_limit
from domain.people import home_calendar
from domain.phases import phase
from domain.preparation.facts import DecisionFacts
from domain.proposals import decision_facts
from domain.steering.state import Steering


class Promise(Value):
    """What the policy asks for, and when it happened; of an item, which one."""

    what: str
    item: str = ""
    by: AwareDatetime | None
    done_at: AwareDatetime | None


class Record(Value):
    """Everything worth keeping of one case; JSON, UTC instants.

    `journal` holds what the case still carries; the archive keeps earlier lines from before.
    """

    case: str
    revision: int
    phase: Phase
    incident: Incident
    owner: PersonId | None
    facilitator: PersonId | None
    meeting_url: str
    meeting_note: str
    meeting_waived: str
    facts_agreed: bool | None
    document_url: str
    promises: tuple[Promise, ...]
    items: tuple[ActionItem, ...]
    decisions: tuple[DecisionFacts, ...]
    approvals: tuple[Approval, ...]
    message_digest: str
    message_posted_url: str
    notices: dict[str, Outcome]
    anomalies: tuple[Anomaly, ...]
    steering: Steering
    journal: tuple[Line, ...]


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
        revision=case.revision,
        phase=phase(case),
        incident=case.incident,
        owner=case.ownership.owner,
        facilitator=case.meeting.facilitator,
        meeting_url=case.meeting.url,
        meeting_note=case.meeting.note,
        meeting_waived=case.meeting.waived,
        facts_agreed=case.meeting.facts_agreed,
        document_url=case.document.url,
        promises=promises(case),
        items=case.items,
        decisions=decision_facts(case),
        approvals=case.message.approvals,
        message_digest=text.digest if text else "",
        message_posted_url=case.message.posted_url,
        notices={key: each for key, each in case.ledger.items() if key.startswith("notice:")},
        anomalies=case.anomalies,
        steering=case.steering,
        journal=case.journal,
    )
    return kept.model_dump_json(indent=2)


def promises(case: Case) -> tuple[Promise, ...]:
    """Return the policy's limits beside what happened, in the order of the life."""
    if case.incident is None or case.rules is None:
        return ()
    calendar, rules, start = home_calendar(case), case.rules, case.meeting.start
    pre_read_by = ahead_of(start, rules.meeting.pre_read_before, calendar) if start else None
    confirm_by = _confirm_by(case)
    held_at = None if case.meeting.waived else case.meeting.held_at
    confirmed = [item.confirmation.at for item in case.items if item.confirmation]
    found = [
        Promise(what="meeting held", by=meeting_limit(case), done_at=held_at),
        Promise(what="pre-read sent", by=pre_read_by, done_at=pre_read_sent_at(case)),
        Promise(what="action items confirmed", by=confirm_by, done_at=max(confirmed, default=None)),
        Promise(what="report published", by=report_limit(case), done_at=case.published_at),
    ]
    if case.wants_message:
        posted = case.message.posted_at
        found.append(Promise(what="customer message sent", by=None, done_at=posted))
    found += [
        Promise(what="item done", item=item.id, by=_end_of(case, item), done_at=item.done_at)
        for item in case.items
        if item.issue is not None
    ]
    return tuple(found)


def _confirm_by(case: Case) -> datetime | None:
    decided = [item.decision.at for item in case.items if item.accepted and item.decision]
    if not decided or case.rules is None:
        return None
    cool_down = case.rules.action_items.cool_down
    return due_at(max(decided), cool_down, home_calendar(case), case.holds)


def _end_of(case: Case, item: ActionItem) -> datetime | None:
    return home_calendar(case).closes_at(item.due) if item.due else None
