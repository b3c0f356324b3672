"""Nobody will own it: three are asked, then the commander, then the manager, whose it is."""

from domain.case import Phase
from domain.ownership.acts import AppointOwner, DeclineOwnership
from domain.ownership.changes import owned_by_default
from domain.ownership.notices import OwnerByDefault
from domain.people import asked_candidates, ranked_candidates
from domain.phases import phase
from tests.playing import (
    AMARA,
    HELENA,
    INES,
    JOANA,
    KWAME,
    NADIA,
    PRIYA,
    RUI,
    TOMAS,
    Play,
    an_incident,
    snapshot,
)
from tests.silence import silent, stuck


def away(*people: str) -> Play:
    """A case whose people are partly on leave."""
    known = snapshot(an_incident().resolved_at)
    absences = {"absences": ({"first": "2027-01-12", "last": "2027-03-20"},)}
    absent = {
        each: known.people[each].model_validate(known.people[each].model_dump() | absences)
        for each in people
    }
    return Play(directory=known.replace(people={**known.people, **absent}))


def asked(play: Play) -> list[str]:
    return [to for _, to in play.sent("nomination")]


def appointing(play: Play) -> list[str]:
    return [to for _, to in play.sent("appointment")]


def test_three_are_asked_then_the_commander_then_the_manager_who_owns_it() -> None:
    play = Play()

    play.wait(days=10)

    assert len(asked(play)) == 3
    assert appointing(play) == [JOANA, INES]
    assert play.case.ownership.owner == INES
    assert [to for _, to in play.sent(OwnerByDefault.kind)] == [INES]


def test_sixty_silent_days_leave_an_owner_who_was_told() -> None:
    play = silent(Play())

    assert stuck(play) == []
    assert play.case.ownership.owner == INES
    assert phase(play.case) is not Phase.AWAITING_OWNER


def test_who_is_away_is_not_asked() -> None:
    play = away(AMARA)

    assert asked(play) == [RUI]
    assert AMARA not in play.case.ownership.candidates


def test_who_is_away_when_it_is_their_turn_is_passed_over() -> None:
    play = Play()
    assert play.case.directory is not None
    second = play.case.ownership.candidates[1]
    person = play.case.directory.people[second]
    absences = {"absences": ({"first": "2027-01-12", "last": "2027-03-20"},)}
    absent = person.model_validate(person.model_dump() | absences)
    people = {**play.case.directory.people, second: absent}
    play.case = play.case.replace(directory=play.case.directory.replace(people=people))

    play.act(DeclineOwnership(by=AMARA))

    assert play.case.ownership.nominee == play.case.ownership.candidates[2]
    assert [each.reason for each in play.case.ownership.passed] == ["declined", "away"]


def test_no_product_manager_is_asked() -> None:
    case = Play().case

    assert not {KWAME, PRIYA} & set(ranked_candidates(case))
    assert {TOMAS, "yuki-tanaka"} <= set(ranked_candidates(case))
    assert len(asked_candidates(case, case.opened_at or an_incident().resolved_at)) == 3


def test_a_manager_who_is_away_leaves_it_to_who_is_above() -> None:
    play = away(INES)
    play.wait(days=10)

    assert appointing(play) == [JOANA, HELENA]
    assert play.case.ownership.owner == HELENA


def test_a_commander_who_is_the_manager_is_asked_once() -> None:
    incident = an_incident()
    nobody = tuple(each for each in incident.participants if each.person != JOANA)
    play = Play(incident=incident.replace(participants=nobody))
    play.wait(days=10)

    assert appointing(play) == [INES]
    assert play.case.ownership.owner == INES


def test_the_manager_names_somebody_else_and_it_is_theirs() -> None:
    play = Play()
    play.wait(days=10)
    offered = AppointOwner.offered(play.case)

    play.act(AppointOwner(by=INES, owner=RUI))

    assert offered
    assert play.case.ownership.owner == RUI
    assert not AppointOwner.offered(play.case)


def test_where_no_team_is_known_it_ends_with_the_process_owner() -> None:
    stranger = an_incident().replace(participants=(), services=("unheard-of",))
    play = Play(incident=stranger)
    play.wait(days=10)

    assert play.case.ownership.owner == NADIA


def test_where_nobody_is_known_nobody_owns_it() -> None:
    known = snapshot(an_incident().resolved_at).replace(incident_commanders=(), process_owner=None)
    stranger = an_incident().replace(participants=(), services=("unheard-of",))
    play = Play(incident=stranger, directory=known)

    assert owned_by_default(play.case, play.now) == play.case
