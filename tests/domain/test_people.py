"""Who is who in one case."""

from datetime import UTC, datetime

from domain import people
from domain.incident import Role
from domain.meeting.event import Attendee
from tests.playing import AMARA, HELENA, INES, JOANA, OLIVER, PRIYA, Play, an_incident, snapshot
from tests.scenes import owned

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)


def test_who_comes_by_role() -> None:
    play = owned()

    invited = people.attendees(play.case)

    assert Attendee(person="beatriz-leal", optional=True) in invited
    assert {AMARA, JOANA, INES, OLIVER, PRIYA} <= {e.person for e in invited if not e.optional}


def test_a_facilitator_took_no_part_and_leads_no_team() -> None:
    play = owned()
    chair = play.case.meeting.facilitator

    assert chair is not None
    assert chair not in {AMARA, JOANA, INES, OLIVER}
    assert chair in (play.case.directory.facilitators if play.case.directory else ())


def test_people_are_known_by_name_and_strangers_by_id() -> None:
    known = snapshot(NOW)

    assert known.name_of(INES) == "Inês Duarte"
    assert known.name_of("who-is-this") == "who-is-this"
    assert known.manager_of(INES) == HELENA
    assert known.manager_of("who-is-this") is None
    assert known.team_of_service("unheard-of") is None


def test_a_deputy_stands_in_for_the_commander() -> None:
    incident = an_incident()
    deputy = incident.participants[1].replace(role=Role.DEPUTY)
    play = Play(incident=incident.replace(participants=(deputy,)))

    assert people.commander(play.case) == AMARA


def test_where_nobody_is_known_nobody_is_waited_for() -> None:
    known = snapshot(NOW).replace(incident_commanders=(), facilitators=(), process_owner=None)
    stranger = an_incident().replace(participants=(), services=("unheard-of",))
    play = Play(incident=stranger, directory=known)

    play.until(play.case.meeting.end)

    assert play.waits() == []
    assert {mail.kinds for mail in play.mails} == {("pre-read",)}
