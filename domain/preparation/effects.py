"""What a case wants of the document store: one folder, and our parts of one document."""

from datetime import datetime
from typing import ClassVar

from domain.action_items.state import ActionItem
from domain.case import Case
from domain.engine.effect import Effect
from domain.engine.remembering import remembered
from domain.engine.value import FromOutside, fingerprint
from domain.people import attendees, home_zone, name_of
from domain.phases import phase
from domain.preparation.document import ObservedDocument
from domain.preparation.facts import DocumentFacts, RowFacts
from domain.preparation.state import DOCUMENT
from domain.proposals import decision_facts, with_table


class Folder(FromOutside):
    """The id under which the document's folder is made."""

    id: str


class ReserveFolder(Effect[Case, Folder]):
    """Reserve the id of the document's folder."""

    activity: ClassVar[str] = "reserve_folder"
    summary: ClassVar[str] = "reserve the document's folder"
    answer: ClassVar[type[Folder]] = Folder

    key: str = "folder"

    def learned(self, case: Case, answer: Folder, now: datetime) -> Case:
        """Make the document there."""
        return case.replace(document=case.document.replace(folder_id=answer.id))


class PutDocument(Effect[Case, ObservedDocument]):
    """Write our parts of the document, and read what people wrote."""

    activity: ClassVar[str] = "put_document"
    summary: ClassVar[str] = "bring the document up to date"
    answer: ClassVar[type[ObservedDocument]] = ObservedDocument

    key: str = DOCUMENT
    document: DocumentFacts

    def learned(self, case: Case, answer: ObservedDocument, now: datetime) -> Case:
        """Take up what people wrote: rows are proposals, an edit may be a yes."""
        known = case.document.replace(
            document_id=answer.document_id,
            url=answer.url,
            empty_sections=answer.empty_sections,
            editors=answer.editors,
            read_at=now,
        )
        known_to = case.replace(document=known)
        case = with_table(known_to, answer.rows, now, whole=not answer.cut)
        return case.mended(answer.repaired, now)


@remembered
def put_document(case: Case) -> PutDocument | None:
    """Return the effect that writes our parts of the document and reads the rest.

    A proposal whose row was seen in the table is left to people: it is not written again, so
    that who deletes the row takes the proposal back.
    """
    if not case.has_documents or not case.document.folder_id:
        return None
    wanted = document_facts(case)
    theirs = {item.id for item in case.items if item.as_typed and item.decision is None}
    ours = tuple(row for row in wanted.rows if row.item.id not in theirs)
    document = wanted.replace(rows=ours, document_id=case.document.document_id)
    return PutDocument(version=fingerprint(wanted), document=document)


def document_facts(case: Case) -> DocumentFacts:
    """Return the document as it should be now, as far as it is ours.

    Raises:
        LookupError: the incident or its rules are not known yet.
    """
    incident, rules = case.incident, case.rules
    if incident is None or rules is None:
        raise LookupError("A document needs an incident and its rules.")
    return DocumentFacts(
        key=case.outside_key("document"),
        folder_id=case.document.folder_id,
        incident=case.facts,
        phase=phase(case).value,
        zone=home_zone(case),
        services=incident.services,
        owner=name_of(case, case.ownership.owner),
        facilitator=name_of(case, case.meeting.facilitator),
        meeting_at=case.meeting.start,
        opening=rules.document.opening,
        sections=rules.document.sections,
        began_at=incident.started_at,
        detected_at=incident.detected_at,
        resolved_at=incident.resolved_at,
        roles=tuple(
            (name_of(case, each.person), each.role.value) for each in incident.participants
        ),
        rows=_rows(case.items),
        decisions=decision_facts(case),
        editors=tuple(each.person for each in attendees(case)),
    )


@remembered
def _rows(items: tuple[ActionItem, ...]) -> tuple[RowFacts, ...]:
    """Return the table of action items, whose words change less often than anything else."""
    return tuple(
        RowFacts(
            item=item.undated,
            type=item.type,
            priority=item.priority,
            team=item.team,
            done_when=item.done_when,
        )
        for item in items
    )
