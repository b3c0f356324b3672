"""What people are told about owning the postmortem."""

from typing import ClassVar

from pydantic import AwareDatetime

from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class Nomination(Notice):
    """Ask the nominee to own the postmortem (HW: do you have time?)."""

    kind: ClassVar[str] = "nomination"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None = None


class Appointment(Notice):
    """Ask a leader to appoint the owner when everybody has declined."""

    kind: ClassVar[str] = "appointment"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None = None


class OwnerByDefault(Notice):
    """Tell a manager that they own the postmortem, because nobody else was named."""

    kind: ClassVar[str] = "owner-by-default"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None = None
