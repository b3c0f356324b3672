"""What people are told when a case is cancelled."""

from typing import ClassVar

from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class Cancelled(Notice):
    """Tell everybody who was asked or invited that it is over, and why."""

    kind: ClassVar[str] = "cancelled"

    incident: IncidentFacts
    name: str = ""
    reason: str = ""
    document_url: str = ""
