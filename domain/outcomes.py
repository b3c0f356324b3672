"""What a case learns from an effect: the outcome in its ledger, and the fact behind it."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from domain.action_items import due_day, with_table
from domain.almanac import Almanac
from domain.case import Case, Outcome, Status
from domain.effects import (
    Effect,
    OpenIssue,
    PutDocument,
    PutEvent,
    ReadBusy,
    ReadEvent,
    ReadIssues,
    RecordAlmanac,
    ReserveFolder,
    ResolveRules,
    SendNotice,
    SendToCustomers,
    WriteRecord,
)
from domain.frozen import Frozen
from domain.invitation import best_slots, event_key, meeting_limit
from domain.meetings import begun, moved
from domain.oddities import odd
from domain.outside import (
    DocumentReading,
    EventReading,
    Interval,
    IssueReading,
    IssueState,
    Response,
)
from domain.owners import with_owner
from domain.people import chosen_facilitator, publication_lists, ranked_candidates
from domain.policy import CaseRules

WAITS_AFTER_TRIES = (1, 5, 15, 60)
"""Minutes until an effect whose system is away is tried again; the last one repeats."""

SOONEST, LATEST = timedelta(seconds=1), timedelta(days=1)
"""Between which a vendor's own word on when to come back is taken."""

YEARS_BELIEVED = range(2000, 2200)
"""A due day or a working time outside of these is a slip of the pen, and counts as none."""


class Busy(Frozen):
    """When people are busy; who is absent is unknown."""

    times: dict[str, tuple[Interval, ...]]


class Folder(Frozen):
    """The id under which the document's folder is made."""

    id: str


class Issues(Frozen):
    """Tickets as they stand."""

    found: tuple[IssueReading, ...]


Value = (
    CaseRules
    | Almanac
    | Busy
    | EventReading
    | Folder
    | DocumentReading
    | IssueReading
    | Issues
    | None
)


class Report(Frozen):
    """What an activity says of one effect."""

    key: str
    status: Status = Status.DONE
    reason: str = ""
    retry_after: timedelta | None = None


def note(
    case: Case, effect: Effect, report: Report, value: BaseModel | None, now: datetime
) -> Case:
    """Return the case with an effect's outcome noted, and what it taught taken in."""
    case = case.but(ledger={**case.ledger, effect.key: _outcome(case, effect, report, now)})
    # A ticket is known from the moment it is there, even if its link is not.
    if report.status is Status.DONE or isinstance(value, IssueReading):
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
            return _people_known(case.but(rules=rules), now)
        case (RecordAlmanac(), Almanac() as almanac):
            return _people_known(case.but(almanac=almanac), now)
        case (ReadBusy(), Busy() as busy):
            return with_time(case, busy.times, now)
        case (PutEvent(event=event), EventReading() as seen) if event.key == event_key(case):
            invited = tuple(each.person for each in event.attendees)
            meeting = case.meeting.but(invited=invited or case.meeting.invited)
            believed = Interval(start=event.start, end=event.end)
            return _event_seen(case.but(meeting=meeting), seen, believed, now)
        case (ReadEvent(event_key=key), EventReading() as seen) if key == event_key(case):
            return _event_seen(case, seen, effect.believed, now)
        case (ReserveFolder(), Folder() as folder):
            return case.but(document=case.document.but(folder_id=folder.id))
        case (PutDocument(), DocumentReading() as seen):
            return _document_seen(case, seen, now)
        case (OpenIssue(item=item_id), IssueReading() as issue):
            return _ticketed(case, item_id, issue, now)
        case (ReadIssues(), Issues() as issues):
            for issue in issues.found:
                case = ticket_seen(case, issue, now)
            return case
        case _:
            return _simply_done(case, effect, now)


def _people_known(case: Case, now: datetime) -> Case:
    """Rank candidates and pick a facilitator once; later almanacs change neither."""
    if case.ownership.nominated_at is not None or case.rules is None or case.almanac is None:
        return case
    candidates = ranked_candidates(case)
    case = case.but(ownership=case.ownership.but(candidates=candidates, nominated_at=now))
    case = case.but(meeting=case.meeting.but(facilitator=chosen_facilitator(case)))
    window = meeting_limit(case)
    return case.but(meeting=case.meeting.but(limit=window.end if window else None))


def with_time(case: Case, busy: dict[str, tuple[Interval, ...]], now: datetime) -> Case:
    """Return the case with the best time held for its meeting, unless somebody chose one."""
    if case.meeting.start is not None:
        return case
    slots = best_slots(case, busy, now)
    if not slots:
        return odd(case, "No time for the meeting was found: choose one with move_meeting.", now)
    best = slots[0]
    meeting = case.meeting.but(slots=slots)
    return case.but(meeting=begun(meeting, best.start, best.end, now))


def _event_seen(case: Case, seen: EventReading, believed: Interval | None, now: datetime) -> Case:
    """Follow what people did in the calendar; the time that it had already changes nothing.

    Meanwhile somebody may have moved the meeting on the page: that stands, since the calendar
    is only behind.
    """
    start = case.meeting.start
    case = case.but(meeting=case.meeting.but(read_at=now, changed_at=None))
    if not seen.exists and start is not None and now < start:
        text = "The calendar event was deleted by hand; the owner is asked what that means."
        return odd(case.but(meeting=case.meeting.but(gone_at=now)), text, now)
    if not seen.exists:
        return case
    meeting = case.meeting.but(
        url=seen.url,
        conference_url=seen.conference_url,
        responses=seen.responses,
    )
    case = case.but(meeting=meeting)
    if seen.start is not None and seen.end is not None:
        there = Interval(start=seen.start, end=seen.end)
        case = case.but(meeting=case.meeting.but(in_calendar=there))
        if there != believed:
            case = _moved_by_hand(case, there, now)
    nominee = case.ownership.nominee
    if nominee is not None and seen.responses.get(nominee) is Response.ACCEPTED:
        case = with_owner(case, nominee, now)
    return case


def _moved_by_hand(case: Case, there: Interval, now: datetime) -> Case:
    if case.almanac is None or not case.almanac.covers(there.start):
        return odd(case, "The event was moved beyond every known calendar; nothing follows.", now)
    return moved(case, there.start, there.end, "calendar", now)


def _document_seen(case: Case, seen: DocumentReading, now: datetime) -> Case:
    known = case.document.but(
        document_id=seen.document_id,
        url=seen.url,
        empty_sections=seen.empty_sections,
        read_at=now,
    )
    case = _repaired(with_table(case.but(document=known), seen.rows, now), seen.repaired, now)
    nominee = case.ownership.nominee
    return with_owner(case, nominee, now) if nominee and nominee in seen.editors else case


def _ticketed(case: Case, item_id: str, issue: IssueReading, now: datetime) -> Case:
    item = case.item(item_id)
    if item is None or item.decision is None:
        return case
    if item.issue is not None and item.issue.key == issue.key:
        # Only its link was made; the ticket may have gone on meanwhile.
        return case.with_item(item.but(issue=item.issue.but(unlinked=issue.unlinked)))
    issue = _believable(issue, now)
    due = issue.due or due_day(case, item.decision.at)
    case = _repaired(case, issue.repaired, now)
    return case.with_item(item.but(issue=issue.but(repaired=""), due=due))


def _repaired(case: Case, text: str, now: datetime) -> Case:
    """Note once what an adapter had to mend: operations may want to look."""
    known = any(each.text == text for each in case.oddities)
    return case if known or not text else odd(case, text, now)


def ticket_seen(case: Case, issue: IssueReading, now: datetime) -> Case:
    """Return the case with one of its tickets as the tracker has it."""
    for item in case.items:
        if item.issue is not None and item.issue.key == issue.key:
            case = _repaired(case, issue.repaired, now)
            url, unlinked = issue.url or item.issue.url, item.issue.unlinked
            seen = _believable(issue.but(url=url, unlinked=unlinked, repaired=""), now)
            done_at = None if seen.state is IssueState.OPEN else item.done_at or now
            return case.with_item(item.but(issue=seen, due=seen.due or item.due, done_at=done_at))
    return case


def _believable(issue: IssueReading, now: datetime) -> IssueReading:
    """Leave out dates that no calendar reaches; nobody works on a ticket in the future."""
    due, touched = issue.due, issue.touched_at
    touched = min(touched, now) if touched and touched.year in YEARS_BELIEVED else None
    due = due if due and due.year in YEARS_BELIEVED else None
    return issue.but(due=due, touched_at=touched)


def _simply_done(case: Case, effect: Effect, now: datetime) -> Case:
    match effect:
        case SendNotice(nags=True, to=to):
            return case.but(reminded={**case.reminded, to: now})
        case SendToCustomers():
            return case.but(message=case.message.but(posted_at=now))
        case WriteRecord():
            return case.but(recorded_at=now)
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
    return case.but(published_at=now) if arrived and not waiting else case
