"""The postmortem document: one per case, our parts in it, and what people wrote."""

from temporalio import activity

from activities.failures import told_to_temporal
from activities.pauses import Pause
from domain.preparation.document import ObservedDocument
from domain.preparation.effects import Folder, PutDocument, ReserveFolder
from integrations.ports import Directory, DocumentStore
from wording.rendering import Wording


class DocumentActivities:
    """Everything that cases ask of the document store."""

    def __init__(
        self, documents: DocumentStore, directory: Directory, wording: Wording, pause: Pause
    ) -> None:
        self._documents = documents
        self._directory = directory
        self._wording = wording
        self._pause = pause

    @activity.defn
    def reserve_folder(self, wanted: ReserveFolder) -> Folder:  # noqa: ARG002 - all take an effect
        """Return an id for the document's folder; one that is never used costs nothing."""
        with told_to_temporal(), self._pause.kept():
            return Folder(id=self._documents.reserve_folder())

    @activity.defn
    def put_document(self, wanted: PutDocument) -> ObservedDocument:
        """Write our parts and read the rest; the reserved folder makes it one document."""
        with told_to_temporal(), self._pause.kept():
            people = self._directory.addresses(wanted.document.editors)
            return self._documents.put_document(self._wording.document(wanted.document), people)
