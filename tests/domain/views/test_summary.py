"""What operations see: waits, what is late, what is stuck and needs attention, by itself."""

from datetime import datetime, timedelta

from domain.action_items.effects import OpenIssue
from domain.case import Case, Phase
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.lifecycle import life
from domain.meeting.effects import PutEvent
from domain.moments import meeting_limit
from domain.ownership.acts import AcceptOwnership
from domain.views.summary import OpenItem, is_late, summary
from tests.playing import AMARA, JOANA, POLICY, Play
from tests.scenes import followed, met, owned


def test_operations_see_who_is_waited_for_and_since_when() -> None:
    play = Play()

    assert play.seen.waiting_on == (f"ownership:{AMARA}",)
    assert play.seen.waiting_since == play.now
    assert not play.seen.late


def test_a_case_concerns_who_owns_it_and_whom_it_waits_for() -> None:
    play = Play()

    assert play.seen.concerns(AMARA)
    assert owned().seen.concerns(AMARA)
    assert not play.seen.concerns(JOANA)


def test_what_lies_ahead_is_not_waited_for_yet() -> None:
    assert owned().seen.waiting_on == ()


def test_what_is_open_is_listed_by_its_ids_alone() -> None:
    play = followed()

    assert play.seen.phase is Phase.FOLLOWING_THROUGH
    assert play.seen.open_items[0] == OpenItem(
        id="AI-1", issue="WAF-1", team="edge-firewall", due="2027-01-27"
    )


def test_a_case_without_anything_is_shown_too() -> None:
    seen = summary(life(Case(id="postmortem-INC-204")), (), Play().now)

    assert seen.phase is Phase.RECEIVED


def test_a_meeting_or_report_or_ticket_past_its_limit_is_late() -> None:
    unmet, unpublished, undone = owned(), met(), followed()

    assert is_late(unmet.case, unmet.now + timedelta(days=5))
    assert is_late(unpublished.case, unpublished.now + timedelta(days=9))
    assert not is_late(undone.case, undone.now + timedelta(days=5))
    assert is_late(undone.case, undone.now + timedelta(days=30))


def test_a_case_that_nobody_acts_on_is_late_from_the_limit_on() -> None:
    play = Play()
    limit = meeting_limit(play.case)
    assert limit is not None

    play.until(limit)
    before = play.seen
    play.until(limit + timedelta(seconds=1))

    assert not before.late
    assert play.seen.late


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

    assert "ladder-climbed" in play.stuck
    assert play.seen.needs_attention


def test_what_a_vendor_refused_is_named_with_its_reason() -> None:
    def no_calendar(effect: AnyEffect, _: datetime) -> Status | None:
        return Status.REFUSED if isinstance(effect, PutEvent | OpenIssue) else None

    play = Play(trouble=no_calendar)

    refused = play.attention[0]
    assert (refused.kind, refused.facts) == (
        "effect-refused",
        {"effect": "event", "reason": "trouble"},
    )


def test_a_ladder_is_climbed_when_its_highest_step_was_told_in_whatever_order_it_is_written() -> (
    None
):
    ladder = POLICY.ladders["meeting-outcome"][::-1]
    play = owned(policy=POLICY.replace(ladders={"meeting-outcome": ladder}))
    play.until(play.case.meeting.end)

    play.wait(hours=20)
    reminded = play.stuck
    play.wait(days=3)

    assert len(play.sent("reminder")) == 1
    assert "ladder-climbed" not in reminded
    assert "ladder-climbed" in play.stuck
