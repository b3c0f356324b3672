"""What people are asked about proposals."""

from typing import ClassVar

from domain.action_items.state import ItemFacts
from domain.calendar.spans import Span
from domain.decisions.state import Verdict
from domain.engine.notice import Notice
from domain.engine.value import Value
from domain.incident import IncidentFacts


class DecisionsWanted(Notice):
    """Ask the facilitator for the decisions alone: somebody else recorded the meeting."""

    kind: ClassVar[str] = "decisions"

    incident: IncidentFacts
    undecided: tuple[ItemFacts, ...]


class VerdictFacts(Value):
    """What was written down as somebody's decision about one proposal."""

    id: str
    text: str
    verdict: Verdict


class DecisionRecorded(Notice):
    """Tell a leader what was written down as their decision, and by whom."""

    kind: ClassVar[str] = "decision-recorded"
    aside: ClassVar[bool] = True

    incident: IncidentFacts
    recorded_by: str
    verdicts: tuple[VerdictFacts, ...]


class ConfirmationWanted(Notice):
    """Ask an owning team's leader to confirm what was accepted (S1: weigh it first)."""

    kind: ClassVar[str] = "confirmation"

    incident: IncidentFacts
    items: tuple[ItemFacts, ...]
    cool_down: Span
