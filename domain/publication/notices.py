"""What people are told when the report is out."""

from typing import ClassVar

from domain.action_items.state import ItemFacts
from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class Published(Notice):
    """Give the result to the involved teams and the list (S2)."""

    kind: ClassVar[str] = "published"

    incident: IncidentFacts
    items: tuple[ItemFacts, ...]
    accepted: int
    document_url: str
