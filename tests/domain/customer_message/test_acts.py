"""Acts about the customer message, and the sentences that say why not."""

import pytest

from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode
from domain.engine.act import Act
from domain.incident import Severity
from tests.playing import AMARA, BEATRIZ, JOANA, RUI, an_incident
from tests.scenes import TEXT, approve, approved, asked, changes, followed, met, request


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

    assert "no open request" in play.refusal(approve(play.case).replace(by=RUI))
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
        (
            DecideExternalMessage(
                by=BEATRIZ,
                approval_id="",
                digest="",
                decision="approved",
                evidence="link and code",
                proof="it was seen",
            ),
            "link",
        ),
    ],
)
def test_what_needs_an_approval_is_refused_without_one(act: Act[Case], said: str) -> None:
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


def test_a_bystander_neither_writes_nor_stops_nor_posts_the_message() -> None:
    play = approved()
    play.wait(minutes=10)

    assert "Only the owner writes" in play.refusal(DraftExternalMessage(by=RUI, text=TEXT))
    assert "Only the owner, the incident commander" in play.refusal(
        WithdrawMessage(by=RUI, reason="I do not like it.")
    )
    assert "Only the customer liaison" in play.refusal(MarkPosted(by=AMARA, url="https://x"))


def test_only_who_may_have_a_code_reports_a_wrong_one() -> None:
    play = asked()
    act = ReportWrongCode(by=RUI, approval_id=request(play.case).id)

    assert "not yours" in play.refusal(act)


@pytest.mark.parametrize("by", [AMARA, JOANA, BEATRIZ, "marcus-webb"])
def test_whoever_answers_for_the_message_may_stop_it(by: str) -> None:
    assert not approved().refusal(WithdrawMessage(by=by, reason="The numbers are wrong."))


def test_what_may_be_done_about_the_message_is_offered_as_long_as_it_may() -> None:
    assert DraftExternalMessage.offered(met().case)
    assert not DraftExternalMessage.offered(followed().case)
    assert WithdrawMessage.offered(approved().case)
    assert WithdrawMessage.offered(asked().case)
    assert not WithdrawMessage.offered(met().case)
