"""No text leaves on one person's word: who wrote it and who approves it are two people."""

from domain.customer_message.acts import DraftExternalMessage
from domain.incident import Participant, Role
from domain.ownership.acts import AppointOwner
from domain.people import backup_liaison, customer_liaison
from tests.playing import AMARA, BEATRIZ, JOANA, an_incident
from tests.scenes import TEXT, approve, approved, asked, request, settled

MARCUS = "marcus-webb"


def test_an_owner_who_is_liaison_as_well_does_not_approve_their_own_words() -> None:
    incident = an_incident()
    liaison = Participant(person=AMARA, role=Role.CUSTOMER_LIAISON)
    named = incident.replace(participants=(*incident.participants, liaison))

    play = asked(incident=named)

    assert customer_liaison(play.case) == request(play.case).liaison == BEATRIZ


def test_a_liaison_who_becomes_owner_is_replaced_while_nothing_is_decided() -> None:
    play = asked()
    old = request(play.case)

    play.act(AppointOwner(by=JOANA, owner=BEATRIZ))

    assert request(play.case).liaison == MARCUS
    assert backup_liaison(play.case) is None
    assert "superseded" in play.refusal(approve(play.case, old))


def test_who_last_changed_it_does_not_approve_it_after_giving_the_ownership_away() -> None:
    play = settled()
    play.act(AppointOwner(by=JOANA, owner=BEATRIZ))
    play.act(DraftExternalMessage(by=BEATRIZ, text=TEXT))
    play.act(AppointOwner(by=JOANA, owner=AMARA))

    assert request(play.case).liaison == MARCUS
    assert "yourself" in play.refusal(approve(play.case).replace(by=BEATRIZ))


def test_an_approval_that_was_given_stands_whoever_owns_it_later() -> None:
    play = approved()

    play.act(AppointOwner(by=JOANA, owner=BEATRIZ))

    assert play.case.message.approved_at is not None
    assert request(play.case).liaison == BEATRIZ


def test_without_a_second_person_nobody_is_asked_and_operations_see_it() -> None:
    play = settled()
    known = play.case.directory
    assert known is not None
    play.directory = known.replace(
        customer_liaisons=(AMARA,), head_of_support=AMARA, process_owner=AMARA
    )
    play.case = play.case.looking_up_again()
    play.settle()

    play.act(DraftExternalMessage(by=AMARA, text=TEXT))

    assert play.case.message.approval is None
    assert "nobody-to-approve" in play.stuck
