"""People, teams, holidays and clock changes, as recorded for one case.

An activity records the snapshot, workflow code computes with it alone: new zone rules or
holiday lists cannot change what an open case has already decided.
"""

from datetime import date, datetime, time
from typing import Any

from pydantic import AwareDatetime, SerializerFunctionWrapHandler, model_serializer

from domain.engine.value import PersonId, Value

UNLISTED = "unlisted"
"""Who is not in the snapshot, where ids are not shown."""


class Absence(Value):
    """Whole days, both ends included, on which a person is away."""

    first: date
    last: date


class Listed(Value):
    """Somebody, or a team, of the organisation file; a usual working week is not written down.

    >>> Listed(id="ana", name="Ana", zone="UTC").model_dump_json()
    '{"id":"ana","name":"Ana","zone":"UTC"}'
    """

    id: str
    name: str
    zone: str
    holidays: str = ""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    hours: tuple[time, time] = (time(9), time(17))

    @model_serializer(mode="wrap")
    def _without_defaults(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is usual: a case holds many of them, and stays small."""
        fields = type(self).model_fields
        return {
            name: each
            for name, each in written(self).items()
            if getattr(self, name) != fields[name].default
        }


class Person(Listed):
    """Who someone is at work, without any address."""

    id: PersonId
    manager: PersonId | None = None
    team: str | None = None
    absences: tuple[Absence, ...] = ()


class Team(Listed):
    """A team that owns services and action items; `list` is its mailing list's id."""

    engineering_manager: PersonId
    product_manager: PersonId | None = None
    members: tuple[PersonId, ...] = ()
    list: PersonId | None = None
    issue_project: str = ""


class Service(Value):
    """A service that an incident can hit."""

    id: str
    name: str
    team: str
    owner: PersonId | None = None


class ClockChange(Value):
    """From this instant on, the zone is this many minutes east of UTC."""

    at: AwareDatetime
    offset_minutes: int


class DirectorySnapshot(Value):
    """What a case knows of people and calendars, recorded at one instant for 13 months.

    `zones` lists each zone's offset changes, oldest first, the first at or before `valid_from`;
    `holidays` maps a calendar's id (`PT`, `GB-ENG`) to its public holidays and their names.
    `process_owner` runs the programme: whatever has no other home is theirs.
    `unknown` are people who were looked for and are not in the organisation file. `opaque` stands
    for people where others may look; it is empty where they may be called by their ids.
    """

    valid_from: AwareDatetime
    valid_until: AwareDatetime
    people: dict[PersonId, Person] = {}
    teams: dict[str, Team] = {}
    services: dict[str, Service] = {}
    zones: dict[str, tuple[ClockChange, ...]] = {}
    holidays: dict[str, dict[date, str]] = {}
    incident_commanders: tuple[PersonId, ...] = ()
    facilitators: tuple[PersonId, ...] = ()
    customer_liaisons: tuple[PersonId, ...] = ()
    head_of_support: PersonId | None = None
    process_owner: PersonId | None = None
    unknown: tuple[PersonId, ...] = ()
    opaque: dict[PersonId, str] = {}

    def name_of(self, person: PersonId) -> str:
        """Return a person's name, or the id of someone we do not know."""
        known = self.people.get(person)
        return known.name if known else person

    def in_clear(self, person: PersonId) -> str:
        """Return what stands for a person where others may look."""
        return self.opaque.get(person, UNLISTED) if self.opaque else person

    def team_of_service(self, service: str) -> Team | None:
        """Return the team that owns a service, if both are known."""
        known = self.services.get(service)
        return self.teams.get(known.team) if known else None

    def manager_of(self, person: PersonId) -> PersonId | None:
        """Return whom a person reports to, if known."""
        known = self.people.get(person)
        return known.manager if known else None

    def covers(self, instant: datetime) -> bool:
        """Tell whether holidays and clock changes are known for an instant."""
        return self.valid_from <= instant < self.valid_until
