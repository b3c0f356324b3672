"""What has left stays left, whatever calendars say afterwards (defect 4)."""

from datetime import UTC, date, datetime, time, timedelta

from domain.calendar.directory_snapshot import DirectorySnapshot
from tests.playing import Play, snapshot
from tests.scenes import followed


def other_hours(known: DirectorySnapshot) -> DirectorySnapshot:
    """The organisation after its teams chose to begin later, and to rest on more days."""
    later = (time(11), time(19))
    holidays = {name: {**days, date(2027, 1, 28): "New"} for name, days in known.holidays.items()}
    teams = {name: team.replace(hours=later) for name, team in known.teams.items()}
    people = {name: person.replace(hours=later) for name, person in known.people.items()}
    return known.replace(teams=teams, people=people, holidays=holidays)


def renewed(play: Play) -> None:
    """The next run of the case begins, and looks its people up again."""
    play.case = play.case.carried()
    play.settle()


def chasing(play: Play) -> list[tuple[str, str]]:
    """What was sent about tickets: key and version."""
    return [
        (each.key, each.version)
        for _, each in play.notices()
        if each.chases.startswith("action-item") or each.notice.kind == "still-open"
    ]


def test_a_reminder_that_has_left_is_not_repeated_when_a_teams_hours_change() -> None:
    play = followed()
    play.until(datetime(2027, 1, 28, 18, tzinfo=UTC))
    before = chasing(play)
    play.directory = other_hours(snapshot(play.now))

    renewed(play)
    play.until(datetime(2027, 1, 29, 23, tzinfo=UTC))

    assert len(before) == 5
    assert chasing(play) == before


def test_the_weekly_message_keeps_its_rhythm_when_a_teams_hours_change() -> None:
    play = followed()
    play.until(datetime(2027, 1, 28, 18, tzinfo=UTC))
    weekly = play.sent("still-open")
    play.directory = other_hours(snapshot(play.now))

    renewed(play)
    play.wait(days=8)

    later = play.sent("still-open")[len(weekly) :]
    assert {to for _, to in later} == {to for _, to in weekly}
    assert all(at - weekly[0][0] >= timedelta(days=7) for at, _ in later)


def test_nothing_that_chases_leaves_twice_through_months_of_changing_calendars() -> None:
    play = followed()
    everybody = snapshot(play.now)

    for week in range(12):
        play.directory = other_hours(everybody) if week % 2 else everybody
        renewed(play)
        play.wait(days=7)

    sent = chasing(play)
    assert len(sent) == len(set(sent)) > 10
