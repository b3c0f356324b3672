"""Ladders: who is reminded, who is told next, and how often at the most."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain import lifecycle
from domain.calendar.working_time import is_working, local
from domain.case import Case
from domain.customer_message.acts import MarkPosted
from domain.engine.agenda import Life
from domain.engine.entry import Entry
from domain.engine.escalation import reachable
from domain.engine.notice import SendNotice
from domain.lifecycle import life
from domain.meeting.acts import MoveMeeting, RecordBooking
from domain.operations.notices import Reminder
from domain.ownership.acts import AcceptOwnership, DeclineOwnership
from domain.people import calendar_of
from domain.policy import LadderStep, Whom
from tests.playing import (
    AMARA,
    BEATRIZ,
    HELENA,
    INES,
    JOANA,
    KWAME,
    OLIVER,
    POLICY,
    RUI,
    Play,
    an_incident,
    snapshot,
)
from tests.scenes import (
    LEVEL_0,
    approved,
    asked,
    decided,
    followed,
    leads_no_more,
    met,
    owned,
)

GRACE, MARCUS, HANNAH = "grace-holloway", "marcus-webb", "hannah-lindqvist"


def told(play: Play, what: str) -> list[tuple[str, str]]:
    """The reminders about one wait: day and hour, and to whom."""
    return [
        (f"{at:%d %H:%M}", effect.to)
        for at, effect in play.notices()
        if effect.chases.split(":")[0] == what
    ]


def test_a_late_decision_reminds_the_facilitator_and_then_tells_the_commander() -> None:
    play = met()

    play.wait(days=5)

    assert told(play, "decisions") == [("15 16:00", HANNAH), ("18 16:00", JOANA)]


def test_a_late_answer_of_a_team_is_told_to_its_manager_once() -> None:
    play = decided()
    leads_no_more(play, KWAME)

    play.until(datetime(2027, 1, 15, 18, 0, tzinfo=UTC))

    assert told(play, "confirmation") == [
        ("15 11:00", INES),
        ("15 11:30", OLIVER),
        ("15 16:00", HELENA),
    ]


def test_a_late_liaison_is_reminded_twice_before_the_backup_is_asked() -> None:
    play = asked()

    play.wait(days=5)

    assert told(play, "approval") == [("15 12:00", BEATRIZ), ("18 09:00", BEATRIZ)]
    assert [to for _, to in play.sent("approval")] == [BEATRIZ, MARCUS]


def test_a_reminder_about_an_approval_repeats_the_link_and_the_code() -> None:
    play = asked()

    play.wait(days=1)

    (reminder,) = play.told(Reminder)
    assert reminder.link is not None
    assert reminder.link.leads_to == "approval"
    assert reminder.code_for == reminder.link.subject != ""


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

    assert [to for _, to in play.sent("approval")][:2] == [MARCUS, GRACE]


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
    play.wait(hours=1)
    play.act(DeclineOwnership(by=AMARA))
    play.act(MoveMeeting(by=JOANA, start=datetime(2027, 1, 13, 17, 53, tzinfo=UTC)))

    play.until(datetime(2027, 1, 12, 17, 53, tzinfo=UTC))

    assert sorted(play.mails_to(RUI)[-1]) == ["pre-read", "reminder"]


def test_a_second_reminder_of_a_day_waits_for_the_next_morning() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    play.act(RecordBooking(by=AMARA, reference="https://calendar/1"))
    reminded = datetime(2027, 1, 13, 9, 53, tzinfo=UTC)
    play.until(reminded)

    again = reachable(
        play.case, AMARA, calendar_of(play.case, AMARA), reminded + timedelta(hours=1)
    )

    assert play.case.reminded == {AMARA: reminded}
    assert again == datetime(2027, 1, 14, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("whom", Whom)
def test_every_step_of_a_ladder_knows_whom_to_tell(whom: Whom) -> None:
    play = approved()
    play.wait(minutes=10)
    assert play.case.rules is not None
    step = LadderStep.model_validate({"after": "1h", "tell": whom})
    rules = play.case.rules.replace(ladders={"posting": (step,)})
    (waiting,) = play.waits("posting")

    (entry,) = _chasing(life(play.case.replace(rules=rules)), "posting")

    assert entry.at == waiting.since + timedelta(hours=1)


def test_a_step_that_reaches_nobody_is_left_out() -> None:
    play = followed()
    assert play.case.directory is not None
    boss = play.case.directory.people[INES].replace(manager=None)
    people = {**play.case.directory.people, INES: boss}
    case = play.case.replace(directory=play.case.directory.replace(people=people))

    chasing = _chasing(life(case), "action-item:AI-1")
    told = [each.key for each in chasing if "still-waiting" not in each.key]

    assert told == [f"notice:reminder:action-item:AI-1:0:{INES}"]


def test_every_ladder_has_a_wait_and_every_wait_a_ladder_or_its_own_end() -> None:
    alone = [name for name in lifecycle.waits() if name not in POLICY.ladders]

    assert set(POLICY.ladders) < set(lifecycle.waits())
    assert all(ladder for ladder in POLICY.ladders.values())
    assert alone == ["deleted-meeting"]


def _chasing(life: Life[Case], wait: str) -> list[Entry]:
    """The entries that chase somebody about one wait."""
    return [
        each
        for each in life.entries
        if isinstance(each.effect, SendNotice) and each.effect.chases == wait
    ]


def test_an_unknown_list_is_reached_in_the_home_teams_hours() -> None:
    play = Play()
    sunday = datetime(2027, 1, 17, 12, 0, tzinfo=UTC)

    calendar = calendar_of(play.case, "some-list")
    monday = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
    assert reachable(play.case, "some-list", calendar, sunday) == monday
