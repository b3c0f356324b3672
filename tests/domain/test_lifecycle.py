"""The life of a postmortem, played against the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.action_items.effects import OpenIssue
from domain.case import Phase
from domain.engine.act import OPERATIONS
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.incident import Severity
from domain.meeting.effects import PutEvent
from domain.meeting.event import Response
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.people import ranked_candidates
from domain.phases import phase
from domain.policy import Policy
from domain.preparation.effects import ReserveFolder
from domain.publication.subject import WriteRecord
from domain.views.record import record
from tests.playing import (
    AMARA,
    INES,
    JOANA,
    POLICY,
    RUI,
    TOMAS,
    Play,
    an_incident,
    snapshot,
)
from tests.scenes import (
    ROWS,
    approve,
    approved,
    decided,
    followed,
    met,
    owned,
    settled,
)

# --- the whole of it ------------------------------------------------------------------------


def test_a_postmortem_lives_from_resolved_to_closed() -> None:
    play = Play(rows=ROWS)
    phases = [phase(play.case)]

    play = followed()
    phases += [phase(owned().case), phase(met().case), phase(decided().case), phase(play.case)]
    for key in play.issues:
        play.take(key)
    play.wait(days=40)

    assert phases == ["awaiting-owner", "drafting", "deciding", "cooling-down", "following-through"]
    assert phase(play.case) is Phase.CLOSED
    assert play.case.closed_at is not None
    assert not play.attention


def test_what_happens_once_happens_once() -> None:
    play = followed()

    assert len(play.kinds(ReserveFolder)) == 1
    assert len(play.kinds(OpenIssue)) == 3
    assert len(play.events) == 1
    assert len(play.sent("pre-read")) == len({to for _, to in play.sent("pre-read")})
    assert play.most_rounds < 12


def test_the_phases_before_the_meeting_follow_what_happened() -> None:
    play = Play()
    play.act(AcceptOwnership(by=AMARA))
    drafting = phase(play.case)
    play.until(play.case.meeting.start)

    assert drafting is Phase.DRAFTING
    assert phase(play.case) is Phase.IN_REVIEW


def test_while_the_invitation_cannot_leave_the_case_is_scheduling() -> None:
    away = Play(trouble=lambda e, _: Status.UNAVAILABLE if isinstance(e, PutEvent) else None)

    away.act(AcceptOwnership(by=AMARA))

    assert phase(away.case) is Phase.SCHEDULING


def test_an_incident_that_the_policy_does_not_want_closes_without_a_word() -> None:
    play = Play(incident=an_incident(severity=Severity.SEV4))

    assert phase(play.case) is Phase.NOT_REQUIRED
    assert play.case.closed_at == play.now
    assert not play.mails
    assert {effect.key for _, effect in play.done} == {"rules", "directory"}


def test_the_same_incident_told_again_changes_nothing() -> None:
    play = owned()
    before, done = play.case, len(play.done)

    play.signal("incident_resolved", play.incident.model_dump(mode="json"))

    assert play.case == before
    assert len(play.done) == done


def test_after_the_end_nothing_is_due() -> None:
    play = followed()
    for key in play.issues:
        play.take(key)
    play.wait(days=40)
    closed, done = play.case, len(play.done)

    play.wait(days=400)

    assert play.case == closed
    assert len(play.done) == done


# --- the owner ------------------------------------------------------------------------------


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

    play.until(datetime(2027, 1, 13, 9, 53, tzinfo=UTC))

    assert play.case.ownership.nominee == RUI


def test_when_nobody_is_left_a_leader_appoints() -> None:
    play = Play()
    for person in play.case.ownership.candidates:
        play.act(DeclineOwnership(by=person))
    asked = play.sent("appointment")

    play.act(AppointOwner(by=JOANA, owner=TOMAS))
    play.wait(days=1)

    assert asked == [(asked[0][0], JOANA)]
    assert play.case.ownership.owner == TOMAS
    assert phase(play.case) is Phase.DRAFTING


def test_without_a_commander_the_one_on_duty_is_asked_to_appoint() -> None:
    stranger = an_incident().replace(participants=(), services=("unheard-of",))

    play = Play(incident=stranger)

    assert [to for _, to in play.sent("appointment")] == [JOANA]


def test_when_nobody_at_all_is_known_operations_are_told() -> None:
    nobody = snapshot(an_incident().resolved_at).replace(incident_commanders=())
    stranger = an_incident().replace(participants=(), services=("unheard-of",))

    play = Play(incident=stranger, directory=nobody)
    stuck = play.stuck
    play.act(AppointOwner(by=OPERATIONS, owner=INES))

    assert stuck == ["nobody-for-ownership"]
    assert not play.attention


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


# --- publication, record, closing -----------------------------------------------------------


def test_the_report_is_published_when_everything_is_settled_and_ticketed() -> None:
    play = settled()

    assert play.case.published_at == play.now
    assert {to for _, to in play.sent("published")} == {
        "edge-firewall",
        "edge-platform",
        "incident-reports",
    }


def test_the_record_is_written_at_publication_and_at_closing() -> None:
    play = followed()
    at_publication = [e.version for e in play.kinds(WriteRecord)]
    for key in play.issues:
        play.take(key)
    play.wait(days=40)

    assert at_publication == ["published"]
    assert [e.version for e in play.kinds(WriteRecord)] == ["published", "closed"]
    assert '"phase": "closed"' in record(play.case)


def test_a_list_that_refuses_does_not_keep_the_report_from_the_others() -> None:
    closed = ["edge-platform"]
    play = settled(trouble=lambda e, _: _refused(e, closed))
    published = play.case.published_at

    closed.clear()
    play.act(Retry(by=OPERATIONS))

    assert published is not None
    assert [to for _, to in play.sent("published")][-1] == "edge-platform"
    assert play.case.published_at == published


def test_a_report_that_every_list_refuses_is_not_published() -> None:
    lists = ["edge-firewall", "edge-platform", "incident-reports"]
    play = settled(trouble=lambda e, _: _refused(e, lists))
    parked = play.seen

    lists.clear()
    play.act(Retry(by=OPERATIONS))

    assert parked.needs_attention
    assert parked.published_at is None
    assert play.case.published_at == play.now


def test_without_lists_everybody_who_was_invited_gets_the_report() -> None:
    known = snapshot(an_incident().resolved_at)
    teams = {name: team.replace(list=None) for name, team in known.teams.items()}
    play = settled(directory=known.replace(teams=teams), policy=_without_lists())

    assert {to for _, to in play.sent("published")} == set(play.case.meeting.invited)


def test_a_sev2_without_a_customer_message_closes_with_its_tickets() -> None:
    play = settled(incident=an_incident(severity=Severity.SEV2))
    for key in play.issues:
        play.take(key)
    play.wait(days=60)

    assert phase(play.case) is Phase.CLOSED
    assert not play.sent("message-draft")


@pytest.mark.parametrize("scene", [owned, met, decided, settled, approved])
def test_the_record_can_be_written_at_any_moment(scene: Callable[[], Play]) -> None:
    play = scene()

    assert play.case.id in record(play.case)


def test_an_approval_twice_counts_once() -> None:
    play = approved()
    before = play.case

    play.act(approve(play.case))

    assert play.case == before


def _refused(effect: object, lists: list[str]) -> Status | None:
    to = effect.to if isinstance(effect, SendNotice) else ""
    return Status.REFUSED if to in lists else None


def _without_lists() -> Policy:
    return POLICY.replace(publication=POLICY.publication.replace(lists=()))
