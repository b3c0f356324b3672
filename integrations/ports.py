"""What the activities ask of the outside world, by role.

Every method raises only the errors of `integrations.errors`, and every one that changes
something is safe to call twice with the same key.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime

from domain.action_items.ticket import DesiredIssue, ObservedIssue
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.engine.value import PersonId, Value
from domain.meeting.event import DesiredEvent, ObservedEvent
from domain.preparation.document import DesiredDocument, ObservedDocument
from integrations.errors import ServiceError
from integrations.issue_projects import IssueProject


class Address(Value):
    """Where a person or list is reached; looked up when needed, never kept on a case."""

    email: str
    name: str = ""
    zone: str = "UTC"


class Mail(Value):
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


class Archived(Value):
    """One closed case as the archive keeps it: a JSON text and the document's text."""

    case: str
    revision: int
    record: str
    document: str = ""


class Departure(Value):
    """A message to customers that is about to leave: of which case, and which time it is sent."""

    case: str
    revision: int
    sending: int
    digest: str


class Calendar(Protocol):
    """A shared calendar, and when people are busy."""

    def busy(
        self, people: Mapping[PersonId, Address], within: Interval
    ) -> Mapping[PersonId, tuple[Interval, ...]]:
        """Return each person's busy times; who is absent from the answer is unknown, not free."""
        ...

    def put_event(self, wanted: DesiredEvent, people: Mapping[PersonId, Address]) -> ObservedEvent:
        """Create the event of this key, or bring it to the wanted state, exactly once."""
        ...

    def read_event(self, key: str, people: Mapping[PersonId, Address]) -> ObservedEvent:
        """Return the event of this key as it stands."""
        ...

    def call_off(self, key: str) -> None:
        """Take the event of this key off everybody's calendar; what is not there is as good."""
        ...


class DocumentStore(Protocol):
    """Documents that people write in."""

    def reserve_folder(self) -> str:
        """Return an id under which one folder can be made; history keeps it."""
        ...

    def put_document(
        self, wanted: DesiredDocument, people: Mapping[PersonId, Address]
    ) -> ObservedDocument:
        """Make the document if it is not there, write our parts, and read what people wrote."""
        ...

    def export(self, document_id: str) -> str:
        """Return the document as text for the record."""
        ...


class IssueTracker(Protocol):
    """Tickets in the backlogs of teams."""

    def find(
        self, wanted: Sequence[DesiredIssue], *, again: Collection[str] = ()
    ) -> Mapping[str, ObservedIssue | ServiceError]:
        """Return by key the tickets that are there, and what keeps us from telling.

        All of them are looked for together, as far as the tracker allows it. An earlier try may
        have opened those of `again` and died: they are looked for harder. Who is absent from the
        answer has no ticket.
        """
        ...

    def open(self, wanted: DesiredIssue) -> ObservedIssue:
        """Open a ticket that `find` has just not found; from then on it finds it."""
        ...

    def link(self, issue: str, wanted: DesiredIssue) -> None:
        """Link a ticket back to the document it came from; again changes nothing."""
        ...

    def read(self, keys: Sequence[str]) -> Sequence[ObservedIssue]:
        """Return the named tickets as they stand; one that we cannot see is `unreachable`."""
        ...


class Notifier(Protocol):
    """A way to reach a person."""

    def send(self, mail: Mail) -> None:
        """Hand one message over; `Ambiguous` when nobody knows whether it left."""
        ...


class Directory(Protocol):
    """People, teams, services and their calendars."""

    def snapshot(self, now: datetime) -> DirectorySnapshot:
        """Return people, teams, services, holidays and clock changes for 13 months from now."""
        ...

    def addresses(self, people: Sequence[PersonId]) -> Mapping[PersonId, Address]:
        """Return the addresses of those who are known."""
        ...

    def person_called(self, tool: str, name: str) -> PersonId | None:
        """Return the person that a tool calls by this id, or who has this mail address."""
        ...


class Archive(Protocol):
    """Where the records of finished cases are kept."""

    def revisions(self, case: str) -> int:
        """Return how many records of this incident are kept already."""
        ...

    def closed_resolution(self, case: str) -> datetime | None:
        """Return the resolution that the newest record is about, if its case was closed."""
        ...

    def write(self, record: Archived) -> None:
        """Keep a record; the same record again replaces itself."""
        ...

    def departs(self, departure: Departure) -> bool:
        """Keep that a message is about to leave; False when that is known already."""
        ...

    def stayed(self, departure: Departure) -> None:
        """Forget it again: the message certainly did not leave."""
        ...


class Names(Protocol):
    """What the names in a tool's webhook mean to us."""

    def person_called(self, tool: str, name: str) -> PersonId | None:
        """Return the person that a tool calls by this id, or who has this mail address."""
        ...

    def service_called(self, tool: str, name: str) -> str | None:
        """Return the service that a tool calls by this id, or that bears this name."""
        ...

    def commands_incidents(self, person: PersonId) -> bool:
        """Tell whether a person is in the pool of incident commanders."""
        ...

    def issue_projects(self) -> Mapping[str, IssueProject]:
        """Return what the tracker's words mean in each project that the file describes."""
        ...
