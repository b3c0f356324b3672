"""Publication: the report goes out when all is settled; the record is kept; the case closes."""

from collections.abc import Iterator
from datetime import datetime

from domain.action_items.state import issue_key
from domain.case import Case
from domain.engine.entry import Entry
from domain.engine.journal import LINES_CARRIED
from domain.engine.ledger import Outcome, Status
from domain.engine.notice import Link, notice_key, sending
from domain.engine.subject import Subject
from domain.meeting.state import CALLED_OFF
from domain.moments import PUBLISHED, report_limit
from domain.people import publication_lists
from domain.phases import finished
from domain.preparation.state import DOCUMENT
from domain.publication.effects import LINES, RECORD, Close, MarkPublished, WriteRecord
from domain.publication.notices import Published


def entries(case: Case) -> Iterator[Entry]:
    """Publish, keep the record, close."""
    yield from _publication(case)
    yield from _keeping(case)
    yield from _closing(case)


def _publication(case: Case) -> Iterator[Entry]:
    """Publish when all is settled and ticketed; a tracker that is away delays it only so long."""
    if case.rules is None or case.incident is None or case.decided_at is None:
        return
    if not case.all_settled and case.published_at is None:
        return
    at = max([case.decided_at, *_settled_and_ticketed_at(case)])
    if any(case.needs_ticket(item) and item.issue is None for item in case.items):
        at = max(at, report_limit(case) or at)
    for to in publication_lists(case):
        # A list that refused gets its report after a retry, however late.
        if not case.done(notice_key(PUBLISHED, to)):
            sent = sending(_published(case), to, at, version="1")
            yield Entry(sent.at, sent.effect, after=(DOCUMENT,))
    if case.published_at is None and (out_at := _out_at(case)):
        yield Entry(out_at, MarkPublished())


def _published(case: Case) -> Published:
    url = case.document.url
    return Published(
        link=Link(leads_to="document", url=url) if url else Link(),
        incident=case.facts,
        items=tuple(item.facts for item in case.items),
        accepted=sum(1 for item in case.items if item.accepted),
        document_url=url,
    )


def _out_at(case: Case) -> datetime | None:
    """Return when the report was out: each list has it or refuses it, and at least one has it."""
    found = [case.ledger.get(notice_key(PUBLISHED, to)) for to in publication_lists(case)]
    outcomes: list[Outcome] = [each for each in found if each is not None]
    waiting = any(each.status is Status.UNAVAILABLE for each in outcomes)
    arrived = any(each.status is Status.DONE for each in outcomes)
    if len(outcomes) < len(found) or waiting or not arrived:
        return None
    return max(each.at for each in outcomes)


def _settled_and_ticketed_at(case: Case) -> Iterator[datetime]:
    for item in case.items:
        opened = case.ledger.get(issue_key(item.id))
        moments = (
            item.decision.at if item.decision else None,
            item.confirmation.at if item.confirmation else None,
            opened.at if opened else None,
        )
        yield from filter(None, moments)


def ending(case: Case) -> Iterator[Entry]:
    """Keep the record of a cancelled case when all that is left was tried, then close it."""
    word, written = case.steering.cancelled, case.ledger.get(RECORD)
    if word is None:
        return
    if case.incident is None or case.rules is None:
        yield Entry(word.at, Close())
        return
    if any(each.status is Status.UNAVAILABLE for each in _last_of(case)):
        return
    yield Entry(word.at, WriteRecord(version="cancelled"), rank=2)
    settled = (Status.DONE, Status.REFUSED)
    if written is not None and written.version == "cancelled" and written.status in settled:
        yield Entry(written.at, Close())


def _last_of(case: Case) -> Iterator[Outcome]:
    """Yield what became of the effects that end a cancelled case."""
    marked = DOCUMENT if case.published_at is None else ""
    for key, outcome in case.ledger.items():
        if key in (CALLED_OFF, marked) or key.startswith("notice:cancelled:"):
            yield outcome


def _keeping(case: Case) -> Iterator[Entry]:
    """Keep lines of the journal before a renewed run may leave them behind."""
    newest = case.journal[-1] if case.journal else None
    full = newest.number // LINES_CARRIED if newest else 0
    if newest is not None and full:
        yield Entry(newest.at, WriteRecord(key=LINES, version=str(full)), rank=2)


def _closing(case: Case) -> Iterator[Entry]:
    """Write the record when the report is out, and again at the very end; then close."""
    if case.published_at is None or not _document_is_settled(case):
        return
    version = "closed" if finished(case) else "published"
    yield Entry(case.published_at, WriteRecord(version=version), rank=2)
    written = case.ledger.get(RECORD)
    kept = written is not None and written.version == version and written.status is Status.DONE
    if finished(case) and written is not None and kept:
        yield Entry(written.at, Close())


def _document_is_settled(case: Case) -> bool:
    """Tell whether the document, which comes first, is not waiting for its store to come back."""
    known = case.ledger.get(DOCUMENT)
    return known is None or known.status is not Status.UNAVAILABLE


PUBLICATION = Subject(
    name="publication",
    entries=entries,
    ending=ending,
    effects=(WriteRecord,),
    notices=(Published,),
)
