"""What operations see: late, stuck and in need of attention, by itself."""

from datetime import timedelta

from domain.ownership.acts import AcceptOwnership
from domain.engine.ledger import Status
from domain.engine.effect import Effect
from domain.action_items.effects import OpenIssue
from domain.meeting.effects import PutEvent
from domain.lifecycle import attention
from domain.views.details import details
from domain.views.summary import summary
from tests.playing import AMARA, Play


def test_a_case_that_nobody_acts_on_is_late_from_the_limit_on() -> None:
    play = Play()
    limit = play.case.meeting.limit
    assert limit is not None

    play.until(limit)
    before = summary(play.case, play.now)
    play.until(limit + timedelta(seconds=1))

    assert not before.late
    assert summary(play.case, play.now).late


def test_the_case_looks_up_when_a_limit_has_passed_and_only_once() -> None:
    play = Play()
    play.wait(days=60)

    looks = [key for key in play.case.ledger if key.startswith("turn:late:")]

    assert sorted(looks) == ["turn:late:meeting", "turn:late:report"]


def test_a_meeting_that_was_held_in_time_makes_nobody_look_up() -> None:
    play = Play()
    play.act(AcceptOwnership(by=AMARA))

    play.wait(days=1)

    assert not [key for key in play.case.ledger if key.startswith("turn:late:")]


def test_a_ladder_that_is_climbed_to_the_top_needs_attention() -> None:
    play = Play()
    play.act(AcceptOwnership(by=AMARA))

    play.wait(days=14)

    assert any("everybody on the ladder was told" in each for each in attention(play.case))
    assert summary(play.case, play.now).needs_attention


def test_details_are_a_list_that_names_what_was_refused() -> None:
    def no_calendar(effect: Effect, now: object) -> Status | None:  # noqa: ARG001
        return Status.REFUSED if isinstance(effect, PutEvent | OpenIssue) else None

    play = Play(trouble=no_calendar)

    shown = details(play.case, play.now).split("\n")

    assert shown[0] == "sev1: Web requests answered with errors"
    assert shown[2] == "**awaiting-owner**, needs attention"
    assert shown[3] == ""
    assert any(line.startswith("- attention: event: refused") for line in shown)
