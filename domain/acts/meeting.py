"""Acts about the meeting: moving it, and saying what came of it."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from domain.acts.act import Act
from domain.case import Case
from domain.meetings import booked_again, length, moved


class MoveMeeting(Act):
    """Somebody wants another time, or names one where none was found.

    Beyond the limit only with a reason.
    """

    start: AwareDatetime
    reason: Annotated[str, Field(max_length=500)] = ""

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse the past, a meeting that is over, and a silent breach of the limit."""
        limit = case.meeting.limit
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


class RecordMeeting(Act):
    """The facilitator says whether the meeting was held and whether the facts are agreed."""

    held: bool
    facts_agreed: bool = True
    note: Annotated[str, Field(max_length=2000)] = ""

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a record of a meeting that has not begun or was recorded before."""
        if case.meeting.start is None or now < case.meeting.start:
            return "The meeting has not begun yet. Come back when it is over."
        if case.meeting.held_at is not None:
            return "The meeting is recorded already. Nothing to do."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the outcome; a missed meeting is booked again."""
        if not self.held:
            return booked_again(case.replace(meeting=case.meeting.replace(note=self.note)), now)
        held = case.meeting.replace(
            held_at=now, recorded_by=self.by, facts_agreed=self.facts_agreed, note=self.note
        )
        return case.replace(meeting=held)
