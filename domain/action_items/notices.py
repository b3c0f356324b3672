"""What people are told about tickets and what is still open."""

from typing import ClassVar

from domain.action_items.state import ItemFacts
from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class TicketByHand(Notice):
    """Ask a leader to open a ticket where no tracker is connected."""

    kind: ClassVar[str] = "ticket-by-hand"

    incident: IncidentFacts
    item: ItemFacts


class ItemDone(Notice):
    """Ask a leader whether an item is done that no tracker tells of."""

    kind: ClassVar[str] = "item-done"

    incident: IncidentFacts
    item: ItemFacts


class UnreachableTicket(Notice):
    """Ask a leader what became of a ticket that can no longer be seen."""

    kind: ClassVar[str] = "unreachable-ticket"

    incident: IncidentFacts
    item: ItemFacts


class StillOpen(Notice):
    """Remind a team of open tickets that nobody has touched (S3: gently)."""

    kind: ClassVar[str] = "still-open"

    incident: IncidentFacts
    items: tuple[ItemFacts, ...]
    document_url: str
