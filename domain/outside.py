"""What we ask of the outside world and what it tells us, free of any vendor's words."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from domain.frozen import Frozen
from domain.incident import PersonId


class Address(Frozen):
    """Where a person or list is reached; looked up when needed, never kept on a case."""

    email: str
    name: str = ""


class Interval(Frozen):
    """From start up to, not including, end."""

    start: AwareDatetime
    end: AwareDatetime

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share any time."""
        return self.start < other.end and other.start < self.end


class Attendee(Frozen):
    """Somebody on an invitation."""

    person: PersonId
    optional: bool = False


class Response(StrEnum):
    """What an invited person answered."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class WantedEvent(Frozen):
    """The meeting as it should stand in the calendar.

    `key` is stable over the life of a case, so that there is one event whatever happens.
    Nobody is invited, and no mail leaves, while `attendees` is empty.
    """

    key: str
    title: str
    description: str
    start: AwareDatetime
    end: AwareDatetime
    attendees: tuple[Attendee, ...] = ()
    with_conference: bool = True


class EventReading(Frozen):
    """The meeting as the calendar has it now; `exists` is False once a person deleted it."""

    exists: bool
    event_id: str = ""
    url: str = ""
    conference_url: str = ""
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    responses: dict[PersonId, Response] = {}


class ActionRow(Frozen):
    """One row of the document's action-item table, as people wrote it.

    `id` is ours (`AI-1`), empty on a row that people have just typed.
    """

    id: str = ""
    text: str
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""


class TableRowState(Frozen):
    """What we write into one row of the action-item table: its id and where it stands."""

    id: str
    text: str
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""
    state: str = ""


class WantedDocument(Frozen):
    """Our own parts of the document: header, table state, decisions.

    `sections` (heading, prompt) and `facts` (heading, text) are written once, when the
    document is made; people write everywhere else.
    """

    key: str
    folder_id: str
    title: str
    header: tuple[tuple[str, str], ...]
    opening: str
    sections: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[TableRowState, ...] = ()
    decisions: tuple[str, ...] = ()
    editors: tuple[PersonId, ...] = ()


class DocumentReading(Frozen):
    """The document as people left it; a renamed heading still counts as its section.

    `repaired` says what else was put right, or what a person has to do, if anything.
    """

    document_id: str
    url: str
    empty_sections: tuple[str, ...] = ()
    rows: tuple[ActionRow, ...] = ()
    editors: tuple[PersonId, ...] = ()
    repaired: str = ""


class WantedIssue(Frozen):
    """One accepted action item as a ticket; `key` makes it exactly one."""

    key: str
    project: str
    title: str
    body: tuple[str, ...]
    labels: tuple[str, ...]
    priority: str
    due: date
    link_url: str = ""
    link_title: str = ""


class IssueState(StrEnum):
    """Where a ticket stands, in our words."""

    OPEN = "open"
    DONE = "done"
    WONT_DO = "won't do"
    MISSING = "missing"


class IssueReading(Frozen):
    """A ticket as the tracker has it now.

    `repaired` says what was put right about it, such as a second ticket that was closed.
    `unlinked` tells that its link to the document is still to be made.
    """

    key: str
    url: str = ""
    state: IssueState = IssueState.OPEN
    due: date | None = None
    touched_at: AwareDatetime | None = None
    repaired: str = ""
    unlinked: bool = False


class Mail(Frozen):
    """One message to one address; `key` is the same each time it is sent."""

    key: str
    to: Address
    subject: str
    text: str
    html: str
    at: AwareDatetime
    kind: str
    case: str = ""
    calendar_file: str = ""


class Archived(Frozen):
    """One closed case as the archive keeps it: a JSON text and the document's text."""

    case: str
    revision: int
    record: str
    document: str = ""
