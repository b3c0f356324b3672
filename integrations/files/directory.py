"""FileDirectory: people, teams, services and their calendars, from the organisation file."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from domain.calendar.directory_snapshot import ClockChange, DirectorySnapshot, Person, Service, Team
from domain.engine.value import PersonId
from integrations.files.organisation import (
    ListEntry,
    Organisation,
    PersonEntry,
    TeamEntry,
    WrongOrganisation,
    read_organisation,
)
from integrations.issue_projects import IssueProject
from integrations.ports import Address

__all__ = ["FileDirectory", "WrongOrganisation"]

REACH_BACK = timedelta(days=41)
"""An incident may be resolved weeks before anybody tells us; its night still counts."""

REACH_AHEAD = timedelta(days=398)
"""The longest thirteen months, and the rest of the day."""


DAYS_KEPT = 4
"""Of how many days the whole organisation is kept at hand: where time is skipped, several."""


class FileDirectory:
    """The organisation as one TOML file has it, read and checked once.

    Raises:
        WrongOrganisation: the file cannot be used; everything wrong is named.
    """

    def __init__(self, path: Path) -> None:
        self._organisation = read_organisation(path)
        # All cases of a day share one: an organisation may be large.
        self._of_day = lru_cache(DAYS_KEPT)(self._made)

    def snapshot(self, now: datetime) -> DirectorySnapshot:
        """Return people, teams, services, holidays and clock changes for 13 months from now."""
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return self._of_day(today)

    def _made(self, today: datetime) -> DirectorySnapshot:
        first, last = today - REACH_BACK, today + REACH_AHEAD
        organisation = self._organisation
        people = {id_: self._person(id_, entry) for id_, entry in organisation.people.items()}
        teams = {id_: self._team(id_, entry) for id_, entry in organisation.teams.items()}
        entries: list[Person | Team] = [*people.values(), *teams.values()]
        zones = sorted({entry.zone for entry in entries})
        calendars = sorted({entry.holidays for entry in entries if entry.holidays})
        return DirectorySnapshot(
            valid_from=first,
            valid_until=last,
            people=dict(sorted(people.items())),
            teams=dict(sorted(teams.items())),
            services=_services(organisation),
            zones={zone: _changes(zone, first, last) for zone in zones},
            holidays={name: _holidays(name, first.date(), last.date()) for name in calendars},
            incident_commanders=organisation.incident_commanders,
            facilitators=organisation.facilitators,
            customer_liaisons=organisation.customer_liaisons,
            head_of_support=organisation.head_of_support,
            process_owner=organisation.process_owner,
        )

    def addresses(self, people: Sequence[PersonId]) -> Mapping[PersonId, Address]:
        """Return the addresses of those people and lists who are known."""
        known: dict[PersonId, ListEntry | PersonEntry] = {
            **self._organisation.lists,
            **self._organisation.people,
        }
        return {id_: self._address(known[id_]) for id_ in dict.fromkeys(people) if id_ in known}

    def _address(self, entry: ListEntry | PersonEntry) -> Address:
        """Return where somebody is reached, and by whose clocks they read."""
        if isinstance(entry, ListEntry):
            return Address(email=entry.email, name=entry.name)
        zone = self._organisation.hours_of(entry).zone
        return Address(email=entry.email, name=entry.name, zone=zone)

    def person_called(self, tool: str, name: str) -> PersonId | None:
        """Return the person that a tool calls by this id, or who has this mail address."""
        wanted = name.strip().casefold()
        for id_, entry in self._organisation.people.items():
            if wanted and wanted in (entry.tools.get(tool, "").casefold(), entry.email.casefold()):
                return id_
        return None

    def service_called(self, tool: str, name: str) -> str | None:
        """Return the service that a tool calls by this id, or that bears this name."""
        wanted = name.strip().casefold()
        for id_, entry in self._organisation.services.items():
            if wanted and wanted in (entry.tools.get(tool, "").casefold(), entry.name.casefold()):
                return id_
        return None

    def commands_incidents(self, person: PersonId) -> bool:
        """Tell whether a person is in the pool of incident commanders."""
        return person in self._organisation.incident_commanders

    def issue_projects(self) -> Mapping[str, IssueProject]:
        """Return how tickets are opened in each project that the file describes."""
        return self._organisation.issue_projects

    def _person(self, id_: PersonId, entry: PersonEntry) -> Person:
        return Person(
            id=id_,
            name=entry.name,
            manager=entry.manager,
            team=entry.team,
            absences=entry.absences,
            **self._work(entry),
        )

    def _team(self, id_: str, entry: TeamEntry) -> Team:
        people = self._organisation.people
        return Team(
            id=id_,
            name=entry.name,
            engineering_manager=entry.engineering_manager,
            product_manager=entry.product_manager,
            members=tuple(sorted(each for each in people if people[each].team == id_)),
            list=entry.list,
            issue_project=entry.issue_project,
            **self._work(entry),
        )

    def _work(self, entry: PersonEntry | TeamEntry) -> dict[str, Any]:
        return dict(self._organisation.hours_of(entry).model_dump(exclude_none=True))


def _services(organisation: Organisation) -> dict[str, Service]:
    return {
        id_: Service(id=id_, name=entry.name, team=entry.team, owner=entry.owner)
        for id_, entry in sorted(organisation.services.items())
    }


def _holidays(calendar: str, first: date, last: date) -> dict[date, str]:
    country, _, subdivision = calendar.partition("-")
    years = range(first.year, last.year + 1)
    days = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    return {day: name for day, name in sorted(days.items()) if first <= day <= last}


def _changes(zone: str, first: datetime, last: datetime) -> tuple[ClockChange, ...]:
    """Return the offset at `first` and each change of it up to `last`."""
    place = ZoneInfo(zone)
    changes = [ClockChange(at=first, offset_minutes=_offset(place, first))]
    day = first
    while day < last:
        next_day = day + timedelta(days=1)
        if _offset(place, day) != _offset(place, next_day):
            change = _first_change(place, day, next_day)
            changes.append(ClockChange(at=change, offset_minutes=_offset(place, change)))
        day = next_day
    return tuple(changes)


def _first_change(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first minute of the new offset, by halving."""
    minutes = int((after - before) / timedelta(minutes=1))
    while minutes > 1:
        middle = before + timedelta(minutes=minutes // 2)
        if _offset(place, middle) == _offset(place, before):
            before, minutes = middle, minutes - minutes // 2
        else:
            minutes //= 2
    return before + timedelta(minutes=1)


def _offset(place: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(place).utcoffset()
    return int((offset or timedelta()) / timedelta(minutes=1))
