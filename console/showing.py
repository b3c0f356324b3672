"""Cases as a person at a terminal reads them."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Case
from domain.engine.ledger import Status
from domain.people import shown_at_home
from domain.views.summary import CaseSummary, summary
from domain.lifecycle import waits


def line(seen: CaseSummary) -> str:
    """Return a case on one line."""
    flags = " late" * seen.late + " needs-attention" * seen.needs_attention
    waiting = ", ".join(seen.waiting_on) or "nobody"
    owner = seen.owner or "no owner yet"
    head = f"{seen.case:<28} {seen.severity:<5} {seen.phase:<18} {owner:<20}"
    return f"{head} waits for {waiting}{flags}"


def page(case: Case, now: datetime, *, everything: bool = False) -> str:
    """Return what a person wants to know of a case; `everything` adds items and effects."""
    seen = summary(case, now)
    flags = ", late" * seen.late + ", needs attention" * seen.needs_attention
    told = [
        *_whereabouts(case, now),
        *_waits(case, now),
        *_troubles(case),
        *_tickets(seen),
        *(_everything(case) if everything else ()),
    ]
    head = f"{case.id}  {seen.severity}  {seen.phase}{flags}"
    return "\n".join([head, *(f"  {what:<11} {text}" for what, text in told)])


Row = tuple[str, str]
"""What it is, and the text beside it."""


def _whereabouts(case: Case, now: datetime) -> Iterator[Row]:
    meeting, owner = case.meeting, case.ownership.owner
    if case.incident is not None:
        yield "incident", case.incident.title
    yield "its time", shown_at_home(case, now)
    yield "owner", _name(case, owner) if owner else "nobody yet"
    if meeting.start is not None:
        limit = f"; limit {shown_at_home(case, meeting.limit)}" if meeting.limit else ""
        yield "meeting", f"{shown_at_home(case, meeting.start)}{limit}"
    if case.document.url:
        yield "document", case.document.url
    moments = {"published": case.published_at, "posted": case.message.posted_at}
    for what, at in {**moments, "closed": case.closed_at}.items():
        if at is not None:
            yield what, shown_at_home(case, at)


def _waits(case: Case, now: datetime) -> Iterator[Row]:
    for each in waits(case):
        if each.since <= now:
            since = shown_at_home(case, each.since)
            yield "waits for", f"{each.what} from {_name(case, each.person)} since {since}"


def _troubles(case: Case) -> Iterator[Row]:
    """Yield what a person must mend, and what mends itself."""
    for key, each in case.ledger.items():
        if each.status in (Status.REFUSED, Status.UNKNOWN):
            remedy = f"Mend it, then: aftermath retry {case.id} {key}"
            yield "parked", f"{key}: {each.status}. {each.reason} {remedy}"
        elif each.status is Status.UNAVAILABLE:
            again = shown_at_home(case, each.again_at) if each.again_at else "soon"
            yield "tried again", f"{key}: {again}, after {each.tries} tries. {each.reason}"
    for odd in case.anomalies:
        yield "noted", f"{shown_at_home(case, odd.at)}: {odd.text}"


def _tickets(seen: CaseSummary) -> Iterator[Row]:
    for item in seen.open_items:
        due = f", due {item.due}" if item.due else ""
        yield "open ticket", f"{item.issue or 'none yet'} for {item.id}, {item.team}{due}"


def _everything(case: Case) -> Iterator[Row]:
    for item in case.items:
        yield "item", f"{item.id} {item.priority} {item.team} ({item.state}): {item.text}"
    for key, each in case.ledger.items():
        yield "effect", f"{shown_at_home(case, each.at)} {key}: {each.status}"


def _name(case: Case, person: str) -> str:
    return case.directory.name_of(person) if case.directory else person
