"""What every act has in common: when it is refused, and what it leaves in the journal."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain import lifecycle
from domain.case import Case
from domain.engine.act import CLOSED, NOT_READY, OPERATIONS, Act, possible
from domain.engine.journal import Door, Happening
from domain.incident import Severity
from domain.meeting.acts import MoveMeeting
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.steering.acts import Cancel
from tests.domain.engine.drill import Drill, Leave
from tests.playing import AMARA, INES, JOANA, RUI, Play, an_incident
from tests.scenes import approved, asked, decided, followed, met, owned

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
ACTS = lifecycle.acts()
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))


@every_act
def test_nothing_can_be_done_before_a_case_is_set_up_but_to_mend_that(act: type[Act[Case]]) -> None:
    unsaid: dict[str, Any] = {"by": AMARA, "reason": ""}
    said = act.model_construct(**unsaid).refusal(Case(), NOW)

    possible: dict[type[Act[Case]], str] = {
        Retry: "Nothing is parked; there is nothing to retry.",
        Cancel: "Say why.",
    }
    assert said == possible.get(act, NOT_READY)


@every_act
def test_nothing_can_be_done_after_the_end(act: type[Act[Case]]) -> None:
    assert act.model_construct(by=AMARA).refusal(Case(closed_at=NOW), NOW) == CLOSED


@every_act
def test_whoever_may_do_something_is_named_at_every_moment(act: type[Act[Case]]) -> None:
    for scene in (Play, owned, met, decided, asked, approved, followed):
        case = scene().case
        assert case.directory is not None
        assert act.allowed_for(case) <= {*case.directory.people, OPERATIONS}


@every_act
def test_a_stranger_may_do_nothing_and_is_told_so(act: type[Act[Case]]) -> None:
    play = followed()

    assert not possible(act, play.case, "who-is-this")
    assert act.model_construct(by="who-is-this").not_yours(play.case).endswith(".")


@every_act
def test_nobody_is_known_and_nobody_may_before_there_is_an_incident(act: type[Act[Case]]) -> None:
    assert act.allowed_for(Case()) <= {"operations"}
    assert not possible(act, Case(), "operations")


def test_an_act_that_is_repeated_finds_the_case_as_it_would_leave_it() -> None:
    play = Play()
    yes = AcceptOwnership(by=AMARA)

    assert not yes.stands(play.case, play.now)
    play.act(yes)

    assert yes.stands(play.case, play.now)
    assert yes.done(play.case, play.now) is play.case


def test_what_somebody_may_do_is_known_before_they_fill_in_anything() -> None:
    play = Play()

    assert possible(AcceptOwnership, play.case, AMARA)
    assert not possible(DeclineOwnership, play.case, RUI)
    assert possible(AppointOwner, play.case, INES)
    assert not possible(AcceptOwnership, play.case.replace(closed_at=NOW), AMARA)


# --- the journal ----------------------------------------------------------------------------


def test_an_act_leaves_a_line_that_says_who_did_it_and_through_which_door() -> None:
    play = Play()

    play.act(AppointOwner(by=JOANA, through=Door.PAGE, owner=RUI))

    line = next(each for each in play.case.journal if each.what is Happening.ACT)
    assert (line.name, line.by, line.through, line.at) == (
        "appoint_owner",
        JOANA,
        Door.PAGE,
        play.now,
    )
    assert line.facts == {"owner": RUI}


def test_an_act_that_changes_nothing_leaves_none() -> None:
    play = owned()
    assert play.case.meeting.start is not None

    again = MoveMeeting(by=AMARA, start=play.case.meeting.start).done(play.case, play.now)

    assert again == play.case


def test_the_journal_tells_the_whole_story_in_its_order() -> None:
    names = [line.name for line in followed().case.journal if line.what is not Happening.OUTCOME]

    assert names == [
        "incident_resolved",
        "accept_ownership",
        "record_meeting",
        "decide",
        "confirm_action_item",
        "confirm_action_item",
        "confirm_action_item",
        "mark-published",
        "draft_external_message",
        "request-approval",
        "decide_external_message",
        "mark_posted",
    ]


def test_what_is_sent_to_many_is_one_line_with_their_names() -> None:
    play = followed()

    (pre_read,) = (line for line in play.case.journal if line.facts.get("notice") == "pre-read")
    assert set(pre_read.people) == set(play.case.meeting.invited)


def test_no_words_that_people_typed_stand_in_the_journal() -> None:
    play = Play(incident=an_incident(severity=Severity.SEV1))

    play.act(DeclineOwnership(by=AMARA, reason="Zwiebelkuchen"))

    assert "Zwiebelkuchen" not in "".join(line.model_dump_json() for line in play.case.journal)
    assert play.case.journal[-2].name == "decline_ownership"


# --- an act of a made-up case ---------------------------------------------------------------


def test_what_is_wrong_is_said_before_who_may_do_it() -> None:
    out = Drill(rung=("ben",))

    assert Leave(by="ben").refusal(out, NOW) == "You are out already."
    assert "not yours" in (Leave(by="ben").refusal(Drill(), NOW) or "")
    assert Leave(by="ana").refusal(Drill(), NOW) is None


def test_an_act_is_offered_only_where_it_says_so_and_noted_without_facts() -> None:
    assert possible(Leave, Drill(), "ana")
    assert not Leave.offered(Drill())
    (line,) = Leave(by="ana").done(Drill(), NOW).journal
    assert (line.name, line.by, line.facts) == ("leave", "ana", {})
