"""The whole life of a postmortem: what is to happen, and when.

One function per strand, each from a case to entries (at, effect), without a clock. An entry
stays until its effect has an outcome in the wanted version; the agenda tells which are due.
Read it from top to bottom: it is the story.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from domain import letters
from domain.action_items.items import all_settled, lacks_ticket, needs_ticket
from domain.asking import asked_at, asked_by, asking
from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar, after
from domain.case import ActionItem, Case, Decision, Status
from domain.customer_message import posting_allowed_at
from domain.effects import (
    PutEvent,
    ReadBusy,
    RecordDirectory,
    ReserveFolder,
    ResolveRules,
    SendToCustomers,
    Turn,
    WriteRecord,
)
from domain.entry import READ_DOCUMENT, READ_EVENT, Entry, notice
from domain.follow_up import ticket, weekly
from domain.invitation import desired_event, people_to_ask, pre_read_at, search_window
from domain.keys import fingerprint
from domain.ladders import rungs
from domain.meeting.event import DesiredEvent
from domain.people import (
    attendees,
    commander,
    customer_liaison,
    home_calendar,
    leaders_of,
    publication_lists,
    report_limit,
    usual_calendar,
)
from domain.phases import finished, had_pre_read
from domain.policy import CaseRules, Wait
from domain.readings import look_at_event, put_document
from domain.waits import Waiting, waits

A_MOMENT = timedelta(seconds=1)
"""A limit is kept until it is over."""


def life(case: Case) -> Iterator[Entry]:
    """Yield everything that lies ahead of a case, in the order of the story."""
    if case.incident is None or case.opened_at is None or case.closed_at is not None:
        return iter(())
    if case.rules is not None and not case.rules.severity.eligible:
        return iter([Entry(at=case.opened_at, effect=Turn(key="turn:close", what="close"))])
    if case.rules is None or case.directory is None:
        return preparation(case)
    return chain(
        preparation(case),
        ownership(case),
        meeting(case),
        document(case),
        pre_read(case),
        decisions(case),
        action_items(case),
        customer_message(case),
        publication(case),
        escalation(case),
        limits(case),
        closing(case),
    )


def preparation(case: Case) -> Iterator[Entry]:
    """Look the policy up and record who is who, before anything else."""
    if case.incident is None or case.opened_at is None:
        return
    rules = ResolveRules(case=case.id, severity=case.incident.severity)
    yield Entry(at=case.opened_at, effect=rules)
    yield Entry(at=case.opened_at, effect=RecordDirectory())


def ownership(case: Case) -> Iterator[Entry]:
    """Ask one candidate after the other; when nobody is left, a leader appoints."""
    if case.rules is None:
        return
    yield from _ask(case, Wait.OWNERSHIP)
    for asked in _waits(case, Wait.OWNERSHIP):
        key = f"turn:pass-over:{asked.person}"
        over = Turn(key=key, what="pass over", subject=asked.person)
        calendar = usual_calendar(case, asked.person)
        yield from _unanswered(asked_at(case, asked), case.rules.patience.ownership, calendar, over)
    yield from _ask(case, Wait.APPOINTMENT)


def meeting(case: Case) -> Iterator[Entry]:
    """Find a time and hold it from the first minute; invite when there is an owner."""
    opened, window = case.opened_at, search_window(case)
    if opened is None or window is None or case.rules is None or case.meeting.held_at is not None:
        return
    if case.meeting.start is None:
        yield _search(case, window, case.rules)
    elif case.meeting.gone_at is not None:
        yield from _deleted(case, case.meeting.gone_at, case.rules)
    elif case.rules.connected.calendar:
        at_the_latest = after(opened, case.rules.meeting.invite_after, home_calendar(case))
        invite_at = min(filter(None, (case.ownership.accepted_at, at_the_latest)))
        yield from _calendar_event(case, opened, invite_at)


def _search(case: Case, window: Interval, rules: CaseRules) -> Entry:
    version = str(case.meeting.booked)
    if rules.connected.calendar:
        search = ReadBusy(version=version, people=people_to_ask(case), within=window)
        return Entry(at=window.start, effect=search)
    choose = Turn(key="turn:choose-time", version=version, what="choose time")
    return Entry(at=window.start, effect=choose)


def _deleted(case: Case, gone_at: datetime, rules: CaseRules) -> Iterator[Entry]:
    """Ask what the deletion means: moved or cancelled? Without an answer, book again (2.5)."""
    person = case.ownership.owner or commander(case)
    asks = notice(letters.meeting_deleted(case), person, gone_at) if person else None
    if asks is not None:
        yield asks
    asked = asked_by(case, asks) if asks else gone_at
    again = Turn(key="turn:book-again", version=gone_at.isoformat(), what="book again")
    yield from _unanswered(asked, rules.patience.deleted_meeting, home_calendar(case), again)


def _calendar_event(case: Case, opened: datetime, invite_at: datetime) -> Iterator[Entry]:
    """Keep exactly one event: held without guests at first, with them from the invitation on."""
    held, inviting = desired_event(case, inviting=False), desired_event(case, inviting=True)
    if held is None or inviting is None:
        return
    yield Entry(at=opened, effect=_put(held, "hold the time"), until=invite_at)
    yield Entry(at=invite_at, effect=_put(inviting, "send the invitation"))
    if look := look_at_event(case):
        yield look


def document(case: Case) -> Iterator[Entry]:
    """Keep the document: made at once, and brought up to date after each moment."""
    if case.opened_at is None or case.rules is None or not case.rules.connected.documents:
        return
    yield Entry(at=case.opened_at, effect=ReserveFolder())
    put = put_document(case)
    if put is not None:
        yield Entry(at=case.opened_at, effect=put, last=case.done(put.key))


def pre_read(case: Case) -> Iterator[Entry]:
    """Send the document 24 hours before the meeting, even if incomplete (S0)."""
    at = pre_read_at(case)
    if at is None or not case.meeting.ahead:
        return
    letter = letters.pre_read(case)
    for attendee in attendees(case):
        entry = notice(letter, attendee.person, at, version=str(case.meeting.booked))
        if not had_pre_read(case, case.ledger.get(entry.effect.key)):
            yield entry.replace(after=(READ_EVENT, READ_DOCUMENT), until=case.meeting.start)


def decisions(case: Case) -> Iterator[Entry]:
    """After the meeting: ask what it decided, then the owning teams whether they agree."""
    if case.rules is None:
        return
    for asks in _ask(case, Wait.MEETING_OUTCOME, Wait.DECISIONS):
        yield asks.replace(after=(READ_EVENT, READ_DOCUMENT))
    for asked in _waits(case, Wait.DECISIONS):
        version = asked.since.isoformat()
        drop = Turn(key="turn:undecided", version=version, what="drop undecided")
        patience = case.rules.patience.decisions
        yield from _unanswered(asked_at(case, asked), patience, home_calendar(case), drop)
    yield from _ask(case, Wait.CONFIRMATION)
    for item in case.items:
        if item.unconfirmed and item.decision is not None:
            yield from _cool_down(case, item, item.decision, case.rules)


def _cool_down(
    case: Case, item: ActionItem, decision: Decision, rules: CaseRules
) -> Iterator[Entry]:
    """Take silence for a yes only where a leader of the owning team committed to it (2.3).

    Otherwise the item is dropped after another cool-down.
    """
    calendar, cool_down = home_calendar(case), rules.action_items.cool_down
    asked = (each for each in _waits(case, Wait.CONFIRMATION) if item.id in each.about.split())
    team = next(asked, None)
    since = asked_at(case, team) if team else decision.at
    version = decision.at.isoformat()
    if decision.committed_by in leaders_of(case, item.team):
        key = f"turn:confirm:{item.id}"
        turn = Turn(key=key, version=version, what="confirm by default", subject=item.id)
    else:
        key = f"turn:unconfirmed:{item.id}"
        turn = Turn(key=key, version=version, what="drop unconfirmed", subject=item.id)
        since = after(since, cool_down, calendar) if since else None
    yield from _unanswered(since, cool_down, calendar, turn)


def action_items(case: Case) -> Iterator[Entry]:
    """Open one ticket per confirmed item, then ask weekly about what nobody touches."""
    if case.rules is None or not case.rules.connected.issues:
        return
    for item in case.items:
        if lacks_ticket(case, item) and item.confirmation is not None:
            yield Entry(at=item.confirmation.at, effect=ticket(case, item))
    if case.published_at is not None:
        yield from weekly(case)


def customer_message(case: Case) -> Iterator[Entry]:
    """Get exactly one text approved by the liaison, hold it back, then let it out."""
    if case.rules is None or not case.rules.severity.external_message or case.message.finished:
        return
    yield from _ask(case, Wait.MESSAGE_DRAFT)
    if all_settled(case):
        yield from _approval(case)
        yield from _release(case)
    yield from _ask(case, Wait.DELIVERY)


def _approval(case: Case) -> Iterator[Entry]:
    """Ask the liaison once every proposal has its verdict and its team's answer (S0)."""
    message, request = case.message, case.message.approval
    if message.drafted_at is None or case.decided_at is None or customer_liaison(case) is None:
        return
    if request is None:
        turn = Turn(key=f"turn:approval:{len(message.approvals) + 1}", what="request approval")
        yield Entry(at=max(message.drafted_at, case.decided_at), effect=turn)
    else:
        yield from _ask(case, Wait.APPROVAL)


def _release(case: Case) -> Iterator[Entry]:
    """Tell who could stop it, wait out the hold-back, then hand it over."""
    request, text = case.message.approval, case.message.text
    approved_at, allowed = case.message.approved_at, posting_allowed_at(case)
    if case.rules is None or request is None or text is None:
        return
    if approved_at is None or allowed is None:
        return
    rules = case.rules.message
    mailed = rules.channel == "mail"
    told = (case.ownership.owner, commander(case), request.liaison if mailed else None)
    for person in dict.fromkeys(filter(None, told)):
        yield notice(letters.approved(case), person, approved_at)
    if not mailed:
        yield from _ask(case, Wait.POSTING)
    elif rules.mailing_list is not None:
        digest = request.digest
        send = SendToCustomers(version=digest, to=rules.mailing_list, text=text, digest=digest)
        yield Entry(at=allowed, effect=send)


def publication(case: Case) -> Iterator[Entry]:
    """Publish when all is settled and ticketed; a tracker that is away delays it only so long."""
    if case.rules is None or case.incident is None or case.decided_at is None:
        return
    if not all_settled(case) and case.published_at is None:
        return
    at = max([case.decided_at, *_settled_and_ticketed_at(case)])
    if any(needs_ticket(case, item) and item.issue is None for item in case.items):
        at = max(at, report_limit(case) or at)
    for to in publication_lists(case):
        # A list that refused gets its report after a retry, however late.
        yield notice(letters.published(case), to, at, version="1").replace(after=(READ_DOCUMENT,))


def escalation(case: Case) -> Iterator[Entry]:
    """Climb the ladder of everything that waits: remind once, then tell the next one once.

    Steps by hand belong to no strand, so they are asked for here.
    """
    yield from _ask(case, Wait.STEP)
    for waiting in waits(case):
        yield from rungs(case, waiting)


def limits(case: Case) -> Iterator[Entry]:
    """Look up when a limit of the policy has passed, so that operations see who is late."""
    by = report_limit(case)
    passing = {
        "meeting": case.meeting.limit if case.meeting.held_at is None else None,
        "report": by if case.published_at is None else None,
    }
    for what, limit in passing.items():
        if limit is not None:
            late = Turn(key=f"turn:late:{what}", version=limit.isoformat(), what="pass a limit")
            yield Entry(at=limit + A_MOMENT, effect=late)


def closing(case: Case) -> Iterator[Entry]:
    """Write the record when the report is out, and again at the very end; then close."""
    if case.published_at is None or not _document_is_current(case):
        return
    version = "closed" if finished(case) else "published"
    record = WriteRecord(version=version)
    yield Entry(at=case.published_at, effect=record, last=True)
    written = case.ledger.get(record.key)
    kept = written is not None and written.version == version and written.status is Status.DONE
    if finished(case) and written is not None and kept:
        yield Entry(at=written.at, effect=Turn(key="turn:close", what="close"))


def _waits(case: Case, *what: Wait) -> tuple[Waiting, ...]:
    return tuple(each for each in waits(case) if each.what in what)


def _ask(case: Case, *what: Wait) -> Iterator[Entry]:
    return filter(None, (asking(case, waiting) for waiting in _waits(case, *what)))


def _unanswered(
    asked: datetime | None, patience: Span, calendar: WorkCalendar, turn: Turn
) -> Iterator[Entry]:
    """Let the case go on by itself when a person's patience is over; it begins when asked."""
    if asked is not None:
        yield Entry(at=after(asked, patience, calendar), effect=turn)


def _put(event: DesiredEvent, about: str) -> PutEvent:
    return PutEvent(version=fingerprint(event), about=about, event=event)


def _document_is_current(case: Case) -> bool:
    """Tell whether the document says what it should, or nobody can make it say so now."""
    put = put_document(case)
    known = case.ledger.get(put.key) if put else None
    if put is None or known is None or known.status is Status.REFUSED:
        return True
    return known.status is Status.DONE and known.version == put.version


def _settled_and_ticketed_at(case: Case) -> Iterator[datetime]:
    for item in case.items:
        opened = case.ledger.get(f"issue:{item.id}")
        moments = (
            item.decision.at if item.decision else None,
            item.confirmation.at if item.confirmation else None,
            opened.at if opened else None,
        )
        yield from filter(None, moments)
