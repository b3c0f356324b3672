"""The people of one case, whatever the size of the organisation (defect 7)."""

from functools import cache

import pytest

from domain.calendar.directory_snapshot import DirectorySnapshot, Person, Service, Team
from domain.incident import Participant, Role
from domain.intake.effects import PeopleWanted
from domain.intake.people_of_case import CHAIN, MEMBERS, STAND_INS, TEAMS_LISTED, of_case
from domain.ownership.acts import AcceptOwnership, AppointOwner
from domain.people import attendees, commander, leaders
from tests.playing import Play, an_incident, snapshot
from tests.scenes import ROWS, confirm, decide, record, yes

KILOBYTE = 1024
SPAN = 7  # how many report to one manager
TEAM = 10

SIZES = [1_000, 50_000]


def person(number: int) -> str:
    return f"person-{number}"


@cache
def organisation(size: int) -> DirectorySnapshot:
    """An organisation that is made up: a tree of managers, teams of ten, a service each."""
    own = snapshot(an_incident().resolved_at)
    people = {
        person(n): Person(
            id=person(n),
            name=f"Person Number {n}",
            zone="Europe/Lisbon",
            holidays="PT",
            manager=person((n - 1) // SPAN) if n else None,
            team=f"team-{n // TEAM}",
        )
        for n in range(size)
    }
    teams = {
        f"team-{n}": Team(
            id=f"team-{n}",
            name=f"Team {n}",
            zone="Europe/Lisbon",
            holidays="PT",
            engineering_manager=person(n * TEAM),
            product_manager=person(n * TEAM + 1),
            members=tuple(person(n * TEAM + each) for each in range(TEAM)),
            list=f"list-{n}",
            issue_project=f"T{n}",
        )
        for n in range(size // TEAM)
    }
    services = {
        f"service-{n}": Service(
            id=f"service-{n}", name=f"Service {n}", team=f"team-{n}", owner=person(n * TEAM + 2)
        )
        for n in range(size // TEAM)
    }
    pools = [tuple(person(n) for n in range(first, size, size // 200)) for first in range(3)]
    return own.replace(
        people=people,
        teams=teams,
        services=services,
        incident_commanders=pools[0],
        facilitators=pools[1],
        customer_liaisons=pools[2],
    )


def play(size: int) -> Play:
    """A sev1 that hit five services, with sixteen people in it."""
    told = [Participant(person=person(700), role=Role.INCIDENT_COMMANDER)]
    told += [Participant(person=person(700 + n), role=Role.RESPONDER) for n in range(1, 16)]
    services = tuple(f"service-{n}" for n in (70, 71, 72, 80, 90))
    incident = an_incident().replace(services=services, participants=tuple(told))
    return Play(incident=incident, directory=organisation(size))


def size_of(play: Play) -> int:
    return len(play.case.model_dump_json().encode())


@pytest.mark.parametrize("size", SIZES)
def test_a_case_stays_small_to_its_end_however_many_people_there_are(size: int) -> None:
    played = play(size)
    leader = person(700)
    played.act(AcceptOwnership(by=played.case.ownership.nominee or ""))
    played.rows = tuple(row.replace(team="team-70") for row in ROWS)
    played.until(played.case.meeting.end)
    played.act(record(played.case))
    played.act(decide(played.case, *(yes(item.id, leader) for item in played.case.items)))
    played.act(confirm(leader, "AI-1", "AI-2", "AI-3", "AI-4"))
    played.wait(days=60)

    assert played.case.published_at is not None
    assert size_of(played) < 44 * KILOBYTE


@pytest.mark.parametrize("size", SIZES)
def test_the_people_who_matter_are_known(size: int) -> None:
    played = play(size)
    case = played.case
    known = case.directory
    assert known is not None

    wanted = {each.person for each in played.incident.participants}
    wanted |= {*leaders(case)} | {p for p in (commander(case), case.meeting.facilitator) if p}
    wanted |= {each.person for each in attendees(case)}
    assert wanted <= set(known.people)
    assert {known.services[each].team for each in played.incident.services} <= set(known.teams)
    managers = {known.manager_of(person(700 + n)) for n in range(16)}
    assert managers <= set(known.people)
    assert not known.unknown


@pytest.mark.parametrize("size", SIZES)
def test_somebody_from_far_away_who_is_appointed_is_looked_up_and_owns(size: int) -> None:
    played = play(size)
    stranger = person(size - 5)
    assert played.case.directory is not None
    assert stranger not in played.case.directory.people

    played.act(AppointOwner(by=person(700), owner=stranger))

    assert played.case.ownership.owner == stranger
    assert played.case.directory is not None
    assert stranger in played.case.directory.people
    assert size_of(played) < 40 * KILOBYTE


def test_somebody_whom_the_organisation_does_not_know_is_noted() -> None:
    played = play(1_000)

    played.act(AppointOwner(by=person(700), owner="who-is-this"))

    assert played.case.ownership.owner is None
    assert played.stuck == ["unknown-person"]
    assert played.case.directory is not None
    assert played.case.directory.unknown == ("who-is-this",)


# --- who is picked --------------------------------------------------------------------------


def wanted(**fields: object) -> PeopleWanted:
    usual = {"now": an_incident().resolved_at, "people": (), "services": (), "teams": ()}
    return PeopleWanted.model_validate({**usual, **fields})


def test_everybodys_managers_are_known_some_levels_up() -> None:
    known = of_case(organisation(50_000), wanted(people=(person(49_999),)))

    chain, above = [], person(49_999)
    for _ in range(CHAIN + 1):
        chain.append(above)
        above = organisation(50_000).manager_of(above) or ""
    assert set(chain) <= set(known.people)


def test_a_chain_of_managers_ends_at_the_top() -> None:
    known = of_case(organisation(1_000).replace(facilitators=()), wanted(people=(person(0),)))

    assert person(0) in known.people


def test_of_large_pools_and_teams_a_few_are_known_and_cases_share_the_work() -> None:
    everybody = organisation(1_000)
    crowd = everybody.teams["team-1"].replace(members=tuple(map(person, range(100, 150))))
    everybody = everybody.replace(teams={**everybody.teams, "team-1": crowd})

    one = of_case(everybody, wanted(teams=("team-1",), pick=3))
    other = of_case(everybody, wanted(teams=("team-1",), pick=5))

    assert len(one.teams["team-1"].members) == MEMBERS
    assert len(one.facilitators) == STAND_INS
    assert one.facilitators != other.facilitators
    assert one.teams.keys() == {"team-1"}


def test_in_a_small_organisation_every_team_is_known() -> None:
    own = snapshot(an_incident().resolved_at)

    known = of_case(own, wanted())

    assert len(own.teams) <= TEAMS_LISTED
    assert known.teams.keys() == own.teams.keys()
    assert known.facilitators == own.facilitators


def test_what_nobody_knows_is_left_out() -> None:
    known = of_case(
        organisation(1_000),
        wanted(people=("who-is-this",), services=("unheard-of",), teams=("nowhere",)),
    )

    assert known.services == {}
    assert known.teams == {}
    assert known.unknown == ("who-is-this",)


def test_only_the_calendars_of_who_is_known_are_kept() -> None:
    everybody = organisation(1_000)

    known = of_case(everybody, wanted(people=(person(5),)))

    assert known.zones.keys() == {"Europe/Lisbon"}
    assert known.holidays.keys() == {"PT"}
    assert len(everybody.holidays) > 1
