"""The calendar event of the meeting: as it should stand, and as people left it."""

from enum import StrEnum

from pydantic import AwareDatetime

from domain.engine.value import FromOutside, PersonId, Value
from domain.incident import IncidentFacts


class Attendee(Value):
    """Somebody on an invitation."""

    person: PersonId
    optional: bool = False


class Response(StrEnum):
    """What an invited person answered."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class DesiredEvent(Value):
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


class ObservedEvent(FromOutside):
    """The meeting as the calendar has it now; `exists` is False once a person deleted it."""

    exists: bool
    event_id: str = ""
    url: str = ""
    conference_url: str = ""
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    responses: dict[PersonId, Response] = {}


class EventFacts(Value):
    """The calendar event as facts, which `wording/` says in words.

    Before the invitation it is only held, and bears nobody's name. `agenda` holds minutes and
    what they are for.
    """

    key: str
    start: AwareDatetime
    end: AwareDatetime
    incident: IncidentFacts
    inviting: bool = False
    attendees: tuple[Attendee, ...] = ()
    agenda: tuple[tuple[int, str], ...] = ()
    opening: str = ""
    facilitator: str = ""
    document_url: str = ""
