"""What a case costs people: messages per person on the happy path (design §6)."""

from collections import Counter

import pytest

from domain.customer_message.acts import DraftExternalMessage, MarkPosted
from domain.meeting.effects import PutEvent
from tests.playing import AMARA, BEATRIZ, INES, JOANA, KWAME, OLIVER, PRIYA, RUI, Play
from tests.scenes import TEXT, approve, confirm, decide, met, yes

HANNAH = "hannah-lindqvist"


def happy() -> Play:
    """A life in which everybody answers soon, up to the customer message being out."""
    play = met()
    play.wait(minutes=20)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER), yes("AI-3"), yes("AI-4")))
    play.wait(hours=1)
    play.act(confirm(INES, "AI-1", "AI-3", "AI-4"))
    play.act(confirm(OLIVER, "AI-2"))
    play.wait(hours=1)
    play.act(approve(play.case))
    play.wait(hours=1)
    return play


def messages(play: Play) -> Counter[str]:
    """Count what each person gets: invitations, mails, and those to a list they are on."""
    assert play.case.directory is not None
    counted: Counter[str] = Counter()
    for put in play.kinds(PutEvent):
        counted.update(each.person for each in put.event.attendees)
    teams = {team.list: team.members for team in play.case.directory.teams.values() if team.list}
    managers = {t.list: t.engineering_manager for t in play.case.directory.teams.values() if t.list}
    for mail in play.mails:
        on_list = {*teams.get(mail.to, ()), managers.get(mail.to, mail.to)}
        counted.update(on_list)
    return counted


@pytest.mark.parametrize(
    ("person", "at_most"),
    [
        (RUI, 3),
        (INES, 4),
        (OLIVER, 4),
        (KWAME, 4),
        (PRIYA, 4),
        (JOANA, 4),
        (HANNAH, 3),
        (BEATRIZ, 4),
        (AMARA, 7),
    ],
)
def test_nobody_gets_more_messages_than_the_budget_allows(person: str, at_most: int) -> None:
    assert messages(happy())[person] <= at_most


def test_the_invitation_is_sent_once() -> None:
    play = happy()

    invitations = [put for put in play.kinds(PutEvent) if put.event.attendees]

    assert len(invitations) == 1


def test_everything_due_for_one_person_in_one_moment_is_one_mail() -> None:
    play = happy()

    moments = Counter((mail.at, mail.to) for mail in play.mails)

    assert set(moments.values()) == {1}


def test_on_the_happy_path_nobody_is_reminded() -> None:
    assert not [mail for mail in happy().mails if mail.nags]


def test_people_who_took_no_part_hear_nothing() -> None:
    heard = messages(happy())

    assert "grace-holloway" not in heard
    assert "nadia-haddad" not in heard


def test_while_everybody_works_nobody_hears_of_tickets() -> None:
    play = happy()
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    before = len(play.mails)

    for _ in range(2):
        play.wait(days=5)
        for key, issue in play.issues.items():
            play.issues[key] = issue.replace(touched_at=play.now)
            play.signal("ticket_changed", play.issues[key].model_dump(mode="json"))

    assert play.case.published_at is not None
    assert len(play.mails) == before
