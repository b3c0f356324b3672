"""The case as a value: frozen, strict, carried as JSON, and empty without harm."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain import lifecycle, moments, people, phases
from domain.action_items import items as action_items
from domain.action_items.effects import opening
from domain.action_items.state import ActionItem
from domain.case import Case, Phase
from domain.decisions.state import Decision, Verdict
from domain.engine import agenda
from domain.engine.act import OPERATIONS
from domain.engine.effect import Transition, taken
from domain.engine.journal import LINES_CARRIED, Happening
from domain.engine.subject import Subject
from domain.incident import Role
from domain.intake.effects import RecordDirectory
from domain.intake.subject import GIVEN_UP_AFTER, NOBODY_TOLD_AFTER
from domain.lifecycle import attention, life
from domain.meeting import booking
from domain.meeting.effects import event_facts
from domain.meeting.event import Attendee
from domain.operations.subject import Retry
from domain.preparation.effects import document_facts, put_document
from domain.views.record import promises
from domain.views.summary import is_late
from tests.playing import INES, Play, an_incident, snapshot
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


@pytest.mark.parametrize("subject", lifecycle.SUBJECTS, ids=lambda each: each.name)
def test_an_empty_case_has_no_entries_waits_or_readings(subject: Subject[Case]) -> None:
    assert list(subject.entries(EMPTY)) == []
    assert [spec.name for spec in subject.waits for _ in spec.on(EMPTY)] == []
    assert list(subject.readings(EMPTY)) == []


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (action_items.labels, ()),
        (put_document, None),
        (moments.meeting_limit, None),
        (moments.report_limit, None),
        (moments.pre_read_at, None),
        (moments.pre_read_sent_at, None),
        (moments.posting_allowed_at, None),
        (moments.is_publishing, False),
        (booking.search_window, None),
        (lambda case: booking.best_slots(case, {}, NOW), ()),
        (lambda case: event_facts(case, inviting=True), None),
        (people.home_team, None),
        (people.involved_teams, ()),
        (people.ranked_candidates, ()),
        (people.chosen_facilitator, None),
        (people.commander, None),
        (people.leaders, ()),
        (people.customer_liaison, None),
        (people.backup_liaison, None),
        (people.chair, None),
        (lambda case: people.leaders_of(case, "edge-firewall"), ()),
        (lambda case: people.name_of(case, INES), INES),
        (lambda case: people.name_of(case, None, otherwise="nobody"), "nobody"),
        (people.attendees, ()),
        (people.publication_lists, ()),
        (lambda case: people.holders(case, Role.RESPONDER), ()),
        (phases.phase, Phase.RECEIVED),
        (phases.finished, False),
        (promises, ()),
        (lambda case: attention(life(case)), ()),
        (lambda case: life(case).entries, ()),
        (lambda case: is_late(case, NOW), False),
    ],
)
def test_an_empty_case_answers_with_nothing(ask: Callable[[Case], Any], answer: object) -> None:
    found = ask(EMPTY)

    assert (found if answer is not None or found is None else list(found) or None) == answer


def test_what_cannot_be_said_of_an_empty_case_is_said_so() -> None:
    item = ActionItem(id="AI-1", text="x")

    with pytest.raises(LookupError):
        _ = EMPTY.facts
    with pytest.raises(LookupError):
        _ = EMPTY.binding
    with pytest.raises(LookupError):
        _ = EMPTY.message.asked_about
    with pytest.raises(LookupError):
        action_items.due_day(EMPTY, NOW)
    with pytest.raises(LookupError):
        document_facts(EMPTY)
    with pytest.raises(LookupError):
        opening(EMPTY, item)


def test_a_case_that_could_not_be_set_up_is_retried() -> None:
    assert "Nothing is parked" in (Retry(by=OPERATIONS).refusal(EMPTY, NOW) or "")


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

    assert event_facts(case, inviting=True) is None
    assert "event" not in {entry.effect.key for entry in life(case).entries}


# --- a case that nobody told anything -------------------------------------------------------


def test_a_case_that_nobody_tells_an_incident_shows_itself_after_an_hour() -> None:
    case = EMPTY.replace(received_at=NOW)
    at = NOW + NOBODY_TOLD_AFTER

    assert agenda.due(life(case), at - timedelta(seconds=1)) == ()
    assert agenda.wake_at(life(case), NOW) == at
    (missing,) = agenda.due(life(case), at)
    assert isinstance(missing, Transition)
    after = taken(case, missing, at)

    assert [each.kind for each in attention(life(after))] == ["nobody-told"]
    assert [line.name for line in after.journal] == ["miss-incident"]
    assert agenda.due(life(after), at) == ()
    assert agenda.wake_at(life(after), at) == NOW + GIVEN_UP_AFTER


# --- carried into the next run --------------------------------------------------------------


def test_a_renewed_run_carries_the_newest_lines_and_looks_its_people_up_again() -> None:
    play = owned()
    for number in range(LINES_CARRIED):
        play.case = play.case.with_line(play.now, Happening.SIGNAL, f"line-{number}")
    carried = play.case.replace(under_way=("event",)).carried()

    assert len(carried.journal) == LINES_CARRIED
    assert carried.journal[-1] == play.case.journal[-1]
    assert carried.under_way == ()
    due = agenda.due(life(carried), play.now)
    assert [type(each) for each in due] == [RecordDirectory]


def test_a_subject_without_a_field_keeps_its_state_on_the_case() -> None:
    case = EMPTY.with_state("drill", Attendee(person=INES))

    assert case.state_of("drill", Attendee) == Attendee(person=INES)
    assert Case.model_validate_json(case.model_dump_json()) == case
