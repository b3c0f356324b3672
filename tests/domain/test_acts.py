"""What people may do, and the sentence that says why not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.acts import ACTS, CompleteStep, NAMES
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.engine.act import Act
from domain.decisions.acts import ConfirmActionItem, Decide, ProposeActionItems
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    WithdrawMessage,
)
from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.operations.subject import Retry
from domain.decisions.acts import ItemAnswer, ItemDecision
from domain.case import Case
from domain.engine.ledger import Status
from domain.decisions.state import Verdict
from domain.preparation.effects import ReserveFolder
from domain.incident import Severity
from domain.preparation.document import ActionRow
from tests.playing import AMARA, BEATRIZ, INES, JOANA, OLIVER, RUI, Play, an_incident
from tests.scenes import (
    LEVEL_0,
    TEXT,
    approve,
    approved,
    asked,
    changes,
    confirm,
    decide,
    decided,
    followed,
    met,
    no,
    owned,
    record,
    request,
    settled,
    yes,
)

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)


def verdict(item: str = "AI-2", **fields: object) -> Decide:
    told = {"item": item, "decided_by": INES, **fields}
    return Decide(by=AMARA, decisions=(ItemDecision.model_validate(told),))


def answer(by: str = INES, item: str = "AI-3", **fields: object) -> ConfirmActionItem:
    told = {"item": item, **fields}
    return ConfirmActionItem(by=by, answers=(ItemAnswer.model_validate(told),))


@pytest.mark.parametrize("name", sorted(set(ACTS) - {"retry"}))
def test_nothing_can_be_done_before_a_case_is_set_up(name: str) -> None:
    act = ACTS[name].model_construct(by=AMARA)

    assert "set up" in (act.refusal(Case(), NOW) or "")


@pytest.mark.parametrize("name", sorted(ACTS))
def test_nothing_can_be_done_after_the_end(name: str) -> None:
    act = ACTS[name].model_construct(by=AMARA)

    assert "closed" in (act.refusal(Case(closed_at=NOW), NOW) or "")


def test_every_act_has_one_name() -> None:
    assert {NAMES[act]: act for act in ACTS.values()} == ACTS


# --- ownership ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (AcceptOwnership(by=RUI), "Amara Okafor owns this postmortem already"),
        (DeclineOwnership(by=AMARA), "You are not being asked"),
        (AppointOwner(by=INES, owner="who-is-this"), "is not in the organisation file"),
    ],
)
def test_ownership_is_refused(act: Act, said: str) -> None:
    assert said in owned().refusal(act)


def test_only_who_is_asked_may_accept() -> None:
    assert "not among the people asked" in Play().refusal(AcceptOwnership(by=INES))


def test_a_candidate_may_accept_out_of_turn_and_after_declining() -> None:
    play = Play()
    play.act(DeclineOwnership(by=AMARA))

    play.act(AcceptOwnership(by=AMARA))
    play.act(AcceptOwnership(by=AMARA))

    assert play.case.ownership.owner == AMARA


# --- the meeting ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "reason", "said"),
    [
        (datetime(2027, 1, 12, 9, tzinfo=UTC), "", "That time is over"),
        (datetime(2027, 1, 20, 9, tzinfo=UTC), " ", "beyond the policy's limit"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "Some day", "more than a year ahead"),
    ],
)
def test_a_move_is_refused(start: datetime, reason: str, said: str) -> None:
    assert said in owned().refusal(MoveMeeting(by=AMARA, start=start, reason=reason))


def test_a_meeting_that_was_held_cannot_move_or_be_recorded_twice() -> None:
    play = met()

    move = MoveMeeting(by=AMARA, start=play.now + timedelta(days=1))
    assert "held already" in play.refusal(move)
    assert "recorded already" in play.refusal(record(play.case))


def test_a_meeting_is_recorded_only_once_it_has_begun() -> None:
    play = owned()

    assert "not begun" in play.refusal(record(play.case))


def test_a_move_to_the_same_time_changes_nothing() -> None:
    play = owned()
    before = play.case
    assert before.meeting.start is not None

    play.act(MoveMeeting(by=AMARA, start=before.meeting.start))

    assert play.case == before


def test_the_record_of_the_meeting_keeps_what_was_said() -> None:
    play = owned()
    play.until(play.case.meeting.end)

    play.act(RecordMeeting(by=AMARA, held=True, facts_agreed=False, note="The timeline is off."))

    assert play.case.meeting.facts_agreed is False
    assert play.case.meeting.note == "The timeline is off."
    assert play.case.meeting.recorded_by == AMARA


# --- decisions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (verdict("AI-9", verdict="accepted"), "There is no action item AI-9"),
        (verdict(verdict="declined", consequence="Risk"), "say why"),
        (verdict(verdict="declined", reason="No"), "say what follows"),
        (verdict(verdict="deferred", reason="Later", consequence="Risk"), "on which date"),
        (verdict(verdict="accepted", priority="urgent"), "needs a priority"),
        (verdict(verdict="accepted", team="unheard-of"), "needs a team"),
        (Decide(by=AMARA, decisions=(yes("AI-1"), no("AI-1"))), "AI-1 has two verdicts"),
        (ProposeActionItems(by=AMARA, items=(ActionRow(text=" "),)), "has no text"),
        (ProposeActionItems(by=AMARA, items=(ActionRow(id="AI-7", text="x"),)), "no action item"),
    ],
)
def test_a_verdict_or_proposal_is_refused(act: Act, said: str) -> None:
    assert said in met().refusal(act)


def test_a_facilitator_takes_no_decisions() -> None:
    play = met()
    chair = play.case.meeting.facilitator or ""

    assert "takes no decisions" in play.refusal(decide(play.case, yes("AI-1", chair)))


def test_already_done_needs_a_reason_only() -> None:
    play = met()

    play.act(verdict("AI-2", verdict=Verdict.ALREADY_DONE, reason="Done on the night."))

    assert play.item("AI-2").state == "already done"


def test_verdicts_come_after_the_meeting_and_before_the_report() -> None:
    early, late = owned(), settled()
    act = Decide(by=AMARA, decisions=())

    assert "Record first" in early.refusal(act)
    assert "published" in late.refusal(act)
    assert "published" in late.refusal(ProposeActionItems(by=AMARA, items=(ActionRow(text="x"),)))


def test_while_the_report_is_published_no_verdict_changes() -> None:
    play = decided()
    play.case = play.case.replace(under_way=("notice:published:edge-firewall",))

    assert "published" in play.refusal(decide(play.case, no("AI-2")))


def test_a_confirmed_item_keeps_its_verdict() -> None:
    play = decided()

    assert "confirmed already" in play.refusal(decide(play.case, no("AI-1")))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (answer(item="AI-9", answer="confirm"), "There is no action item"),
        (answer(by=OLIVER, answer="confirm"), "only that team confirms it"),
        (answer(item="AI-1", answer="confirm"), "is not waiting for a confirmation"),
        (answer(answer="decline", reason="No one is free"), "say why it is taken back"),
        (answer(answer="defer", reason="Later", consequence="Risk"), "on which date"),
    ],
)
def test_a_teams_answer_is_refused(act: Act, said: str) -> None:
    assert said in decided().refusal(act)


def test_of_two_answers_for_one_item_the_first_counts() -> None:
    play = decided()
    yes_, no_ = (
        ItemAnswer(item="AI-3", answer="confirm"),
        ItemAnswer(item="AI-3", answer="decline", reason="No", consequence="Risk"),
    )

    play.act(ConfirmActionItem(by=INES, answers=(yes_, no_)))

    assert play.item("AI-3").confirmation is not None


# --- the customer message -------------------------------------------------------------------


def test_a_message_needs_all_its_parts() -> None:
    empty = TEXT.replace(summary=" ", what_we_do="")

    said = met().refusal(DraftExternalMessage(by=AMARA, text=empty))

    assert said == "The message needs all its parts: summary, what we do."


def test_where_the_policy_wants_no_message_there_is_none() -> None:
    play = met(incident=an_incident(severity=Severity.SEV2))

    assert "no customer message" in play.refusal(DraftExternalMessage(by=AMARA, text=TEXT))


def test_the_liaison_decides_about_one_exact_text() -> None:
    play = asked()
    wanted = request(play.case)

    assert "no open request" in play.refusal(approve(play.case).replace(by=AMARA))
    assert "text has changed" in play.refusal(approve(play.case).replace(digest="0" * 64))
    assert "Say what should change" in play.refusal(changes(play.case, " "))
    assert "no open request" in play.refusal(approve(play.case).replace(approval_id="x"))
    assert wanted.decision is None


def test_the_first_decision_stands() -> None:
    play = approved()

    assert "decided already" in play.refusal(changes(play.case))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (WithdrawMessage(by=JOANA, reason=" "), "Say why"),
        (WithdrawMessage(by=JOANA, reason="Stop"), "no approved message to stop"),
        (MarkPosted(by=BEATRIZ, url="https://x"), "no approved message waiting"),
        (DecideExternalMessage(by=BEATRIZ, approval_id="", digest="", decision="approved"), "link"),
    ],
)
def test_what_needs_an_approval_is_refused_without_one(act: Act, said: str) -> None:
    assert said in asked().refusal(act)


def test_a_post_needs_an_address() -> None:
    play = approved()
    play.wait(minutes=10)

    assert "beginning with https://" in play.refusal(MarkPosted(by=BEATRIZ, url="on the page"))


def test_a_message_that_is_out_stays_as_it_is() -> None:
    play = followed()

    assert "out already" in play.refusal(DraftExternalMessage(by=AMARA, text=TEXT))
    assert "no approved message" in play.refusal(MarkPosted(by=BEATRIZ, url="https://other"))
    assert "out already" in play.refusal(WithdrawMessage(by=JOANA, reason="Too late"))


# --- steps by hand, operations --------------------------------------------------------------


def test_a_step_that_nobody_waits_for_is_refused() -> None:
    assert "not waiting" in owned().refusal(CompleteStep(by=AMARA, step="event", reference="x"))


def test_a_step_done_by_hand_says_where_it_is_found() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))

    assert "Paste the address" in play.refusal(CompleteStep(by=AMARA, step="event", reference=" "))


def test_operations_retry_only_what_is_parked() -> None:
    play = owned()

    assert "no effect of this case" in play.refusal(Retry(by=OPERATIONS, effect="coffee"))
    assert "Nothing is parked" in play.refusal(Retry(by=OPERATIONS, effect="event"))
    assert "Nothing is parked" in play.refusal(Retry(by=OPERATIONS))


def test_a_retry_clears_what_was_noted() -> None:
    play = owned()
    play.signal("hello")

    play.act(Retry(by=OPERATIONS))

    assert not play.case.anomalies


def test_a_retry_of_one_effect_leaves_the_others() -> None:
    play = Play(trouble=lambda e, _: Status.REFUSED if e.key in ("folder", "busy") else None)
    play.signal("hello")
    act = Retry(by=OPERATIONS, effect="folder")

    case = act.applied(play.case, play.now)

    assert ReserveFolder().key not in case.ledger
    assert "busy" in case.ledger
    assert case.anomalies


def test_an_answer_for_several_items_may_be_partial() -> None:
    play = decided()

    play.act(confirm(INES, "AI-3"))

    assert [item.id for item in play.case.items if item.unconfirmed] == ["AI-2", "AI-4"]


def test_a_day_to_look_again_is_kept() -> None:
    play = decided()

    play.act(answer(answer="defer", reason="Later", consequence="Risk", revisit=date(2027, 4, 1)))

    decision = play.item("AI-3").decision
    assert decision is not None
    assert decision.revisit == date(2027, 4, 1)
