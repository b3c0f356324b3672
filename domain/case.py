"""The whole state of one postmortem, as one frozen value."""

import hashlib
import json
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from domain.action_items.ticket import IssueState, ObservedIssue
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.engine.value import Value
from domain.incident import Incident, PersonId
from domain.meeting.event import Response
from domain.meeting.slots import Slot
from domain.policy import CaseRules
from domain.preparation.document import ActionRow

NEWEST_EDITION = 2
"""A change of what the domain decides is a new edition; open cases keep theirs."""


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


class Status(StrEnum):
    """How an effect ended."""

    DONE = "done"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Outcome(Value):
    """What became of one effect, in the version that was wanted then.

    `again_at` is set while the effect waits for a vendor to come back; a refused or unknown
    one waits for a person.
    """

    version: str
    status: Status
    at: AwareDatetime
    tries: int = 1
    again_at: AwareDatetime | None = None
    reason: str = ""


class Passed(Value):
    """Somebody who was asked to own the postmortem and does not."""

    person: PersonId
    at: AwareDatetime
    reason: str


class Ownership(Value):
    """Who is asked to own the postmortem, and who does (PM: exactly one)."""

    candidates: tuple[PersonId, ...] = ()
    nominated_at: AwareDatetime | None = None
    passed: tuple[Passed, ...] = ()
    owner: PersonId | None = None
    accepted_at: AwareDatetime | None = None

    @property
    def nominee(self) -> PersonId | None:
        """The candidate being asked, if anybody is left to ask."""
        gone = {each.person for each in self.passed}
        if self.owner is not None or self.nominated_at is None:
            return None
        return next((each for each in self.candidates if each not in gone), None)


class Move(Value):
    """The meeting went to another time."""

    start: AwareDatetime
    at: AwareDatetime
    by: str
    reason: str = ""


class Meeting(Value):
    """The meeting, held from the first minute in one calendar event.

    `booked` counts the times the meeting got; each new time is a new version of everything
    that depends on it. `generation` counts the calendar events: there is a second one only
    after a person deleted the first. `wanted_from` is since when a time is looked for,
    where that is not the beginning of the case. `in_calendar` is the time that the calendar
    had last: another one there was chosen by a person.
    """

    limit: AwareDatetime | None = None
    wanted_from: AwareDatetime | None = None
    slots: tuple[Slot, ...] = ()
    facilitator: PersonId | None = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    booked: int = 0
    booked_at: AwareDatetime | None = None
    generation: int = 1
    invited: tuple[PersonId, ...] = ()
    url: str = ""
    conference_url: str = ""
    responses: dict[PersonId, Response] = {}
    moves: tuple[Move, ...] = ()
    in_calendar: Interval | None = None
    read_at: AwareDatetime | None = None
    changed_at: AwareDatetime | None = None
    gone_at: AwareDatetime | None = None
    held_at: AwareDatetime | None = None
    recorded_by: PersonId | None = None
    facts_agreed: bool | None = None
    note: str = ""

    @property
    def ahead(self) -> bool:
        """It has a time, and what became of it is not known yet."""
        return self.start is not None and self.held_at is None and self.gone_at is None


class Document(Value):
    """The postmortem document as we know it; `empty_sections` is None until it was read."""

    folder_id: str = ""
    document_id: str = ""
    url: str = ""
    empty_sections: tuple[str, ...] | None = None
    read_at: AwareDatetime | None = None


class Verdict(StrEnum):
    """What leaders decided about a proposal (S0)."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DECLINED = "declined"
    ALREADY_DONE = "already done"


class Decision(Value):
    """One verdict with its reason, its consequence and who stands behind it."""

    verdict: Verdict
    by: PersonId
    at: AwareDatetime
    reason: str = ""
    consequence: str = ""
    revisit: date | None = None
    committed_by: PersonId | None = None


class Confirmation(Value):
    """The owning team's yes to an accepted item; `by` is None when silence counted."""

    at: AwareDatetime
    by: PersonId | None = None


class ActionItem(Value):
    """A proposal and what became of it; `as_typed` is its row when the document was last read."""

    id: str
    text: str
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""
    proposed_by: PersonId | None = None
    proposed_at: AwareDatetime | None = None
    decision: Decision | None = None
    confirmation: Confirmation | None = None
    due: date | None = None
    issue: ObservedIssue | None = None
    done_at: AwareDatetime | None = None
    as_typed: ActionRow | None = None

    @property
    def accepted(self) -> bool:
        """Leaders want it done."""
        return self.decision is not None and self.decision.verdict is Verdict.ACCEPTED

    @property
    def unconfirmed(self) -> bool:
        """Leaders want it, and the team that would do it has not answered yet."""
        return self.accepted and self.confirmation is None

    @property
    def settled(self) -> bool:
        """Nobody has to decide or confirm anything about it any more."""
        return self.decision is not None and not self.unconfirmed

    @property
    def open(self) -> bool:
        """There is a ticket, and the work is not finished."""
        return self.issue is not None and self.issue.state is IssueState.OPEN

    @property
    def state(self) -> str:
        """Where it stands, in the words of people."""
        if self.decision is None:
            return "proposed"
        if not self.accepted:
            return self.decision.verdict.value
        if self.unconfirmed:
            return "confirming with the team"
        if self.issue is None:
            return "accepted"
        return f"{self.issue.key}: {self.issue.state.value}"


class MessageText(Value):
    """The customer message: three parts (S2), plain text."""

    subject: str
    summary: str
    what_happened: str
    what_we_do: str

    @property
    def digest(self) -> str:
        """SHA-256 over the exact words, Unicode NFC and LF, as 64 hex digits."""
        words = {
            name: unicodedata.normalize("NFC", value).replace("\r\n", "\n")
            for name, value in self.model_dump().items()
        }
        exact = json.dumps(words, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(exact.encode()).hexdigest()


class Approval(Value):
    """One request to one liaison for one exact text, and what came of it.

    `superseded` requests stay on record; their links show no text any more.
    """

    id: str
    liaison: PersonId
    version: int
    digest: str
    requested_at: AwareDatetime
    decision: Literal["approved", "changes"] | None = None
    comment: str = ""
    decided_at: AwareDatetime | None = None
    evidence: str = ""
    wrong_codes: int = 0
    superseded_at: AwareDatetime | None = None


class CustomerMessage(Value):
    """What customers will be told, who approved exactly that, and whether it is out."""

    text: MessageText | None = None
    version: int = 0
    drafted_by: PersonId | None = None
    drafted_at: AwareDatetime | None = None
    approvals: tuple[Approval, ...] = ()
    posted_at: AwareDatetime | None = None
    posted_url: str = ""
    withdrawn_at: AwareDatetime | None = None
    withdrawn_reason: str = ""

    @property
    def approval(self) -> Approval | None:
        """The request that counts: the newest, unless it was superseded."""
        newest = self.approvals[-1] if self.approvals else None
        return None if newest is None or newest.superseded_at else newest

    @property
    def approved_at(self) -> AwareDatetime | None:
        """When the present text was approved, if it was."""
        asked = self.approval
        return asked.decided_at if asked and asked.decision == "approved" else None

    @property
    def finished(self) -> bool:
        """It is posted, or will never be."""
        return self.posted_at is not None or self.withdrawn_at is not None


class Anomaly(Value):
    """Something that made no sense, kept for operations."""

    at: AwareDatetime
    text: str


class Case(Value):
    """One postmortem: everything its workflow knows.

    What is derived (phase, who is waited for, what is due) is never stored.
    """

    id: str = ""
    edition: int = NEWEST_EDITION
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
    published_at: AwareDatetime | None = None
    recorded_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    ledger: dict[str, Outcome] = {}
    under_way: tuple[str, ...] = ()
    reminded: dict[PersonId, AwareDatetime] = {}
    anomalies: tuple[Anomaly, ...] = ()

    def done(self, key: str) -> bool:
        """Tell whether an effect of this key was carried out in any version."""
        outcome = self.ledger.get(key)
        return outcome is not None and outcome.status is Status.DONE

    def item(self, item_id: str) -> ActionItem | None:
        """Return an action item by its id."""
        return next((each for each in self.items if each.id == item_id), None)

    def with_item(self, item: ActionItem) -> "Case":
        """Return the case with one action item replaced."""
        return self.replace(
            items=tuple(item if each.id == item.id else each for each in self.items)
        )


class Answer(Value):
    """Where an act leaves a case."""

    phase: Phase
