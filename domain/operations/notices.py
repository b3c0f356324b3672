"""What people are told about anything that waits: a reminder, or word to the next one."""

from typing import ClassVar

from pydantic import AwareDatetime

from domain.action_items.state import ItemFacts
from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class Reminder(Notice):
    """Remind the person waited for, once per step of the ladder."""

    kind: ClassVar[str] = "reminder"

    incident: IncidentFacts
    wait: str
    since: AwareDatetime
    items: tuple[ItemFacts, ...] = ()


class Escalation(Notice):
    """Tell somebody else that a person is late, without blame."""

    kind: ClassVar[str] = "escalation"

    incident: IncidentFacts
    wait: str
    name: str
    since: AwareDatetime
    items: tuple[ItemFacts, ...] = ()
    document_url: str = ""
