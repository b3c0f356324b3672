"""The meeting: its time, its event and what came of it."""

from pydantic import AwareDatetime

from domain.calendar.interval import Interval
from domain.engine.value import PersonId, Value
from domain.meeting.event import Response
from domain.meeting.slots import Slot

READ_EVENT = "read-event"
"""The reading of the calendar event, which others may want first."""

EVENT = "event"
"""The key under which the ledger keeps the event, whoever made it."""


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
    after a person deleted the first, or the calendar refused it. `wanted_from` is since when a
    time is looked for, where that is not the beginning of the case. `in_calendar` is the time
    that the calendar had last: another one there was chosen by a person.
    """

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
