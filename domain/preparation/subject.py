"""Preparation: one document that people write in, and the pre-read a day before the meeting."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.notice import Ask, Link, sending
from domain.engine.subject import Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting, WaitSpec
from domain.meeting.state import READ_EVENT
from domain.moments import had_pre_read, pre_read_at
from domain.people import attendees, commander
from domain.preparation.effects import PutDocument, ReserveFolder, put_document
from domain.preparation.notices import DocumentByHand, PreRead
from domain.preparation.state import DOCUMENT


class RecordDocument(Act[Case]):
    """The owner made the document by hand, and says where it is."""

    name: ClassVar[str] = "record_document"

    reference: Annotated[str, Field(max_length=500)]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, and the commander in their place."""
        return frozenset(filter(None, (case.ownership.owner, commander(case), OPERATIONS)))

    def not_yours(self, case: Case) -> str:
        """Say who was asked."""
        return "The owner is asked to make the document. Pass the address on to them."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a missing address, and a document that is there."""
        if case.has_documents or case.document.url:
            return "The document is there already. Nothing to do."
        if not self.reference.strip():
            return "Paste the address of the document, so that others find it."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note where the document is."""
        return case.replace(document=case.document.replace(url=self.reference.strip()))


def entries(case: Case) -> Iterator[Entry]:
    """Keep the document, and send it a day ahead."""
    yield from _document(case)
    yield from _pre_read(case)


def _document(case: Case) -> Iterator[Entry]:
    """Keep the document: made at once, and brought up to date after each moment."""
    if case.opened_at is None or not case.has_documents:
        return
    yield Entry(case.opened_at, ReserveFolder())
    put = put_document(case)
    if put is not None:
        yield Entry(case.opened_at, put, rank=1 if case.done(put.key) else 0)


def ending(case: Case) -> Iterator[Entry]:
    """Mark the document, unless the report is out: then it stays what it is."""
    put, word = put_document(case), case.steering.cancelled
    if put is not None and word is not None and case.published_at is None:
        yield Entry(word.at, put)


def _pre_read(case: Case) -> Iterator[Entry]:
    """Send the document 24 hours before a meeting that people know of, even if incomplete (S0)."""
    at, meeting = pre_read_at(case), case.meeting
    if at is None or not meeting.ahead or not meeting.stands:
        return
    url = case.document.url
    notice = PreRead(
        link=Link(leads_to="document", url=url) if url else Link(),
        incident=case.facts,
        meeting_at=meeting.start,
        empty_sections=case.document.empty_sections,
        document_url=url,
    )
    for attendee in attendees(case):
        sent = sending(notice, attendee.person, at, version=str(meeting.booked))
        if not had_pre_read(case, case.ledger.get(sent.effect.key)):
            reads = (READ_EVENT, DOCUMENT)
            yield Entry(sent.at, sent.effect, after=reads, until=meeting.start)


def _readings(case: Case) -> Iterator[Effect[Case, Any]]:
    put = put_document(case)
    if put is not None:
        yield put


def _undocumented(case: Case) -> Iterator[Waiting]:
    owner, since = case.ownership.owner, case.ownership.accepted_at
    missing = case.rules is not None and not case.has_documents and not case.document.url
    if missing and owner is not None and since is not None:
        yield Waiting("document-by-hand", owner, since)


PREPARATION = Subject(
    name="preparation",
    entries=entries,
    ending=ending,
    waits=(
        WaitSpec(
            name="document-by-hand",
            on=_undocumented,
            asks=lambda case, _: Ask(DocumentByHand(incident=case.facts)),
            answered_by=(RecordDocument,),
        ),
    ),
    acts=(RecordDocument,),
    effects=(ReserveFolder, PutDocument),
    notices=(PreRead, DocumentByHand),
    readings=_readings,
)
