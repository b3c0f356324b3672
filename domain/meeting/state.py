"""The meeting: its time, its event and what came of it."""

from collections.abc import Mapping

from pydantic import AwareDatetime

from domain.calendar.interval import Interval
from domain.engine.ledger import Outcome, Status
from domain.engine.value import PersonId, Value
from domain.meeting.event import Response
from domain.meeting.slots import Slot

READ_EVENT = "read-event"
"""The reading of the calendar event, which others may want first."""

EVENT = "event"
"""The key under which the ledger keeps the event, whoever made it."""


CALLED_OFF = "event-called-off"
"""The key under which the ledger keeps that the event was called off."""

BOOK_BY_HAND = "book-by-hand"
"""The kind of notice that asks somebody to book the meeting."""

OUTCOME_NOTICE = "meeting-outcome"
"""The kind of notice that asks for the outcome of the meeting, and for its decisions with it."""


class Move(Value):
    """The meeting went to another time."""

    start: AwareDatetime
    at: AwareDatetime
    by: str
    reason: str = ""


class Meeting(Value):
    """The meeting, held from the first minute in one calendar event.

    `booked` counts the times the meeting got; each new time is a new version of everything
    that depends on it. `booked_by_hand` is which of them a person booked,
    where no calendar does. `generation` counts the calendar events: there is a second one only
    after a person deleted the first. `wanted_from` is since when a
    time is looked for, where that is not the beginning of the case. `in_calendar` is the time
    that the calendar had last: another one there was chosen by a person. `missed` counts the
    times that passed in silence; `missed_at` is since when the commander says what becomes of it.
    `held_at` is when it was recorded as held, or waived for the reason in `waived`.
    """

    wanted_from: AwareDatetime | None = None
    slots: tuple[Slot, ...] = ()
    facilitator: PersonId | None = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    booked: int = 0
    booked_at: AwareDatetime | None = None
    booked_by_hand: int = 0
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
    missed: int = 0
    missed_at: AwareDatetime | None = None
    held_at: AwareDatetime | None = None
    waived: str = ""
    recorded_by: PersonId | None = None
    facts_agreed: bool | None = None
    note: str = ""

    @property
    def ahead(self) -> bool:
        """It has a time, and what became of it is not known yet."""
        settled = self.held_at or self.gone_at or self.missed_at
        return self.start is not None and settled is None

    def to_be_booked_by_hand(self, has_calendar: bool, ledger: Mapping[str, Outcome]) -> bool:  # noqa: FBT001 - a fact of the case
        """Tell whether only a person can book it: no calendar is connected, or it refuses."""
        known = ledger.get(EVENT)
        refused = known is not None and known.status is Status.REFUSED and not self.invited
        return self.ahead and self.booked_by_hand != self.booked and (refused or not has_calendar)

    @property
    def stands(self) -> bool:
        """People know when it is: they are invited, or somebody booked it by hand."""
        return bool(self.invited) or (self.booked > 0 and self.booked_by_hand == self.booked)
