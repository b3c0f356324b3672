"""What a case wants done outside, as values: one class per kind of act.

Each effect has a key (what it is about) and the version that is wanted; its outcome is noted
with that version, and it is due while wanted differs from done.
"""

from typing import Literal

from domain.action_items.ticket import DesiredIssue, ObservedIssue
from domain.calendar.interval import Interval
from domain.case import MessageText
from domain.engine.value import Value
from domain.incident import PersonId, Severity
from domain.letters import Letter
from domain.meeting.event import DesiredEvent
from domain.preparation.document import DesiredDocument


class Effect(Value):
    """Something to be carried out; `about` is what operations read in the Temporal UI."""

    key: str
    version: str = "1"
    about: str = ""


class ResolveRules(Effect):
    """Look the policy up for this case, and whether the incident was here before."""

    key: str = "rules"
    about: str = "look up the policy"
    case: str
    severity: Severity


class RecordDirectory(Effect):
    """Record people, holidays and clock changes."""

    key: str = "directory"
    about: str = "record people and holidays"


class ReadBusy(Effect):
    """Ask when people are busy."""

    key: str = "busy"
    about: str = "find a time"
    people: tuple[PersonId, ...]
    within: Interval


class PutEvent(Effect):
    """Bring the calendar event to the wanted state."""

    key: str = "event"
    event: DesiredEvent


class ReadEvent(Effect):
    """Read the calendar event as people left it; `believed` is the time it had last."""

    key: str = "read-event"
    about: str = "read the calendar event"
    event_key: str
    believed: Interval | None = None
    people: tuple[PersonId, ...]


class ReserveFolder(Effect):
    """Reserve the id of the document's folder."""

    key: str = "folder"
    about: str = "reserve the document's folder"


class PutDocument(Effect):
    """Write our parts of the document, and read what people wrote."""

    key: str = "document"
    about: str = "bring the document up to date"
    document: DesiredDocument


class OpenIssue(Effect):
    """Open the ticket of one action item, linked to the document.

    `again` tells that it may be there already; `opened` is the ticket that only lacks its link.
    """

    item: str
    issue: DesiredIssue
    again: bool = False
    opened: ObservedIssue | None = None


class ReadIssues(Effect):
    """Read the case's tickets as they stand."""

    key: str = "issues"
    about: str = "compare with the tracker"
    issues: tuple[str, ...]


class SendNotice(Effect):
    """Send one person, or one list, one letter."""

    to: PersonId
    letter: Letter
    nags: bool = False


class SendToCustomers(Effect):
    """Send the approved message to the customers' list: never twice by itself."""

    key: str = "customers"
    about: str = "send the customer message"
    to: PersonId
    text: MessageText
    digest: str


class WriteRecord(Effect):
    """Write the record of the case to the archive."""

    key: str = "record"
    about: str = "write the record"


class Turn(Effect):
    """A step of the case itself at its time; nothing outside is touched."""

    what: Literal[
        "pass over",
        "drop undecided",
        "confirm by default",
        "drop unconfirmed",
        "request approval",
        "choose time",
        "book again",
        "pass a limit",
        "close",
    ]
    subject: str = ""
