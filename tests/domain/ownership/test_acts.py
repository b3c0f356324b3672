"""Who owns the postmortem: who may say yes, say no, or appoint."""

import pytest

from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from tests.playing import AMARA, INES, JOANA, RUI, TOMAS, Play, snapshot
from tests.scenes import owned


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (AcceptOwnership(by=RUI), "Amara Okafor owns this postmortem already"),
        (DeclineOwnership(by=AMARA), "You are not being asked"),
        (AppointOwner(by=RUI, owner=RUI), "Only the incident commander or a leader"),
    ],
)
def test_ownership_is_refused(act: Act[Case], said: str) -> None:
    assert said in owned().refusal(act)


def test_only_who_is_asked_may_accept() -> None:
    assert "not among the people asked" in Play().refusal(AcceptOwnership(by=INES))


def test_a_candidate_may_accept_out_of_turn_and_after_declining() -> None:
    play = Play()
    play.act(DeclineOwnership(by=AMARA))

    play.act(AcceptOwnership(by=AMARA))
    play.act(AcceptOwnership(by=AMARA))

    assert play.case.ownership.owner == AMARA


def test_only_a_leader_appoints() -> None:
    play = Play()

    assert "Only the incident commander" in play.refusal(AppointOwner(by=AMARA, owner=AMARA))
    assert not play.refusal(AppointOwner(by=INES, owner=AMARA))
    assert not play.refusal(AppointOwner(by=OPERATIONS, owner=AMARA))


def test_somebody_whom_the_case_does_not_know_yet_is_looked_up_and_owns() -> None:
    play = Play()
    assert play.case.directory is not None
    fewer = {k: v for k, v in play.case.directory.people.items() if k != TOMAS}
    play.case = play.case.replace(directory=play.case.directory.replace(people=fewer))

    play.act(AppointOwner(by=JOANA, owner=TOMAS))

    assert play.case.ownership.owner == TOMAS
    assert play.case.ownership.appointed is None
    assert [line.name for line in play.case.journal][-3:-1] == [
        "appoint_owner",
        "take-up-ownership",
    ]


def test_somebody_whom_nobody_knows_does_not_own_and_operations_see_it() -> None:
    play = Play()

    play.act(AppointOwner(by=JOANA, owner="who-is-this"))

    assert play.case.ownership.owner is None
    assert play.case.ownership.nominee == AMARA
    assert [(each.kind, each.facts) for each in play.attention] == [
        ("unknown-person", {"person": "who-is-this"})
    ]


def test_whoever_was_not_known_once_may_be_appointed_again_when_they_are() -> None:
    play = Play()
    everybody = snapshot(play.now)
    stranger = everybody.people[TOMAS].replace(id="new-here")
    play.act(AppointOwner(by=JOANA, owner="new-here"))
    play.directory = everybody.replace(people={**everybody.people, "new-here": stranger})
    play.wait(hours=1)

    play.act(AppointOwner(by=JOANA, owner="new-here"))
    play.wait(days=1)

    assert play.case.ownership.owner == "new-here"
