"""The shape of the organisation file, and every complaint about one at once."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import holidays
from pydantic import Field, ValidationError

from domain.calendar.directory_snapshot import Absence
from domain.engine.value import PersonId, Value
from domain.plain_text import OneLine
from integrations import issue_projects
from integrations.issue_projects import IssueProject, ProjectKey

Email = Annotated[str, Field(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$", max_length=254)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Named = Annotated[OneLine, Field(min_length=1, max_length=120)]


class WrongOrganisation(Exception):
    """The organisation file cannot be used; the text names everything that is wrong with it."""


class Hours(Value):
    """Where and when work happens; what is not said comes from the office, then from defaults."""

    zone: str | None = None
    holidays: str | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = None
    hours: tuple[time, time] | None = None


class PersonEntry(Hours):
    """One person; `tools` says what each tool calls them."""

    name: Named
    email: Email
    office: str | None = None
    manager: PersonId | None = None
    team: str | None = None
    absences: tuple[Absence, ...] = ()
    tools: dict[str, str] = Field(default_factory=dict)


class TeamEntry(Hours):
    """One team; its members are the people who name it."""

    name: Named
    office: str | None = None
    engineering_manager: PersonId
    product_manager: PersonId | None = None
    list: PersonId | None = None
    issue_project: str = ""


class ServiceEntry(Value):
    """One service; `tools` says what each tool calls it."""

    name: Named
    team: str
    owner: PersonId | None = None
    tools: dict[str, str] = Field(default_factory=dict)


class ListEntry(Value):
    """One mailing list."""

    name: Named
    email: Email


class Organisation(Value):
    """The whole file."""

    offices: dict[str, Hours] = Field(default_factory=dict)
    people: dict[PersonId, PersonEntry]
    teams: dict[str, TeamEntry] = Field(default_factory=dict)
    services: dict[str, ServiceEntry] = Field(default_factory=dict)
    lists: dict[PersonId, ListEntry] = Field(default_factory=dict)
    issue_projects: dict[ProjectKey, IssueProject] = Field(default_factory=dict)
    incident_commanders: tuple[PersonId, ...] = ()
    facilitators: tuple[PersonId, ...] = ()
    customer_liaisons: tuple[PersonId, ...] = ()
    head_of_support: PersonId | None = None
    process_owner: PersonId

    def hours_of(self, entry: PersonEntry | TeamEntry) -> Hours:
        """Return an entry's zone, holidays, weekdays and hours, its office's where it is silent."""
        office = self.offices.get(entry.office or "", Hours())
        return Hours(
            zone=entry.zone or office.zone,
            holidays=office.holidays if entry.holidays is None else entry.holidays,
            weekdays=entry.weekdays or office.weekdays,
            hours=entry.hours or office.hours,
        )


def read_organisation(path: Path) -> Organisation:
    """Read the file, or say everything that is wrong with it.

    Raises:
        WrongOrganisation: one line per problem, each with its place in the file.
    """
    try:
        organisation = Organisation.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise WrongOrganisation(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongOrganisation(f"{path} is not TOML: {error}.") from None
    except ValidationError as error:
        raise WrongOrganisation(_complaint(path, list(_field_problems(error)))) from None
    problems = [*_reference_problems(organisation), *_calendar_problems(organisation)]
    problems += _name_problems(organisation)
    opened_in = {each.issue_project for each in organisation.teams.values()} - {""}
    problems += issue_projects.problems(organisation.issue_projects, opened_in)
    if problems:
        raise WrongOrganisation(_complaint(path, problems))
    return organisation


def _complaint(path: Path, problems: list[str]) -> str:
    return "\n".join([f"{path} has {len(problems)} problem(s):", *problems])


def _field_problems(error: ValidationError) -> Iterator[str]:
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"] if part != "[key]")
        yield f"{place}: {each['msg']}"


def _reference_problems(organisation: Organisation) -> Iterator[str]:
    people, teams = organisation.people, organisation.teams
    for place, person in _people_named(organisation):
        if person not in people:
            yield f"{place}: there is no person '{person}'"
    for place, team in _teams_named(organisation):
        if team not in teams:
            yield f"{place}: there is no team '{team}'"
    for team, entry in teams.items():
        if entry.list is not None and entry.list not in organisation.lists:
            yield f"teams.{team}.list: there is no list '{entry.list}'"
    for place, hours in _places_of_work(organisation):
        if hours.office is not None and hours.office not in organisation.offices:
            yield f"{place}.office: there is no office '{hours.office}'"


def _people_named(organisation: Organisation) -> Iterator[tuple[str, PersonId]]:
    for person, entry in organisation.people.items():
        if entry.manager is not None:
            yield f"people.{person}.manager", entry.manager
    for team, led in organisation.teams.items():
        yield f"teams.{team}.engineering_manager", led.engineering_manager
        if led.product_manager is not None:
            yield f"teams.{team}.product_manager", led.product_manager
    for service, owned in organisation.services.items():
        if owned.owner is not None:
            yield f"services.{service}.owner", owned.owner
    yield "process_owner", organisation.process_owner
    if organisation.head_of_support is not None:
        yield "head_of_support", organisation.head_of_support
    for pool in ("incident_commanders", "facilitators", "customer_liaisons"):
        for person in getattr(organisation, pool):
            yield pool, person


def _teams_named(organisation: Organisation) -> Iterator[tuple[str, str]]:
    for person, entry in organisation.people.items():
        if entry.team is not None:
            yield f"people.{person}.team", entry.team
    for service, owned in organisation.services.items():
        yield f"services.{service}.team", owned.team


def _places_of_work(organisation: Organisation) -> Iterator[tuple[str, PersonEntry | TeamEntry]]:
    for person, entry in organisation.people.items():
        yield f"people.{person}", entry
    for team, led in organisation.teams.items():
        yield f"teams.{team}", led


def _calendar_problems(organisation: Organisation) -> Iterator[str]:
    zones = available_timezones()
    for place, entry in _places_of_work(organisation):
        hours = organisation.hours_of(entry)
        if hours.zone is None:
            yield f"{place}: neither it nor an office of its says the zone"
        elif hours.zone not in zones:
            yield f"{place}: there is no time zone '{hours.zone}'"
        if hours.holidays and not _is_holiday_calendar(hours.holidays):
            yield f"{place}: there is no holiday calendar '{hours.holidays}'"
        if hours.hours and hours.hours[0] >= hours.hours[1]:
            yield f"{place}: the working hours end before they start"


def _is_holiday_calendar(name: str) -> bool:
    country, _, subdivision = name.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not subdivision or subdivision in known[country])


def _name_problems(organisation: Organisation) -> Iterator[str]:
    """One name must lead to one person: a mail to the wrong one is worse than a refused file."""
    for name in sorted(organisation.people.keys() & organisation.lists.keys()):
        yield f"lists.{name}: a person has this id already"
    for each in _repeated(entry.email for entry in organisation.people.values()):
        yield f"people: more than one has the address of {each}"
    for kind, entries in (("people", organisation.people), ("services", organisation.services)):
        called = (
            f"{tool} {name}" for entry in entries.values() for tool, name in entry.tools.items()
        )
        for each in _repeated(called):
            yield f"{kind}: more than one is {each}"


def _repeated(names: Iterator[str]) -> list[str]:
    return [name for name, times in Counter(each.casefold() for each in names).items() if times > 1]
