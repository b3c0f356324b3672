"""What people are told about the meeting."""

from typing import ClassVar

from pydantic import AwareDatetime

from domain.action_items.state import ItemFacts
from domain.calendar.spans import Span
from domain.engine.notice import Notice
from domain.incident import IncidentFacts
from domain.meeting.event import EventFacts
from domain.meeting.state import BOOK_BY_HAND, OUTCOME_NOTICE


class MeetingDeleted(Notice):
    """Ask whether the meeting was moved or cancelled, since somebody deleted its event."""

    kind: ClassVar[str] = "meeting-deleted"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None
    patience: Span


class MeetingOutcome(Notice):
    """Ask the facilitator what came of the meeting and of each proposal."""

    kind: ClassVar[str] = OUTCOME_NOTICE

    incident: IncidentFacts
    undecided: tuple[ItemFacts, ...]


class BookByHand(Notice):
    """Ask the owner to book the meeting where no calendar is connected, or it refuses."""

    kind: ClassVar[str] = BOOK_BY_HAND

    incident: IncidentFacts
    meeting_at: AwareDatetime | None
    event: EventFacts | None


class MissedMeeting(Notice):
    """Ask the commander what becomes of a meeting of which nobody says anything."""

    kind: ClassVar[str] = "missed-meeting"

    incident: IncidentFacts
    meeting_at: AwareDatetime | None
