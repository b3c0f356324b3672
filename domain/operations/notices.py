"""What people are told about anything that waits: a reminder, or word to the next one."""

from typing import ClassVar

from pydantic import AwareDatetime

from domain.action_items.state import ItemFacts
from domain.engine.notice import Notice
from domain.engine.value import Value
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


class WaitFacts(Value):
    """One thing that a case waits for: what, from whom and since when."""

    wait: str
    name: str
    since: AwareDatetime
    items: tuple[ItemFacts, ...] = ()


class StillWaiting(Notice):
    """Tell the process owner, weekly, all that a case still waits for after every ladder."""

    kind: ClassVar[str] = "still-waiting"

    incident: IncidentFacts
    waits: tuple[WaitFacts, ...]
    document_url: str = ""
