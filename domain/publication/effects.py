"""What publication does: the record that is kept, and the steps to published and closed."""

from datetime import datetime
from typing import ClassVar

from domain.case import Case
from domain.engine.effect import Effect, Transition
from domain.engine.value import Value
from domain.views.record import record

RECORD = "record"
LINES = "record-lines"


class RecordOf(Value):
    """One case's record, and the document to keep with it."""

    case: str
    revision: int
    record: str
    document_id: str = ""


class WriteRecord(Effect[Case, None]):
    """Write the record of the case to the archive."""

    activity: ClassVar[str] = "write_record"
    summary: ClassVar[str] = "write the record"
    noteworthy: ClassVar[bool] = True

    key: str = RECORD

    def request(self, case: Case, now: datetime) -> RecordOf:
        """Return the record as it is now."""
        return RecordOf(
            case=case.id,
            revision=case.revision,
            record=record(case),
            document_id=case.document.document_id,
        )

    def learned(self, case: Case, answer: None, now: datetime) -> Case:
        """Note that it is kept."""
        return case.replace(recorded_at=now)

    def noted_as(self) -> dict[str, str]:
        """Return which of the two records it is."""
        return {"version": self.version}


class MarkPublished(Transition[Case]):
    """Every list has the report or refuses it, and at least one has it."""

    name: ClassVar[str] = "mark-published"

    key: str = "turn:published"

    def applied(self, case: Case, now: datetime) -> Case:
        """Note that the report is out."""
        return case.replace(published_at=now)


class Close(Transition[Case]):
    """Nothing is left to do, and the record says so."""

    name: ClassVar[str] = "close"

    key: str = "turn:close"

    def applied(self, case: Case, now: datetime) -> Case:
        """End the case."""
        return case.replace(closed_at=now)
