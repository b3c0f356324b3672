"""Instants that more than one subject asks for: limits of the policy, and what has left when.

All of them are derived whenever asked and never stored, so that a changed severity moves them.
"""

from datetime import datetime

from domain.case import Case
from domain.engine.clock import ahead_of, due_at, limit_at
from domain.engine.ledger import Outcome, Status
from domain.engine.notice import notice_key
from domain.people import attendees, home_calendar, publication_lists

PRE_READ = "pre-read"
PUBLISHED = "published"


def meeting_limit(case: Case) -> datetime | None:
    """Return by when the meeting is to be held (S2), in the home team's calendar."""
    if case.incident is None or case.rules is None or case.directory is None:
        return None
    within = case.rules.severity.meeting_within
    limit = limit_at(case.incident.resolved_at, within, home_calendar(case), case.holds)
    return max(limit, case.steering.extended("meeting") or limit)


def report_limit(case: Case) -> datetime | None:
    """Return by when the report is to be published (G10), or None before the rules are known."""
    if case.incident is None or case.rules is None:
        return None
    by = case.rules.publication.publish_by
    limit = due_at(case.incident.resolved_at, by, home_calendar(case), case.holds)
    return max(limit, case.steering.extended("report") or limit)


def pre_read_at(case: Case) -> datetime | None:
    """Return when the pre-read of the present meeting time leaves (S0: 24 elapsed hours before)."""
    if case.meeting.start is None or case.rules is None:
        return None
    return ahead_of(case.meeting.start, case.rules.meeting.pre_read_before, home_calendar(case))


def posting_allowed_at(case: Case) -> datetime | None:
    """Return when the hold-back after the approval ends, or None without an approval."""
    approved = case.message.approved_at
    if approved is None or case.rules is None:
        return None
    return due_at(approved, case.rules.message.hold_back, home_calendar(case), case.holds)


def pre_read_sent_at(case: Case) -> datetime | None:
    """Return when the first pre-read that holds for the present meeting time left."""
    keys = (notice_key(PRE_READ, each.person) for each in attendees(case))
    sent = (case.ledger.get(key) for key in keys)
    return min((each.at for each in sent if each and had_pre_read(case, each)), default=None)


def had_pre_read(case: Case, sent: Outcome | None) -> bool:
    """Tell whether somebody need not get the pre-read (again) for the present meeting time.

    Who had it a full day before the new time of a moved meeting has had it.
    """
    at = pre_read_at(case)
    if at is None or sent is None or sent.status is not Status.DONE:
        return False
    return sent.version == str(case.meeting.booked) or sent.at <= at


def is_publishing(case: Case) -> bool:
    """Tell whether the report is out, or on its way out right now."""
    keys = {notice_key(PUBLISHED, to) for to in publication_lists(case)}
    return case.published_at is not None or bool(keys & set(case.under_way))
