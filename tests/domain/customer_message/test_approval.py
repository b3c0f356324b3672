"""The customer message: one exact text, drafted, approved by the liaison, or stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode
from domain.customer_message.effects import RequestApproval
from domain.customer_message.notices import DraftWanted
from domain.decisions.acts import ProposeActionItems
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.preparation.document import ActionRow
from tests.domain.customer_message.correspondence import OTHER, URL, draft, letters
from tests.playing import (
    AMARA,
    BEATRIZ,
    GRACE,
    INES,
    JOANA,
    NADIA,
    OLIVER,
    Play,
    an_incident,
    snapshot,
)
from tests.scenes import (
    TEXT,
    approve,
    approved,
    asked,
    changes,
    confirm,
    decide,
    decided,
    met,
    no,
    request,
    settled,
    yes,
)

# --- drafted, asked -------------------------------------------------------------------------


def test_the_owner_is_asked_for_a_text_after_the_meeting_unless_it_is_there() -> None:
    early = met()
    draft(early)

    assert letters(met()) == [("message-draft", AMARA)]
    assert ("approval", BEATRIZ) not in letters(early)


def test_the_liaison_is_asked_only_after_every_verdict_and_every_answer() -> None:
    play = decided()
    draft(play)
    play.wait(hours=1)
    play.act(confirm(INES, "AI-3", "AI-4"))
    waiting = play.case.message.approval

    play.act(confirm(OLIVER, "AI-2"))

    assert waiting is None
    assert request(play.case).requested_at == play.now
    assert request(play.case).digest == TEXT.digest


def test_without_any_liaison_the_head_of_support_is_asked_and_else_the_process_owner() -> None:
    known = snapshot(an_incident().resolved_at).replace(customer_liaisons=())
    headless = known.replace(head_of_support=None)

    assert request(asked(directory=known).case).liaison == GRACE
    assert request(asked(directory=headless).case).liaison == NADIA


def test_where_nobody_at_all_is_known_nobody_is_asked() -> None:
    known = snapshot(an_incident().resolved_at).replace(customer_liaisons=())

    play = asked(directory=known.replace(head_of_support=None, process_owner=None))

    assert not play.case.message.approvals
    assert RequestApproval(key="turn:approval:1").applied(play.case, play.now) == play.case


def test_a_request_for_changes_brings_the_comment_to_the_owner() -> None:
    play = asked()

    play.act(changes(play.case, "Say sorry."))

    assert [notice.comment for notice in play.told(DraftWanted)] == ["", "Say sorry."]


def test_a_new_version_replaces_the_old_request() -> None:
    play = asked()
    old = request(play.case)
    play.act(changes(play.case))

    draft(play, OTHER)

    assert request(play.case).version == 2
    assert play.case.message.approvals[0].superseded_at == play.now
    assert "superseded" in play.refusal(approve(play.case, old))
    assert letters(play)[-1] == ("approval", BEATRIZ)


def test_the_same_text_after_a_request_for_changes_is_a_new_version() -> None:
    play = asked()
    play.act(changes(play.case))

    draft(play)

    assert request(play.case).version == 2


def test_the_same_text_again_changes_nothing() -> None:
    play = asked()
    before = play.case

    draft(play)

    assert play.case == before


# --- approved -------------------------------------------------------------------------------


def test_an_approval_is_told_to_who_could_stop_it_and_held_back() -> None:
    play = approved()
    at = play.now

    play.wait(minutes=9)
    early = letters(play)[-2:]
    too_early = play.refusal(MarkPosted(by=BEATRIZ, url=URL))
    play.wait(minutes=1)

    assert early == [("approved", AMARA), ("approved", JOANA)]
    assert "held back" in too_early
    assert letters(play)[-1] == ("posting", BEATRIZ)
    assert play.now == at + timedelta(minutes=10)


def test_an_approval_twice_counts_once() -> None:
    play = approved()
    before = play.case

    play.act(approve(play.case))

    assert play.case == before


def test_an_edit_after_approval_voids_it() -> None:
    play = approved()

    draft(play, OTHER)
    play.wait(minutes=20)

    assert play.case.message.approved_at is None
    assert "posting" not in [kind for kind, _ in letters(play)]
    assert request(play.case).digest == OTHER.digest


def test_silence_never_approves() -> None:
    play = asked()

    play.wait(days=90)

    assert request(play.case).decision is None
    assert not play.case.message.finished


@pytest.mark.parametrize("scene", [asked, approved])
def test_another_verdict_ends_the_request_and_the_approval(scene: Callable[..., Play]) -> None:
    play = _unpublished(scene)
    play.act(ProposeActionItems(by=AMARA, items=(ActionRow(text="Two", priority="P2"),)))
    play.act(decide(play.case, no("AI-5")))
    asked_again = request(play.case)
    play.act(decide(play.case, yes("AI-5").replace(team="edge-firewall")))
    unsettled = play.case.message.approval
    play.act(confirm(INES, "AI-5"))

    assert unsettled is None
    assert request(play.case).id != asked_again.id
    assert request(play.case).decision is None


def test_a_proposal_that_comes_late_holds_the_message_back() -> None:
    play = _unpublished(approved)
    play.act(ProposeActionItems(by=AMARA, items=(ActionRow(text="One more thing"),)))
    play.wait(hours=1)
    held = [kind for kind, _ in letters(play)]
    refused = play.refusal(MarkPosted(by=BEATRIZ, url=URL))

    play.act(decide(play.case, no("AI-5")))

    assert "posting" not in held
    assert "not decided" in refused
    assert letters(play)[-1] == ("posting", BEATRIZ)


def test_wrong_codes_end_the_request_and_a_new_one_is_sent() -> None:
    play = asked()
    first = request(play.case)

    for _ in range(10):
        play.act(ReportWrongCode(by=BEATRIZ, approval_id=first.id))

    assert request(play.case).id != first.id
    assert letters(play)[-2:] == [("approval", BEATRIZ)] * 2
    assert play.refusal(ReportWrongCode(by=BEATRIZ, approval_id=first.id))


# --- stopped --------------------------------------------------------------------------------


def test_a_stopped_message_goes_back_to_the_owner() -> None:
    play = approved()

    play.act(WithdrawMessage(by=JOANA, reason="The numbers are wrong."))
    play.wait(hours=1)

    assert letters(play)[-1] == ("message-draft", AMARA)
    assert play.case.message.approved_at is None


def test_a_message_given_up_for_good_is_finished() -> None:
    play = asked()

    play.act(WithdrawMessage(by=JOANA, reason="Nobody noticed.", for_good=True))

    assert play.case.message.finished
    assert "given up" in play.refusal(approve(play.case))
    assert "given up" in play.refusal(DraftExternalMessage(by=AMARA, text=OTHER))
    again = WithdrawMessage(by=JOANA, reason="Nobody noticed.", for_good=True)
    assert "given up" in play.refusal(again)


# --- words ----------------------------------------------------------------------------------


def test_a_digest_is_of_the_exact_words_whatever_their_encoding() -> None:
    composed, decomposed = TEXT.replace(summary="Caf\u00e9"), TEXT.replace(summary="Cafe\u0301")

    assert composed.digest == decomposed.digest
    assert TEXT.replace(summary="a\r\nb").digest == TEXT.replace(summary="a\nb").digest
    assert TEXT.digest != OTHER.digest


def test_without_a_request_there_is_nothing_to_change() -> None:
    play = settled()

    assert play.case.message.superseded(play.now) == play.case.message
    act = DecideExternalMessage(
        by=BEATRIZ,
        approval_id="x",
        digest="y",
        decision="approved",
        evidence="link and code",
        proof="it was seen",
    )
    assert "no open request" in play.refusal(act)


def _unpublished(scene: Callable[..., Play]) -> Play:
    """Play a scene in which the lists take no report, so that verdicts may still change."""
    return scene(trouble=_kept)


def _kept(effect: AnyEffect, _: datetime) -> Status | None:
    return Status.UNAVAILABLE if effect.key.startswith("notice:published") else None
