"""Ladders: who is reminded, who is told next, and how often at the most."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.ownership.acts import AcceptOwnership
from domain.acts import CompleteStep
from domain.customer_message.acts import MarkPosted
from domain.meeting.acts import MoveMeeting
from domain.calendar.working_time import is_working, local
from domain.case import Case
from domain.engine.escalation import reachable
from domain.ladders import rungs
from domain.people import calendar_of
from domain.policy import LadderStep, Wait, Whom
from domain.engine.waiting import Waiting
from domain.lifecycle import waits
from tests.playing import (
    AMARA,
    BEATRIZ,
    HELENA,
    INES,
    JOANA,
    OLIVER,
    POLICY,
    Play,
    an_incident,
    snapshot,
)
from tests.scenes import LEVEL_0, approved, asked, decided, followed, met, owned

GRACE, MARCUS, HANNAH = "grace-holloway", "marcus-webb", "hannah-lindqvist"


def told(play: Play, what: Wait) -> list[tuple[str, str]]:
    """The nags about one wait: day and hour, and to whom."""
    return [
        (f"{at:%d %H:%M}", effect.to)
        for at, effect in play.notices()
        if effect.nags and effect.about.endswith(f": {what}")
    ]


def test_a_late_decision_reminds_the_facilitator_and_then_tells_the_commander() -> None:
    play = met()

    play.wait(days=5)

    assert told(play, "decisions") == [("15 16:00", HANNAH), ("18 16:00", JOANA)]


def test_a_late_answer_of_a_team_is_told_to_its_manager_once() -> None:
    play = decided()

    play.until(datetime(2027, 1, 15, 18, 0, tzinfo=UTC))

    assert told(play, "confirmation") == [
        ("15 11:00", INES),
        ("15 11:30", OLIVER),
        ("15 16:00", HELENA),
    ]


def test_a_late_liaison_is_reminded_then_the_backup_then_the_manager() -> None:
    play = asked()

    play.wait(days=10)

    # In Texas the 18th and the 19th are public holidays.
    assert told(play, "approval") == [
        ("15 12:00", BEATRIZ),
        ("20 14:30", MARCUS),
        ("20 14:30", GRACE),
    ]


def test_a_reminder_about_an_approval_repeats_the_link_and_the_code() -> None:
    play = asked()

    play.wait(days=1)

    letter = next(e.letter for _, e in play.notices() if e.notice.kind == "reminder")
    assert letter.button is not None
    assert letter.button.leads_to == "approval"
    assert letter.code_for == letter.button.subject != ""


def test_a_late_post_is_told_to_backup_and_commander() -> None:
    play = approved()

    play.wait(days=7)

    assert sorted(to for _, to in told(play, "posting")) == [BEATRIZ, JOANA, MARCUS]


def test_a_late_text_is_told_to_the_commander() -> None:
    play = met()

    play.wait(days=4)

    assert [to for _, to in told(play, "message-draft")] == [AMARA, JOANA]


def test_what_is_done_is_reminded_of_no_more() -> None:
    play = approved()
    play.wait(minutes=10)
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))

    play.wait(days=7)

    assert not told(play, "posting")


def test_an_absent_liaison_does_not_keep_the_backup_from_being_told() -> None:
    known = snapshot(an_incident().resolved_at)
    away = {"absences": ({"first": "2027-01-13", "last": "2027-03-01"},)}
    person = known.people[BEATRIZ]
    absent = person.model_validate(person.model_dump() | away)
    play = asked(directory=known.replace(people={**known.people, BEATRIZ: absent}))

    play.wait(days=10)

    assert [to for _, to in told(play, "approval")] == [MARCUS, GRACE]


@pytest.mark.parametrize("scene", [owned, met, decided, asked, approved, followed])
def test_nobody_gets_more_than_one_reminder_a_day_and_none_at_night(
    scene: Callable[[], Play],
) -> None:
    play = scene()
    play.wait(days=40)

    nags = [mail for mail in play.mails if mail.nags]
    days = Counter(
        (mail.to, local(mail.at, calendar_of(play.case, mail.to).changes).date()) for mail in nags
    )
    assert nags
    assert set(days.values()) == {1}
    assert all(is_working(mail.at, calendar_of(play.case, mail.to)) for mail in nags)


def test_two_reminders_of_one_moment_are_one_mail() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))

    play.until(datetime(2027, 1, 13, 12, 0, tzinfo=UTC))

    assert ("reminder", "reminder") in play.mails_to(AMARA)


def test_a_reminder_waits_for_the_readings_of_its_moment_and_shares_their_mail() -> None:
    play = Play()
    play.act(MoveMeeting(by=JOANA, start=datetime(2027, 1, 13, 16, 53, tzinfo=UTC)))

    play.until(datetime(2027, 1, 12, 16, 53, tzinfo=UTC))

    assert sorted(play.mails_to(AMARA)[-1]) == ["pre-read", "reminder"]


def test_a_second_reminder_of_a_day_waits_for_the_next_morning() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    play.act(CompleteStep(by=AMARA, step="event", reference="https://calendar/1"))
    reminded = datetime(2027, 1, 13, 9, 53, tzinfo=UTC)
    play.until(reminded)

    again = reachable(play.case, AMARA, reminded + timedelta(hours=1))

    assert play.case.reminded == {AMARA: reminded}
    assert again == datetime(2027, 1, 14, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("whom", Whom)
def test_every_rung_knows_whom_to_tell(whom: Whom) -> None:
    play = approved()
    play.wait(minutes=10)
    assert play.case.rules is not None
    rung = Rung.model_validate({"after": "1h", "tell": whom})
    rules = play.case.rules.replace(ladders={"posting": (rung,)})
    waiting = next(each for each in waits(play.case) if each.what is "posting")

    (entry,) = rungs(play.case.replace(rules=rules), waiting)

    assert entry.at == waiting.since + timedelta(hours=1)


def test_a_rung_that_reaches_nobody_is_left_out() -> None:
    play = Play()
    waiting = Waiting(what="action-item", person=HELENA, since=play.now)

    assert [entry.effect.key.split(":")[1] for entry in rungs(play.case, waiting)] == ["reminder"]
    assert list(rungs(Case(), waiting)) == []


def test_every_wait_has_a_ladder_and_ends_it() -> None:
    assert set(POLICY.ladders) == set(Wait)
    assert all(ladder for ladder in POLICY.ladders.values())


def test_an_unknown_list_is_reached_in_the_home_teams_hours() -> None:
    play = Play()
    sunday = datetime(2027, 1, 17, 12, 0, tzinfo=UTC)

    assert reachable(play.case, "some-list", sunday) == datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
