"""Acts about the meeting: moving it, and saying what came of it."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from domain.acts.act import Act
from domain.case import Case, Meeting, Move


class MoveMeeting(Act):
    """Somebody wants another time; beyond the limit only with a reason."""

    start: AwareDatetime
    reason: Annotated[str, Field(max_length=500)] = ""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse the past, a meeting that is over, and a silent breach of the limit."""
        meeting = case.meeting
        if meeting.start is None or meeting.end is None:
            return "There is no meeting yet to move. It is booked as soon as a time is found."
        if meeting.held_at is not None:
            return "The meeting was held already; it cannot move."
        if self.start <= now:
            return "That time is over. Choose one in the future."
        end = self.start + (meeting.end - meeting.start)
        if meeting.limit is not None and end > meeting.limit and not self.reason:
            return "That is beyond the policy's limit. Give a reason, or choose an earlier time."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Give the meeting its new time; all that depends on it follows."""
        return moved(case, self.start, None, self.by, now)


class RecordMeeting(Act):
    """The facilitator says whether the meeting was held and whether the facts are agreed."""

    held: bool
    facts_agreed: bool = True
    note: Annotated[str, Field(max_length=2000)] = ""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse a record of a meeting that has not begun or was recorded before."""
        if case.meeting.start is None or now < case.meeting.start:
            return "The meeting has not begun yet. Come back when it is over."
        if case.meeting.held_at is not None:
            return "The meeting is recorded already. Nothing to do."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the outcome; a missed meeting is booked again."""
        meeting = case.meeting
        if not self.held:
            return case.but(meeting=meeting.but(start=None, end=None, slots=(), note=self.note))
        held = meeting.but(
            held_at=now, recorded_by=self.by, facts_agreed=self.facts_agreed, note=self.note
        )
        return case.but(meeting=held)


def moved(case: Case, start: datetime, end: datetime | None, by: str, now: datetime) -> Case:
    """Return the case with the meeting at another time, its length kept unless an end is given."""
    meeting = case.meeting
    if meeting.start is None or meeting.end is None or start == meeting.start:
        return case
    length = meeting.end - meeting.start
    there: Meeting = meeting.but(
        start=start,
        end=end or start + length,
        booked=meeting.booked + 1,
        moves=(*meeting.moves, Move(start=start, at=now, by=by)),
    )
    return case.but(meeting=there)
