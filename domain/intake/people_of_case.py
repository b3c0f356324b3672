"""The people of one case, out of an organisation of any size: whom it can come to speak of."""

from collections.abc import Iterable, Iterator

from domain.calendar.directory_snapshot import DirectorySnapshot, Person, Team
from domain.engine.value import PersonId
from domain.intake.effects import PeopleWanted

MEMBERS = 12
"""Members of a team that are known: as candidates three would do, as confirmers all of a team."""

STAND_INS = 5
"""People of each pool that are known: the first of them who can is taken."""

TEAMS_LISTED = 20
"""In an organisation of no more teams all are known, so that work can be given to any of them."""

CHAIN = 2
"""How many levels of managers are known above each person: a ladder tells the next one."""


def of_case(everything: DirectorySnapshot, wanted: PeopleWanted) -> DirectorySnapshot:
    """Return what a case needs of a whole organisation, whatever its size.

    Known are the people whom it names, the teams that were hit or have items, their members,
    everybody's managers, and stand-ins from the pools.
    """
    services = {
        each: everything.services[each] for each in wanted.services if each in everything.services
    }
    teams = _teams(everything, [each.team for each in services.values()], wanted.teams)
    pools = {
        name: _turned(getattr(everything, name), wanted.pick)
        for name in ("incident_commanders", "facilitators", "customer_liaisons")
    }
    owners = [each.owner for each in services.values() if each.owner]
    named = [
        *wanted.people,
        *filter(None, (everything.process_owner, everything.head_of_support)),
        *owners,
        *(person for team in teams.values() for person in _leading(team)),
        *(person for pool in pools.values() for person in pool),
    ]
    people = {
        each: everything.people[each]
        for each in dict.fromkeys(_with_managers(everything, named))
        if each in everything.people
    }
    workers: list[Person | Team] = [*people.values(), *teams.values()]
    zones, holidays = {each.zone for each in workers}, {each.holidays for each in workers}
    return everything.replace(
        people=people,
        teams=teams,
        services=services,
        zones={name: each for name, each in everything.zones.items() if name in zones},
        holidays={name: each for name, each in everything.holidays.items() if name in holidays},
        incident_commanders=pools["incident_commanders"],
        facilitators=pools["facilitators"],
        customer_liaisons=pools["customer_liaisons"],
        unknown=tuple(each for each in wanted.people if each not in everything.people),
    )


def _teams(
    everything: DirectorySnapshot, hit: Iterable[str], named: Iterable[str]
) -> dict[str, Team]:
    all_of_them = everything.teams if len(everything.teams) <= TEAMS_LISTED else ()
    wanted = dict.fromkeys((*hit, *named, *all_of_them))
    return {
        each: everything.teams[each].replace(members=everything.teams[each].members[:MEMBERS])
        for each in wanted
        if each in everything.teams
    }


def _leading(team: Team) -> Iterator[PersonId]:
    yield team.engineering_manager
    if team.product_manager is not None:
        yield team.product_manager
    yield from team.members


def _turned(pool: tuple[PersonId, ...], pick: int) -> tuple[PersonId, ...]:
    """Return the first few of a pool that is entered at a place of the case's own."""
    if len(pool) <= STAND_INS:
        return pool
    place = pick % len(pool)
    return (*pool[place:], *pool[:place])[:STAND_INS]


def _with_managers(everything: DirectorySnapshot, named: Iterable[PersonId]) -> Iterator[PersonId]:
    for person in named:
        above: PersonId | None = person
        for _ in range(CHAIN + 1):
            if above is None:
                break
            yield above
            above = everything.manager_of(above)
