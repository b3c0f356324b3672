"""The record of a case: what outlives its history."""

from temporalio import activity

from activities.failures import told_to_temporal
from activities.pauses import Pause
from domain.publication.effects import RecordOf
from integrations.ports import Archive, Archived, DocumentStore


class RecordActivities:
    """Everything that cases ask of the archive."""

    def __init__(self, archive: Archive, documents: DocumentStore | None, pause: Pause) -> None:
        self._archive = archive
        self._documents = documents
        self._pause = pause

    @activity.defn
    def write_record(self, wanted: RecordOf) -> None:
        """Keep the record and the exported document; the same record replaces itself."""
        with told_to_temporal():
            text = ""
            if self._documents is not None and wanted.document_id:
                with self._pause.kept():
                    text = self._documents.export(wanted.document_id)
            self._archive.write(
                Archived(
                    case=wanted.case,
                    revision=wanted.revision,
                    record=wanted.record,
                    document=text,
                )
            )
