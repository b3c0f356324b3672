"""What people are asked about proposals."""

from typing import ClassVar

from domain.action_items.state import ItemFacts
from domain.calendar.spans import Span
from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class DecisionsWanted(Notice):
    """Ask the facilitator for the decisions alone: somebody else recorded the meeting."""

    kind: ClassVar[str] = "decisions"

    incident: IncidentFacts
    undecided: tuple[ItemFacts, ...]


class ConfirmationWanted(Notice):
    """Ask an owning team's leader to confirm what was accepted (S1: weigh it first)."""

    kind: ClassVar[str] = "confirmation"

    incident: IncidentFacts
    items: tuple[ItemFacts, ...]
    cool_down: Span
