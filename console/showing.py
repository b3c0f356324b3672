"""Cases as a person at a terminal reads them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from domain import lifecycle
from domain.case import Case
from domain.engine.agenda import Life
from domain.engine.ledger import Status
from domain.moments import meeting_limit
from domain.people import home_zone, name_of
from domain.views.summary import CaseSummary, summary
from wording.catalogue import catalogue
from wording.dates import instant


def line(seen: CaseSummary) -> str:
    """Return a case on one line."""
    flags = " late" * seen.late + " needs-attention" * seen.needs_attention
    waiting = ", ".join(seen.waiting_on) or "nobody"
    owner = seen.owner or "no owner yet"
    head = f"{seen.case:<28} {seen.severity:<5} {seen.phase:<18} {owner:<20}"
    return f"{head} waits for {waiting}{flags}"


def page(case: Case, now: datetime, *, everything: bool = False) -> str:
    """Return what a person wants to know of a case; `everything` adds items and effects."""
    life = lifecycle.life(case)
    seen = summary(life, lifecycle.attention(life), now)
    flags = ", late" * seen.late + ", needs attention" * seen.needs_attention
    told = [
        *_whereabouts(case, now),
        *_waits(life, now),
        *_troubles(case),
        *_tickets(seen),
        *_journal(case),
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
    yield "its time", _shown(case, now)
    if case.steering.hold is not None:
        yield (
            "on hold",
            f"until {_shown(case, case.steering.hold.until)}: {case.steering.hold.reason}",
        )
    yield "owner", name_of(case, owner) if owner else "nobody yet"
    if meeting.start is not None:
        by = meeting_limit(case)
        limit = f"; limit {_shown(case, by)}" if by else ""
        yield "meeting", f"{_shown(case, meeting.start)}{limit}"
    if case.document.url:
        yield "document", case.document.url
    moments = {"published": case.published_at, "posted": case.message.posted_at}
    for what, at in {**moments, "closed": case.closed_at}.items():
        if at is not None:
            yield what, _shown(case, at)


def _waits(life: Life[Case], now: datetime) -> Iterator[Row]:
    for each in life.asked:
        waiting = each.waiting
        if waiting.since <= now:
            name, since = name_of(life.case, waiting.person), _shown(life.case, waiting.since)
            yield "waits for", f"{waiting.what} from {name} since {since}"


def _troubles(case: Case) -> Iterator[Row]:
    """Yield what a person must mend, and what mends itself."""
    for key, each in case.ledger.items():
        if each.status in (Status.REFUSED, Status.UNKNOWN):
            remedy = f"Mend it, then: aftermath retry {case.id} {key}"
            yield "parked", f"{key}: {each.status}. {each.reason} {remedy}"
        elif each.status is Status.UNAVAILABLE:
            again = _shown(case, each.again_at) if each.again_at else "soon"
            yield "tried again", f"{key}: {again}, after {each.tries} tries. {each.reason}"
    for strange in case.anomalies:
        settled = "" if strange.settled_at is None else ", settled"
        yield "noted", f"{_shown(case, strange.at)}{settled}: {catalogue().anomaly(strange)}"


def _tickets(seen: CaseSummary) -> Iterator[Row]:
    for item in seen.open_items:
        due = f", due {item.due}" if item.due else ""
        yield "open ticket", f"{item.issue or 'none yet'} for {item.id}, {item.team}{due}"


def _everything(case: Case) -> Iterator[Row]:
    for item in case.items:
        where = catalogue().standing(item.facts)
        yield "item", f"{item.id} {item.priority} {item.team} ({where}): {item.text}"
    for key, each in case.ledger.items():
        yield "effect", f"{_shown(case, each.at)} {key}: {each.status}"


def _journal(case: Case) -> Iterator[Row]:
    """Yield what happened so far, in the words of the page."""
    for each in case.journal:
        said = catalogue().line(each, partial(name_of, case), home_zone(case))
        yield "happened", f"{_shown(case, each.at)}: {said}"


def _shown(case: Case, at: datetime) -> str:
    """Write an instant by the clocks of the home team."""
    return instant(at, home_zone(case))
