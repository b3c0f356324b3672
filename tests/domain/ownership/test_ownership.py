"""Who is asked to own the postmortem, one after the other, and who says yes elsewhere."""

from datetime import UTC, datetime, timedelta

from domain.case import Phase
from domain.engine.ledger import Status
from domain.meeting.event import Response
from domain.ownership.acts import AppointOwner, DeclineOwnership
from domain.people import ranked_candidates
from domain.phases import phase
from tests.playing import (
    AMARA,
    INES,
    JOANA,
    NADIA,
    RUI,
    TOMAS,
    Play,
    an_incident,
    snapshot,
)
from tests.scenes import (
    owned,
)


def test_the_first_candidate_is_asked_at_once() -> None:
    play = Play()

    assert play.sent("nomination") == [(play.now, AMARA)]


def test_who_declines_makes_room_for_the_next_and_the_booking_stays() -> None:
    play = Play()
    before = play.case.meeting

    play.act(DeclineOwnership(by=AMARA, reason="I am away."))

    assert play.case.ownership.nominee == RUI
    assert play.sent("nomination")[-1] == (play.now, RUI)
    assert play.case.meeting.start == before.start
    assert play.case.ownership.passed[0].reason == "I am away."


def test_who_is_silent_is_reminded_once_and_passed_over_after_four_business_hours() -> None:
    play = Play()

    play.until(datetime(2027, 1, 13, 9, 53, tzinfo=UTC))

    assert play.sent("reminder") == [(datetime(2027, 1, 12, 16, 53, tzinfo=UTC), AMARA)]
    assert play.sent("nomination")[-1] == (datetime(2027, 1, 13, 9, 53, tzinfo=UTC), RUI)


def test_who_is_on_leave_does_not_hold_up_the_next_one() -> None:
    known = snapshot(an_incident().resolved_at)
    away = {"first": "2027-01-12", "last": "2027-02-12"}
    amara = known.people[AMARA].model_validate(
        {**known.people[AMARA].model_dump(), "absences": (away,)}
    )
    play = Play(directory=known.replace(people={**known.people, AMARA: amara}))

    assert play.case.ownership.nominee == RUI


def test_when_nobody_is_left_a_leader_appoints() -> None:
    play = Play()
    for person in play.case.ownership.candidates:
        play.act(DeclineOwnership(by=person))
    asked = play.sent("appointment")

    play.act(AppointOwner(by=JOANA, owner=TOMAS))
    play.wait(days=1)

    assert [to for _, to in asked] == [JOANA]
    assert play.case.ownership.owner == TOMAS
    assert phase(play.case) is Phase.DRAFTING


def test_without_a_commander_the_one_on_duty_is_asked_to_appoint() -> None:
    stranger = an_incident().replace(participants=(), services=("unheard-of",))

    play = Play(incident=stranger)

    assert [to for _, to in play.sent("appointment")] == [JOANA]


def test_when_nobody_at_all_is_known_the_process_owner_is_asked_to_appoint() -> None:
    nobody = snapshot(an_incident().resolved_at).replace(incident_commanders=())
    stranger = an_incident().replace(participants=(), services=("unheard-of",))

    play = Play(incident=stranger, directory=nobody)
    (waiting,) = play.waits("appointment")
    play.act(AppointOwner(by=NADIA, owner=INES))

    assert waiting.person == NADIA
    assert play.case.ownership.owner == INES
    assert play.stuck == ["unknown-service"]


def test_the_booking_survives_a_change_of_owner() -> None:
    play = owned()
    before = play.case.meeting

    play.act(AppointOwner(by=INES, owner="sofia-marchetti"))

    assert play.case.meeting.start == before.start
    assert len(play.events) == 1
    assert "sofia-marchetti" in play.case.meeting.invited


def test_a_yes_to_the_invitation_makes_the_owner() -> None:
    play = Play(responses={AMARA: Response.ACCEPTED})

    assert play.case.ownership.owner == AMARA


def test_the_first_edit_of_the_document_makes_the_owner() -> None:
    play = Play(editors=(AMARA,))

    assert play.case.ownership.owner == AMARA


def test_a_facilitator_who_becomes_the_owner_is_replaced() -> None:
    play = Play()
    chosen = play.case.meeting.facilitator or ""

    play.act(AppointOwner(by=JOANA, owner=chosen))

    assert play.case.meeting.facilitator not in (chosen, None)


def test_managers_and_strangers_are_no_candidates() -> None:
    play = Play()

    assert INES not in ranked_candidates(play.case)
    assert play.case.ownership.candidates[:2] == (AMARA, RUI)


def test_people_are_known_even_when_the_rules_come_later() -> None:
    first = an_incident().resolved_at + timedelta(minutes=1)
    play = Play(
        trouble=lambda e, now: Status.UNAVAILABLE if e.key == "rules" and now == first else None
    )

    play.wait(minutes=1)

    assert play.case.ownership.nominee == AMARA
