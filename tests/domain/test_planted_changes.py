"""Changed decisions that nobody made an edition for: each is noticed by the recorded lives."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import lifecycle
from domain.action_items import subject as action_items
from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar
from domain.case import Case
from domain.customer_message import subject as customer_message
from domain.decisions import subject as decisions
from domain.engine import agenda, clock, escalation, ledger, notice, waiting
from domain.engine.entry import Entry
from domain.engine.value import PersonId, Value, fingerprint
from domain.engine.waiting import Lapse
from domain.intake import effects as intake
from domain.meeting import slots
from domain.meeting import subject as meeting
from domain.meeting.effects import PutEvent
from domain.operations import subject as operations
from domain.people import chosen_facilitator
from domain.preparation import effects as preparation
from domain.publication import subject as publication
from domain.views import summary
from tests.domain.decided_lives import told
from tests.domain.decision_log import RECORDING, Recorded, difference, recorded

pytestmark = pytest.mark.skipif(RECORDING, reason="There is nothing to compare with yet.")

AN_HOUR = timedelta(hours=1)
Patch = pytest.MonkeyPatch


def later(
    since: datetime, span: Span, calendar: WorkCalendar, holds: Sequence[Interval] = ()
) -> datetime:
    return clock.due_at(since, span, calendar, holds) + AN_HOUR


def a_reading_counts_as_fresh_for_longer(patch: Patch) -> None:
    patch.setattr(agenda, "FRESH", timedelta(minutes=30))


def a_limit_is_noted_an_hour_late(patch: Patch) -> None:
    patch.setattr(operations, "A_MOMENT", AN_HOUR)


def the_commander_is_not_told_of_an_approval(patch: Patch) -> None:
    patch.setattr(customer_message, "commander", lambda _: None)


def nobody_is_late(patch: Patch) -> None:
    patch.setattr(summary, "is_late", lambda _case, _now: False)


def what_lies_ahead_is_shown_as_waited_for(patch: Patch) -> None:
    shown = summary.summary

    def eager(life: Any, attention: Any, now: datetime) -> object:  # noqa: ANN401 - passed on
        return shown(life, attention, now + timedelta(days=30))

    patch.setattr("tests.playing.summary", eager)


def reminders_leave_an_hour_later(patch: Patch) -> None:
    patch.setattr(escalation, "due_at", later)


def who_is_asked_late_has_no_more_time_for_it(patch: Patch) -> None:
    patch.setattr(waiting, "AT_ONCE", timedelta(days=365))


def patience_is_longer(patch: Patch) -> None:
    patch.setattr(waiting, "due_at", later)


def effects_come_in_another_order(patch: Patch) -> None:
    patch.setattr(lifecycle, "SUBJECTS", lifecycle.SUBJECTS[::-1])


def the_document_has_other_versions(patch: Patch) -> None:
    def other(value: Value) -> str:
        return fingerprint(value)[::-1]

    patch.setattr(preparation, "fingerprint", other)


def an_invitation_leaves_no_line_in_the_journal(patch: Patch) -> None:
    patch.setattr(PutEvent, "noteworthy", False)


def teams_have_twice_the_time_to_weigh_an_item(patch: Patch) -> None:
    silence = decisions._silence  # noqa: SLF001 - what is planted goes anywhere

    def doubled(*args: Any) -> Lapse:  # noqa: ANN401 - passed on
        lapse = silence(*args)
        return Lapse(lapse.spans * 2, lapse.calendar, lapse.transition)

    patch.setattr(decisions, "_silence", doubled)


def people_are_invited_an_hour_later(patch: Patch) -> None:
    patch.setattr(meeting, "due_at", later)


def somebody_else_facilitates(patch: Patch) -> None:
    def other(case: Case) -> PersonId | None:
        found = chosen_facilitator(case)
        pool = case.directory.facilitators if case.directory else ()
        return next((each for each in pool if each != found), None)

    patch.setattr(intake, "chosen_facilitator", other)


def owners_get_two_days_for_drafting(patch: Patch) -> None:
    patch.setattr(slots, "DRAFTING", Span.model_validate("2bd"))


def vendors_are_tried_less_often(patch: Patch) -> None:
    patch.setattr(ledger, "MINUTES_AFTER_TRIES", (5, 15, 60))


def the_weekly_message_leaves_once_for_all_teams(patch: Patch) -> None:
    weekly = action_items._weekly  # noqa: SLF001 - what is planted goes anywhere

    def one(case: Case) -> Iterator[Entry]:
        yield from list(weekly(case))[:1]

    patch.setattr(action_items, "_weekly", one)


def the_record_is_not_written_at_publication(patch: Patch) -> None:
    closing = publication._closing  # noqa: SLF001 - what is planted goes anywhere

    def at_the_end(case: Case) -> Iterator[Entry]:
        yield from (each for each in closing(case) if each.effect.version != "published")

    patch.setattr(publication, "_closing", at_the_end)


def who_was_reminded_today_is_forgotten(patch: Patch) -> None:
    def forgetful(_effect: object, case: Case, _answer: None, _now: datetime) -> Case:
        return case

    patch.setattr(notice.SendNotice, "learned", forgetful)


PLANTED: tuple[Callable[[Patch], None], ...] = (
    a_reading_counts_as_fresh_for_longer,
    a_limit_is_noted_an_hour_late,
    the_commander_is_not_told_of_an_approval,
    nobody_is_late,
    what_lies_ahead_is_shown_as_waited_for,
    reminders_leave_an_hour_later,
    who_is_asked_late_has_no_more_time_for_it,
    patience_is_longer,
    effects_come_in_another_order,
    the_document_has_other_versions,
    an_invitation_leaves_no_line_in_the_journal,
    teams_have_twice_the_time_to_weigh_an_item,
    people_are_invited_an_hour_later,
    somebody_else_facilitates,
    owners_get_two_days_for_drafting,
    vendors_are_tried_less_often,
    the_weekly_message_leaves_once_for_all_teams,
    the_record_is_not_written_at_publication,
    who_was_reminded_today_is_forgotten,
)


def noticed(known: Recorded) -> str:
    """Return how a story differs, or that it cannot even be told any more."""
    try:
        return difference(known, told(known.story, known.edition))
    except AssertionError as refused:
        return str(refused) or "The story cannot be told any more."


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_changed_decision_is_noticed(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    plant(monkeypatch)

    assert any(noticed(known) for known in recorded())


def test_what_is_noticed_says_where_and_what_to_do_about_it(monkeypatch: Patch) -> None:
    an_invitation_leaves_no_line_in_the_journal(monkeypatch)
    known = recorded()[0]

    found = noticed(known)

    assert f"in the story '{known.story}'" in found
    assert "make a new edition, or record again" in found
    assert "then:  2027-01-12 14:53:00 | ResolveRules rules@1" in found
