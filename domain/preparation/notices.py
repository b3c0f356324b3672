"""What people are told before the meeting."""

from typing import ClassVar

from pydantic import AwareDatetime

from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class PreRead(Notice):
    """Send the document a day ahead, saying what is missing (S0).

    `empty_sections` is None while nobody could read the document.
    """

    kind: ClassVar[str] = "pre-read"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None
    empty_sections: tuple[str, ...] | None
    document_url: str


class DocumentByHand(Notice):
    """Ask the owner to make the document where no document store is connected."""

    kind: ClassVar[str] = "document-by-hand"

    incident: IncidentFacts
