"""The whole state of one postmortem, as one frozen value."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

from pydantic import AwareDatetime

from domain.action_items.state import ActionItem
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.customer_message.state import CustomerMessage
from domain.engine.journal import readable
from domain.engine.ledger import Progress
from domain.engine.value import PersonId, Value
from domain.incident import Incident, IncidentFacts
from domain.meeting.state import Meeting
from domain.ownership.state import Ownership
from domain.policy import CaseRules
from domain.preparation.state import Document
from domain.steering.state import Steering

State = TypeVar("State", bound=Value)

DIRECTORY = "directory"
"""The key of the directory snapshot, which is recorded again before people are told more."""


class Phase(StrEnum):
    """Where a case is: the only status vocabulary, on every surface."""

    RECEIVED = "received"
    AWAITING_OWNER = "awaiting-owner"
    SCHEDULING = "scheduling"
    DRAFTING = "drafting"
    IN_REVIEW = "in-review"
    DECIDING = "deciding"
    COOLING_DOWN = "cooling-down"
    FINALISING = "finalising"
    FOLLOWING_THROUGH = "following-through"
    CLOSED = "closed"
    NOT_REQUIRED = "not-required"
    ON_HOLD = "on-hold"
    CANCELLED = "cancelled"


class Case(Progress):
    """One postmortem: everything its workflow knows.

    What is derived (phase, limits, who is waited for, what is due) is never stored. `named` are
    people whom acts have named beside the incident's. `followed_up` tells when each
    team was last asked about open tickets. `added` holds what subjects keep that have
    no field here, by their names.
    """

    received_at: AwareDatetime | None = None
    incident: Incident | None = None
    opened_at: AwareDatetime | None = None
    rules: CaseRules | None = None
    directory: DirectorySnapshot | None = None
    ownership: Ownership = Ownership()
    meeting: Meeting = Meeting()
    document: Document = Document()
    items: tuple[ActionItem, ...] = ()
    items_ever: int = 0
    decided_at: AwareDatetime | None = None
    message: CustomerMessage = CustomerMessage()
    followed_up: dict[str, AwareDatetime] = {}
    published_at: AwareDatetime | None = None
    recorded_at: AwareDatetime | None = None
    named: tuple[PersonId, ...] = ()
    steering: Steering = Steering()
    added: dict[str, dict[str, Any]] = {}

    @property
    def revision(self) -> int:
        """Which postmortem of its incident it is, counted from 1."""
        return self.rules.revision if self.rules else 1

    @property
    def is_wanted(self) -> bool:
        """Tell whether the incident gets a postmortem: by severity, and not for the second time.

        A resolution that the record holds already was told again, by a tool or by a thief.
        """
        if self.rules is None or self.incident is None:
            return False
        recorded = self.rules.recorded_resolution
        told_again = recorded is not None and self.incident.resolved_at <= recorded
        return self.rules.severity.eligible and not told_again

    @property
    def is_set_up(self) -> bool:
        """Tell whether rules and people are known."""
        return self.rules is not None and self.directory is not None

    @property
    def is_ending(self) -> bool:
        """Tell whether somebody has cancelled it."""
        return self.steering.cancelled is not None

    @property
    def wants_message(self) -> bool:
        """Tell whether customers are to be told something (S2: by severity)."""
        return self.rules is not None and self.rules.severity.external_message

    @property
    def has_calendar(self) -> bool:
        """Tell whether a calendar is connected that events can be put into."""
        return self.rules is not None and self.rules.connected.calendar

    @property
    def has_documents(self) -> bool:
        """Tell whether a document store is connected."""
        return self.rules is not None and self.rules.connected.documents

    @property
    def has_tracker(self) -> bool:
        """Tell whether an issue tracker is connected."""
        return self.rules is not None and self.rules.connected.issues

    @property
    def all_settled(self) -> bool:
        """Tell whether every proposal has its verdict, and every accepted one its answer."""
        return self.decided_at is not None and all(item.settled for item in self.items)

    @property
    def binding(self) -> CaseRules:
        """The rules that bind the case.

        Raises:
            LookupError: they are not known yet.
        """
        if self.rules is None:
            raise LookupError("Nothing is decided before the rules are known.")
        return self.rules

    @property
    def facts(self) -> IncidentFacts:
        """What every notice speaks of.

        Raises:
            LookupError: the incident or its rules are not known yet.
        """
        if self.incident is None or self.rules is None:
            raise LookupError("Nobody is written to before the incident and its rules are known.")
        return self.incident.facts(self.rules.process_name)

    def item(self, item_id: str) -> ActionItem | None:
        """Return an action item by its id."""
        return next((each for each in self.items if each.id == item_id), None)

    def with_item(self, item: ActionItem) -> Self:
        """Return the case with one action item replaced."""
        items = tuple(item if each.id == item.id else each for each in self.items)
        return self.replace(items=items)

    def mended(self, text: str, now: datetime) -> Self:
        """Return the case with a note, once, of what an adapter had to mend: somebody may look."""
        known = any(each.facts.get("text") == readable(text) for each in self.anomalies)
        return self if known or not text else self.with_anomaly(now, "mended", text=text)

    def needs_ticket(self, item: ActionItem) -> bool:
        """Tell whether an item gets a ticket: confirmed, and P0 or P1 (PM); the rest is a note."""
        if self.rules is None or item.confirmation is None:
            return False
        return item.accepted and item.priority in self.rules.action_items.ticket_priorities

    def outside_key(self, purpose: str) -> str:
        """Return the key that a far system knows one thing of this case by."""
        return f"{self.id}:r{self.revision}:{purpose}"

    def carried(self) -> Self:
        """Return the case as its next run takes it over: it looks its people up again."""
        return super().carried().looking_up_again()

    def looking_up_again(self) -> Self:
        """Return the case as it wants its people looked up anew."""
        ledger = {key: each for key, each in self.ledger.items() if key != DIRECTORY}
        return self.replace(ledger=ledger)

    def state_of(self, subject: str, kind: type[State]) -> State:
        """Return what a subject without a field of its own keeps on the case."""
        return kind.model_validate(self.added.get(subject, {}))

    def with_state(self, subject: str, state: Value) -> Self:
        """Return the case with what such a subject keeps replaced."""
        return self.replace(added={**self.added, subject: state.model_dump(mode="json")})


class Answer(Value):
    """Where an act leaves a case."""

    phase: Phase
