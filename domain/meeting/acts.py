"""Acts about the meeting: moving it, booking it by hand, and saying what came of it."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.value import PersonId
from domain.meeting.booking import booked_again, length, moved
from domain.moments import meeting_limit
from domain.people import chair, commander

Reason = Annotated[str, Field(max_length=500, description="Reason")]


class MoveMeeting(Act[Case]):
    """Somebody wants another time, or names one where none was found.

    Beyond the limit only with a reason.
    """

    name: ClassVar[str] = "move_meeting"

    start: AwareDatetime
    reason: Annotated[str, Field(max_length=500)] = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, or the commander until there is one; and who leads the meeting."""
        leader = commander(case) if case.meeting.missed_at else None
        asked = (case.ownership.owner or commander(case), chair(case), leader, OPERATIONS)
        return frozenset(filter(None, asked))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While the meeting was not held."""
        return case.meeting.held_at is None

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner and the facilitator move the meeting here. Ask one of them."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse the past, a meeting that is over, and a silent breach of the limit."""
        limit = meeting_limit(case)
        if case.meeting.held_at is not None:
            return "The meeting was held already; it cannot move."
        if self.start <= now:
            return "That time is over. Choose one in the future."
        if case.directory is None or not case.directory.covers(self.start):
            return "That is more than a year ahead. Choose an earlier time."
        if limit is not None and self.start + length(case) > limit and not self.reason.strip():
            return "That is beyond the policy's limit. Give a reason, or choose an earlier time."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Give the meeting its new time; all that depends on it follows."""
        if case.meeting.ahead and self.start == case.meeting.start:
            return case
        return moved(case, self.start, None, self.by, now, reason=self.reason)

    def noted_as(self) -> dict[str, str]:
        """Return the time that they chose."""
        return {"start": self.start.isoformat()}


class RecordMeeting(Act[Case]):
    """The facilitator says whether the meeting was held and whether the facts are agreed."""

    name: ClassVar[str] = "record_meeting"

    held: bool
    facts_agreed: bool = True
    note: Annotated[str, Field(max_length=2000)] = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who leads the meeting; where they say nothing, the owner and the commander."""
        able = (chair(case), case.ownership.owner, commander(case), OPERATIONS)
        return frozenset(filter(None, able))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While nobody has said what came of it."""
        return case.meeting.ahead or case.meeting.missed_at is not None

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the facilitator, the owner and the incident commander record the meeting."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a record of a meeting that has not begun or was recorded before."""
        if case.meeting.start is None or now < case.meeting.start:
            return "The meeting has not begun yet. Come back when it is over."
        if case.meeting.held_at is not None:
            return "The meeting is recorded already. Nothing to do."
        if not self.held and case.meeting.missed >= case.binding.meeting.booked_again_at_most:
            return (
                f"It was booked again {case.meeting.missed} times already. Choose a time that "
                "suits those who must be there, and move the meeting to it."
            )
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the outcome; a missed meeting is booked again."""
        if not self.held:
            missed = case.meeting.missed + 1
            noted = case.replace(meeting=case.meeting.replace(note=self.note, missed=missed))
            return booked_again(noted, now)
        held = case.meeting.replace(
            held_at=now, recorded_by=self.by, facts_agreed=self.facts_agreed, note=self.note
        )
        return case.replace(meeting=held.replace(missed_at=None))

    def noted_as(self) -> dict[str, str]:
        """Return what came of it."""
        return {"held": "yes" if self.held else "no"}


class Waive(Act[Case]):
    """The commander does without the meeting: what it was for is decided in writing (4.36)."""

    name: ClassVar[str] = "waive"

    reason: Reason

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The commander, who answers for the incident."""
        return frozenset(filter(None, (commander(case), OPERATIONS)))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """Where the policy allows it for the severity."""
        return case.meeting.ahead and case.binding.severity.meeting_may_be_waived

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the incident commander waives the meeting. Ask them."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a meeting that is over, one that the policy wants, and a silent waiver."""
        if case.meeting.held_at is not None:
            return "The meeting is over already. Nothing to do."
        if not (case.meeting.missed_at or case.binding.severity.meeting_may_be_waived):
            return "The policy waives no meeting of this severity. Move it, or cancel the case."
        return None if self.reason.strip() else "Say why the meeting is waived."

    def applied(self, case: Case, now: datetime) -> Case:
        """Go on to the decisions; the reason stands in the record."""
        waived = case.meeting.replace(held_at=now, waived=self.reason.strip(), recorded_by=self.by)
        return case.replace(meeting=waived.replace(missed_at=None, gone_at=None))


class RecordBooking(Act[Case]):
    """The owner booked the meeting by hand, and says where it stands."""

    name: ClassVar[str] = "record_booking"

    reference: Annotated[str, Field(max_length=500)]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, and the commander in their place."""
        return frozenset(filter(None, (case.ownership.owner, commander(case), OPERATIONS)))

    def not_yours(self, case: Case) -> str:
        """Say who was asked."""
        return "The owner is asked to book the meeting. Pass the address on to them."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a missing address, and a meeting that needs no booking."""
        if not case.meeting.to_be_booked_by_hand(case.has_calendar, case.ledger):
            return "This meeting is booked already. Nothing to do."
        if not self.reference.strip():
            return "Paste the address of the event, so that others find it."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note where the meeting stands, for the time that it has now."""
        booked = case.meeting.replace(
            url=self.reference.strip(), booked_by_hand=case.meeting.booked
        )
        return case.replace(meeting=booked)
