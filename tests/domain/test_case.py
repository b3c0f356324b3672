"""The case as a value: frozen, strict, carried as JSON, and empty without harm."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain import document, follow_up, invitation, people, phases
from domain.intake.subject import readings
from domain.action_items import items as action_items
from domain.operations.subject import Retry
from domain.action_items.state import ActionItem
from domain.case import Case
from domain.decisions.state import Decision, Verdict
from domain.incident import Role, Severity
from domain.lifecycle import (
    customer_message,
    decisions,
    meeting,
    ownership,
    pre_read,
    preparation,
    publication,
)
from domain.meeting.event import Attendee
from domain.views.record import promises, record
from domain.lifecycle import attention
from domain.views.summary import is_late
from domain.lifecycle import waits
from tests.playing import AMARA, HELENA, INES, JOANA, OLIVER, PRIYA, Play, an_incident, snapshot
from tests.scenes import approved, asked, decided, followed, met, owned, settled

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
EMPTY = Case(id="postmortem-INC-204")


@pytest.mark.parametrize("scene", [owned, met, decided, settled, asked, approved, followed])
def test_a_case_is_carried_as_json(scene: Callable[[], Play]) -> None:
    case = scene().case

    assert Case.model_validate_json(case.model_dump_json()) == case


def test_a_case_of_a_newer_release_is_refused() -> None:
    with pytest.raises(ValidationError):
        Case.model_validate({"id": "postmortem-INC-204", "coffee": "black"})


def test_only_fields_that_exist_are_replaced() -> None:
    with pytest.raises(TypeError, match="Case has no field coffee, tea"):
        EMPTY.replace(tea="green", coffee="black")  # type: ignore[call-arg]


def test_an_item_says_where_it_stands() -> None:
    accepted = Decision(verdict=Verdict.ACCEPTED, by=INES, at=NOW)
    proposed = ActionItem(id="AI-1", text="x")

    assert proposed.state == "proposed"
    assert proposed.replace(decision=accepted).state == "confirming with the team"
    assert not proposed.settled
    assert EMPTY.item("AI-1") is None


# --- an empty case --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strand",
    [preparation, ownership, meeting, pre_read, decisions, customer_message, publication],
)
def test_an_empty_case_has_no_strands(strand: Callable[[Case], Any]) -> None:
    assert list(strand(EMPTY)) == []


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (action_items.labels, ()),
        (document.desired_document, None),
        (document.decisions, ()),
        (follow_up.weekly, None),
        (invitation.meeting_limit, None),
        (invitation.search_window, None),
        (invitation.pre_read_at, None),
        (invitation.agenda_lines, ()),
        (invitation.calendar_file, ""),
        (lambda case: invitation.best_slots(case, {}, NOW), ()),
        (lambda case: invitation.desired_event(case, inviting=True), None),
        (people.home_team, None),
        (people.involved_teams, ()),
        (people.ranked_candidates, ()),
        (people.chosen_facilitator, None),
        (people.commander, None),
        (people.leaders, ()),
        (people.customer_liaison, None),
        (people.backup_liaison, None),
        (people.chair, None),
        (people.report_limit, None),
        (lambda case: people.leaders_of(case, "edge-firewall"), ()),
        (lambda case: people.name_of(case, INES), INES),
        (lambda case: people.name_of(case, None, otherwise="nobody"), "nobody"),
        (people.attendees, ()),
        (people.publication_lists, ()),
        (lambda case: people.holders(case, Role.RESPONDER), ()),
        (phase, "received"),
        (phases.finished, False),
        (phases.invited, False),
        (phases.pre_read_sent_at, None),
        (readings.readings, {}),
        (waits, ()),
        (promises, ()),
        (attention, ()),
        (lambda case: is_late(case, NOW), False),
    ],
)
def test_an_empty_case_answers_with_nothing(ask: Callable[[Case], Any], answer: object) -> None:
    found = ask(EMPTY)

    assert (found if answer is not None or found is None else list(found) or None) == answer


def test_what_cannot_be_said_of_an_empty_case_is_said_so() -> None:
    item = ActionItem(id="AI-1", text="x")

    with pytest.raises(LookupError):
        record(EMPTY)
    with pytest.raises(LookupError):
        action_items.due_day(EMPTY, NOW)
    with pytest.raises(LookupError):
        follow_up.ticket(EMPTY, item)


def test_a_case_that_could_not_be_set_up_is_retried() -> None:
    assert "Nothing is parked" in (Retry(by=OPERATIONS).refusal(EMPTY, NOW) or "")


# --- people ---------------------------------------------------------------------------------


def test_who_comes_by_role() -> None:
    play = owned()

    invited = people.attendees(play.case)

    assert Attendee(person="beatriz-leal", optional=True) in invited
    assert {AMARA, JOANA, INES, OLIVER, PRIYA} <= {e.person for e in invited if not e.optional}


def test_a_facilitator_took_no_part_and_leads_no_team() -> None:
    play = owned()
    chair = play.case.meeting.facilitator

    assert chair is not None
    assert chair not in {AMARA, JOANA, INES, OLIVER}
    assert chair in (play.case.directory.facilitators if play.case.directory else ())


def test_people_are_known_by_name_and_strangers_by_id() -> None:
    known = snapshot(NOW)

    assert known.name_of(INES) == "Inês Duarte"
    assert known.name_of("who-is-this") == "who-is-this"
    assert known.manager_of(INES) == HELENA
    assert known.manager_of("who-is-this") is None
    assert known.team_of_service("unheard-of") is None


def test_a_deputy_stands_in_for_the_commander() -> None:
    incident = an_incident()
    deputy = incident.participants[1].replace(role=Role.DEPUTY)
    play = Play(incident=incident.replace(participants=(deputy,)))

    assert people.commander(play.case) == AMARA


def test_where_nobody_is_known_nobody_is_waited_for() -> None:
    known = snapshot(NOW).replace(incident_commanders=(), facilitators=())
    stranger = an_incident().replace(participants=(), services=("unheard-of",))
    play = Play(incident=stranger, directory=known)

    play.until(play.case.meeting.end)

    assert waits(play.case) == ()
    assert {mail.kinds for mail in play.mails} == {("pre-read",)}


def test_a_deleted_meeting_of_nobody_is_booked_again() -> None:
    known = snapshot(NOW).replace(incident_commanders=(), facilitators=())
    stranger = an_incident().replace(participants=(), services=("unheard-of",))
    play = Play(incident=stranger, directory=known)
    play.delete_event()
    play.signal("meeting_changed")

    play.wait(days=1)

    assert len(play.events) == 2


def test_half_a_time_is_no_time() -> None:
    play = owned()

    case = play.case.replace(meeting=play.case.meeting.replace(end=None))

    assert list(meeting(case)) == []


# --- the record -----------------------------------------------------------------------------


def test_the_record_holds_promises_beside_what_happened() -> None:
    play = followed()

    kept = {each.what: each for each in promises(play.case)}

    assert list(kept) == [
        "meeting held",
        "pre-read sent",
        "action items confirmed",
        "report published",
        "customer message sent",
        "AI-1 done",
        "AI-2 done",
        "AI-3 done",
    ]
    late = [
        what for what, each in kept.items() if each.done_at and each.by and each.done_at > each.by
    ]
    assert late == []
    assert kept["AI-1 done"].by is not None


def test_where_no_message_is_wanted_none_is_promised() -> None:
    play = owned(incident=an_incident(severity=Severity.SEV2))

    assert [each.what for each in promises(play.case)] == [
        "meeting held",
        "pre-read sent",
        "action items confirmed",
        "report published",
    ]
