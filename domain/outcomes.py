"""What a case learns from an effect: the outcome in its ledger, and the fact behind it."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from domain.action_items.items import due_day, with_table
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.case import Case, Outcome, Status
from domain.effects import (
    Effect,
    OpenIssue,
    PutDocument,
    PutEvent,
    ReadBusy,
    ReadEvent,
    ReadIssues,
    RecordDirectory,
    ReserveFolder,
    ResolveRules,
    SendNotice,
    SendToCustomers,
    WriteRecord,
)
from domain.engine.anomalies import with_anomaly
from domain.engine.value import Value
from domain.invitation import best_slots, event_key, meeting_limit
from domain.meeting.event import ObservedEvent, Response
from domain.meetings import begun, moved
from domain.owners import with_owner
from domain.people import chosen_facilitator, publication_lists, ranked_candidates
from domain.policy import CaseRules
from domain.preparation.document import ObservedDocument

WAITS_AFTER_TRIES = (1, 5, 15, 60)
"""Minutes until an effect whose system is away is tried again; the last one repeats."""

SOONEST, LATEST = timedelta(seconds=1), timedelta(days=1)
"""Between which a vendor's own word on when to come back is taken."""

YEARS_BELIEVED = range(2000, 2200)
"""A due day or a working time outside of these is a slip of the pen, and counts as none."""


class Busy(Value):
    """When people are busy; who is absent is unknown."""

    times: dict[str, tuple[Interval, ...]]


class Folder(Value):
    """The id under which the document's folder is made."""

    id: str


class Issues(Value):
    """Tickets as they stand."""

    found: tuple[ObservedIssue, ...]


Answers = (
    CaseRules
    | DirectorySnapshot
    | Busy
    | ObservedEvent
    | Folder
    | ObservedDocument
    | ObservedIssue
    | Issues
    | None
)


class Report(Value):
    """What an activity says of one effect."""

    key: str
    status: Status = Status.DONE
    reason: str = ""
    retry_after: timedelta | None = None


def note(
    case: Case, effect: Effect, report: Report, value: BaseModel | None, now: datetime
) -> Case:
    """Return the case with an effect's outcome noted, and what it taught taken in."""
    case = case.replace(ledger={**case.ledger, effect.key: _outcome(case, effect, report, now)})
    # A ticket is known from the moment it is there, even if its link is not.
    if report.status is Status.DONE or isinstance(value, ObservedIssue):
        case = _learn(case, effect, value, now)
    return _published(case, effect, now)


def _outcome(case: Case, effect: Effect, report: Report, now: datetime) -> Outcome:
    before = case.ledger.get(effect.key)
    away = report.status is Status.UNAVAILABLE
    again = before is not None and before.status is Status.UNAVAILABLE
    tries = before.tries + 1 if before is not None and away and again else 1
    pause = timedelta(minutes=WAITS_AFTER_TRIES[min(tries, len(WAITS_AFTER_TRIES)) - 1])
    if report.retry_after is not None:
        pause = min(max(report.retry_after, SOONEST), LATEST)
    return Outcome(
        version=effect.version,
        status=report.status,
        at=now,
        tries=tries,
        again_at=_full_minute(now + pause) if away else None,
        reason=report.reason,
    )


def _full_minute(instant: datetime) -> datetime:
    """Round up to a minute, so that what waits for the same system is tried together."""
    return instant + (-(instant - datetime.min.replace(tzinfo=UTC)) % timedelta(minutes=1))


def _learn(  # noqa: C901 - one case per effect
    case: Case, effect: Effect, value: BaseModel | None, now: datetime
) -> Case:
    match effect, value:
        case (ResolveRules(), CaseRules() as rules):
            return _people_known(case.replace(rules=rules), now)
        case (RecordDirectory(), DirectorySnapshot() as snapshot):
            return _people_known(case.replace(directory=snapshot), now)
        case (ReadBusy(), Busy() as busy):
            return with_time(case, busy.times, now)
        case (PutEvent(event=event), ObservedEvent() as seen) if event.key == event_key(case):
            invited = tuple(each.person for each in event.attendees)
            meeting = case.meeting.replace(invited=invited or case.meeting.invited)
            believed = Interval(start=event.start, end=event.end)
            return _event_seen(case.replace(meeting=meeting), seen, believed, now)
        case (ReadEvent(event_key=key), ObservedEvent() as seen) if key == event_key(case):
            return _event_seen(case, seen, effect.believed, now)
        case (ReserveFolder(), Folder() as folder):
            return case.replace(document=case.document.replace(folder_id=folder.id))
        case (PutDocument(), ObservedDocument() as seen):
            return _document_seen(case, seen, now)
        case (OpenIssue(item=item_id), ObservedIssue() as issue):
            return _ticketed(case, item_id, issue, now)
        case (ReadIssues(), Issues() as issues):
            for issue in issues.found:
                case = ticket_seen(case, issue, now)
            return case
        case _:
            return _simply_done(case, effect, now)


def _people_known(case: Case, now: datetime) -> Case:
    """Rank candidates and pick a facilitator once; later snapshots change neither."""
    if case.ownership.nominated_at is not None or case.rules is None or case.directory is None:
        return case
    candidates = ranked_candidates(case)
    case = case.replace(ownership=case.ownership.replace(candidates=candidates, nominated_at=now))
    case = case.replace(meeting=case.meeting.replace(facilitator=chosen_facilitator(case)))
    window = meeting_limit(case)
    return case.replace(meeting=case.meeting.replace(limit=window.end if window else None))


def with_time(case: Case, busy: dict[str, tuple[Interval, ...]], now: datetime) -> Case:
    """Return the case with the best time held for its meeting, unless somebody chose one."""
    if case.meeting.start is not None:
        return case
    slots = best_slots(case, busy, now)
    if not slots:
        return with_anomaly(
            case, "No time for the meeting was found: choose one with move_meeting.", now
        )
    best = slots[0]
    meeting = case.meeting.replace(slots=slots)
    return case.replace(meeting=begun(meeting, best.start, best.end, now))


def _event_seen(case: Case, seen: ObservedEvent, believed: Interval | None, now: datetime) -> Case:
    """Follow what people did in the calendar; the time that it had already changes nothing.

    Meanwhile somebody may have moved the meeting on the page: that stands, since the calendar
    is only behind.
    """
    start = case.meeting.start
    case = case.replace(meeting=case.meeting.replace(read_at=now, changed_at=None))
    if not seen.exists and start is not None and now < start:
        text = "The calendar event was deleted by hand; the owner is asked what that means."
        return with_anomaly(case.replace(meeting=case.meeting.replace(gone_at=now)), text, now)
    if not seen.exists:
        return case
    meeting = case.meeting.replace(
        url=seen.url,
        conference_url=seen.conference_url,
        responses=seen.responses,
    )
    case = case.replace(meeting=meeting)
    if seen.start is not None and seen.end is not None:
        there = Interval(start=seen.start, end=seen.end)
        case = case.replace(meeting=case.meeting.replace(in_calendar=there))
        if there != believed:
            case = _moved_by_hand(case, there, now)
    nominee = case.ownership.nominee
    if nominee is not None and seen.responses.get(nominee) is Response.ACCEPTED:
        case = with_owner(case, nominee, now)
    return case


def _moved_by_hand(case: Case, there: Interval, now: datetime) -> Case:
    if case.directory is None or not case.directory.covers(there.start):
        return with_anomaly(
            case, "The event was moved beyond every known calendar; nothing follows.", now
        )
    return moved(case, there.start, there.end, "calendar", now)


def _document_seen(case: Case, seen: ObservedDocument, now: datetime) -> Case:
    known = case.document.replace(
        document_id=seen.document_id,
        url=seen.url,
        empty_sections=seen.empty_sections,
        read_at=now,
    )
    case = _repaired(with_table(case.replace(document=known), seen.rows, now), seen.repaired, now)
    nominee = case.ownership.nominee
    return with_owner(case, nominee, now) if nominee and nominee in seen.editors else case


def _ticketed(case: Case, item_id: str, issue: ObservedIssue, now: datetime) -> Case:
    item = case.item(item_id)
    if item is None or item.decision is None:
        return case
    if item.issue is not None and item.issue.key == issue.key:
        # Only its link was made; the ticket may have gone on meanwhile.
        return case.with_item(item.replace(issue=item.issue.replace(unlinked=issue.unlinked)))
    issue = _believable(issue, now)
    due = issue.due or due_day(case, item.decision.at)
    case = _repaired(case, issue.repaired, now)
    return case.with_item(item.replace(issue=issue.replace(repaired=""), due=due))


def _repaired(case: Case, text: str, now: datetime) -> Case:
    """Note once what an adapter had to mend: operations may want to look."""
    known = any(each.text == text for each in case.anomalies)
    return case if known or not text else with_anomaly(case, text, now)


def ticket_seen(case: Case, issue: ObservedIssue, now: datetime) -> Case:
    """Return the case with one of its tickets as the tracker has it."""
    for item in case.items:
        if item.issue is not None and item.issue.key == issue.key:
            case = _repaired(case, issue.repaired, now)
            url, unlinked = issue.url or item.issue.url, item.issue.unlinked
            seen = _believable(issue.replace(url=url, unlinked=unlinked, repaired=""), now)
            done_at = None if seen.state is IssueState.OPEN else item.done_at or now
            return case.with_item(
                item.replace(issue=seen, due=seen.due or item.due, done_at=done_at)
            )
    return case


def _believable(issue: ObservedIssue, now: datetime) -> ObservedIssue:
    """Leave out dates that no calendar reaches; nobody works on a ticket in the future."""
    due, touched = issue.due, issue.touched_at
    touched = min(touched, now) if touched and touched.year in YEARS_BELIEVED else None
    due = due if due and due.year in YEARS_BELIEVED else None
    return issue.replace(due=due, touched_at=touched)


def _simply_done(case: Case, effect: Effect, now: datetime) -> Case:
    match effect:
        case SendNotice(nags=True, to=to):
            return case.replace(reminded={**case.reminded, to: now})
        case SendToCustomers():
            return case.replace(message=case.message.replace(posted_at=now))
        case WriteRecord():
            return case.replace(recorded_at=now)
        case _:
            return case


def _published(case: Case, effect: Effect, now: datetime) -> Case:
    """The report is published once every list has it or refuses it, and at least one has it."""
    published = isinstance(effect, SendNotice) and effect.letter.kind == "published"
    if not published or case.published_at is not None:
        return case
    outcomes = [case.ledger.get(f"notice:published:{to}") for to in publication_lists(case)]
    waiting = any(each is None or each.status is Status.UNAVAILABLE for each in outcomes)
    arrived = any(each is not None and each.status is Status.DONE for each in outcomes)
    return case.replace(published_at=now) if arrived and not waiting else case
