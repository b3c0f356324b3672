"""The document as facts: what `wording/` needs to write our parts of it."""

from datetime import date

from pydantic import AwareDatetime

from domain.action_items.state import ItemFacts
from domain.decisions.state import Verdict
from domain.engine.value import PersonId, Value
from domain.incident import IncidentFacts


class RowFacts(Value):
    """One row of the action-item table as facts."""

    item: ItemFacts
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""


class DecisionFacts(Value):
    """One verdict as facts: of which item, whose, why and with what consequence."""

    item: str
    text: str
    verdict: Verdict
    by: str
    reason: str = ""
    consequence: str = ""
    revisit: date | None = None


class DocumentFacts(Value):
    """Our own parts of the document as facts, which `wording/` says in words.

    `zone` is that of the home team, whose clocks the dates are written by. `document_id` is empty
    until the document is known.
    """

    key: str
    folder_id: str
    document_id: str = ""
    incident: IncidentFacts
    phase: str
    zone: str
    services: tuple[str, ...]
    owner: str = ""
    facilitator: str = ""
    meeting_at: AwareDatetime | None = None
    opening: str
    sections: tuple[tuple[str, str], ...]
    began_at: AwareDatetime | None = None
    detected_at: AwareDatetime | None = None
    resolved_at: AwareDatetime
    roles: tuple[tuple[str, str], ...] = ()
    rows: tuple[RowFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    editors: tuple[PersonId, ...] = ()
