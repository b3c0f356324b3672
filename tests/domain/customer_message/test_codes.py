"""Codes: what needs one, wrong ones that end in a lock, who unlocks, and a code sent again."""

import pytest

from domain.case import Case
from domain.customer_message.acts import (
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode, SendCode, UnlockCodes
from domain.customer_message.notices import CodeSent, CodesLocked
from domain.engine.act import Act
from domain.incident import Role
from tests.playing import AMARA, BEATRIZ, INES, JOANA, RUI, Play, an_incident
from tests.scenes import TEXT, approve, approved, asked, changes, followed, met, request

STOP = WithdrawMessage(by=JOANA, reason="Stop", for_good=True)
POST = MarkPosted(by=BEATRIZ, url="https://status.example.com/1")
AGAIN = SettleDelivery(
    by=JOANA, outcome="send again", evidence="link and code", proof="it was seen"
)
DRAFT = DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="Another summary."))


def mistype(play: Play, person: str, times: int) -> None:
    for _ in range(times):
        play.act(ReportWrongCode(by=person, approval_id=request(play.case).id))


def locked(person: str = BEATRIZ) -> Play:
    play = asked()
    mistype(play, person, 30)
    return play


@pytest.mark.parametrize("act", [STOP, POST, AGAIN, DRAFT])
def test_who_acts_on_an_open_approval_needs_the_code_of_its_request(act: Act[Case]) -> None:
    play = approved()

    assert act.code_for(play.case) == request(play.case).id


def test_a_first_text_and_a_wished_change_need_no_code() -> None:
    play = asked()
    play.act(changes(play.case))

    assert DRAFT.code_for(met().case) == ""
    assert DRAFT.code_for(play.case) == ""
    assert STOP.code_for(met().case) == ""


def test_after_three_requests_that_ended_in_wrong_codes_somebody_else_is_asked() -> None:
    play = asked()

    for _ in range(2):
        mistype(play, BEATRIZ, 10)
    after_two = [to for _, to in play.sent("approval")]
    mistype(play, BEATRIZ, 10)
    play.wait(days=20)

    asked_since = [to for _, to in play.sent("approval")][3:]
    assert after_two == [BEATRIZ] * 3
    assert asked_since
    assert BEATRIZ not in asked_since


def test_a_person_unlocks_and_only_then_a_new_request_is_sent() -> None:
    play = locked()
    (waiting,) = play.waits("locked-code")
    (told,) = play.told(CodesLocked)

    play.act(UnlockCodes(by=AMARA))

    assert (waiting.person, told.person_name) == (AMARA, "Beatriz Leal")
    assert len(play.sent("approval")) == 4
    assert play.waits("locked-code") == []
    play.act(approve(play.case))
    assert play.case.message.approved_at is not None


def test_a_wrong_code_after_the_decision_ends_no_approval() -> None:
    play = approved()

    mistype(play, JOANA, 29)

    assert play.case.message.approved_at is not None
    assert not play.refusal(STOP)


@pytest.mark.parametrize("act", [STOP, AGAIN])
def test_whose_codes_are_locked_changes_nothing_about_the_message(act: Act[Case]) -> None:
    play = approved()
    mistype(play, JOANA, 30)

    again = ReportWrongCode(by=JOANA, approval_id=request(play.case).id)

    for refused in (act, again, SendCode(by=JOANA)):
        assert "locked" in play.refusal(refused)


def test_nobody_unlocks_their_own() -> None:
    play = locked(AMARA)
    (waiting,) = play.waits("locked-code")

    assert waiting.person == JOANA
    assert "Somebody else" in play.refusal(UnlockCodes(by=AMARA))
    assert "Only the owner" in play.refusal(UnlockCodes(by=RUI))
    play.act(UnlockCodes(by=INES))
    assert not play.case.message.locked


def test_owner_and_commander_in_one_person_are_unlocked_by_who_leads_the_team() -> None:
    incident = an_incident()
    alone = tuple(each for each in incident.participants if each.role is Role.RESPONDER)
    commander = alone[0].replace(role=Role.INCIDENT_COMMANDER)
    play = asked(incident=incident.replace(participants=(commander, *alone)))
    mistype(play, AMARA, 30)

    (waiting,) = play.waits("locked-code")

    assert waiting.person == INES


def test_where_nobody_is_locked_there_is_nothing_to_unlock() -> None:
    assert "Nothing to do" in asked().refusal(UnlockCodes(by=AMARA))
    assert not UnlockCodes.offered(asked().case)
    assert UnlockCodes.offered(locked().case)


def test_a_message_that_is_out_makes_nobody_unlock() -> None:
    play = approved()
    mistype(play, JOANA, 30)
    play.wait(minutes=10)
    play.act(POST)

    assert play.waits("locked-code") == []


def test_who_has_no_mail_with_a_code_is_sent_one_once_for_each_request() -> None:
    play = asked()

    play.act(SendCode(by=AMARA))
    again = play.refusal(SendCode(by=AMARA))
    play.act(DRAFT)
    play.act(SendCode(by=AMARA))

    assert "sent already" in again
    assert [to for _, to in play.sent("code")] == [AMARA, AMARA]
    assert play.told(CodeSent)[-1].code_for == request(play.case).id


def test_a_code_is_for_who_may_use_it_while_there_is_something_to_decide() -> None:
    assert "not yours" in asked().refusal(SendCode(by=RUI))
    assert "no code" in met().refusal(SendCode(by=AMARA))
    assert [ReportWrongCode.offered(each.case) for each in (met(), asked(), followed())] == [
        False,
        True,
        False,
    ]
    assert "no code" in followed().refusal(SendCode(by=AMARA))
    assert "not open" in followed().refusal(
        ReportWrongCode(by=AMARA, approval_id=request(followed().case).id)
    )
