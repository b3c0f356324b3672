"""Ladders by themselves: one notice per step, each for one person, each once per round."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.calendar.directory_snapshot import Absence
from domain.calendar.interval import Interval
from domain.engine.entry import Entry
from domain.engine.escalation import EscalationStep, escalation, reachable
from domain.engine.notice import Notice, SendNotice
from domain.engine.value import PersonId
from domain.engine.waiting import Asked, Waiting, WaitSpec
from tests.domain.engine.drill import DAY, HOUR, NOW, OFFICE, Drill, Warn, span

LADDER = (
    EscalationStep(after=span("4bh"), tell="ana"),
    EscalationStep(after=span("1bd"), tell="boss"),
    EscalationStep(after=span("2bd"), tell="nobody"),
)


def whom(_case: Drill, _waiting: Waiting, meant: str) -> PersonId | None:
    return None if meant == "nobody" else meant


def chase(_case: Drill, waiting: Waiting, to: PersonId) -> Notice:
    return Warn(about=f"{waiting.what} {to}")


def climbing(
    since: datetime | None, case: Drill | None = None, version: str = "", about: str = ""
) -> list[Entry]:
    waiting = Waiting("drill", "ana", NOW, about=about, version=version)
    spec: WaitSpec[Drill] = WaitSpec(
        name="drill", on=lambda _: (waiting,), reads_first=("news",), needs_read=("tickets",)
    )
    each = Asked(spec, waiting, None, since)
    return list(escalation(case or Drill(), each, LADDER, OFFICE, whom, chase))


def test_each_step_tells_one_person_at_its_time_and_a_step_without_one_is_left_out() -> None:
    steps = climbing(NOW)

    assert [entry.at for entry in steps] == [NOW + 4 * HOUR, NOW + DAY]
    assert [(each.effect.key, each.effect.version) for each in steps] == [
        ("notice:reminder:drill:0:ana", NOW.isoformat()),
        ("notice:escalation:drill:1:boss", NOW.isoformat()),
    ]
    assert {(entry.after, entry.needs) for entry in steps} == {(("news",), ("tickets",))}


def test_the_ladder_begins_when_they_were_asked_and_not_before() -> None:
    assert climbing(None) == []
    assert [entry.at for entry in climbing(NOW + HOUR)] == [NOW + 5 * HOUR, NOW + DAY + HOUR]


def test_every_step_knows_what_it_chases() -> None:
    chased = [
        each.effect.chases
        for each in climbing(NOW, about="exit")
        if isinstance(each.effect, SendNotice)
    ]

    assert chased == ["drill:exit", "drill:exit"]


def test_a_step_keeps_its_version_while_calendars_move_its_time() -> None:
    before, later = climbing(NOW, version="v1"), climbing(NOW + HOUR, version="v1")

    assert [e.effect.version for e in before] == [e.effect.version for e in later] == ["v1", "v1"]


def test_nobody_is_told_while_a_case_is_held() -> None:
    held = Drill(holds=(Interval(start=NOW + HOUR, end=NOW + 2 * HOUR),))

    assert [entry.at for entry in climbing(NOW, held)] == [NOW + 5 * HOUR, NOW + DAY + HOUR]


# --- when somebody may be chased ------------------------------------------------------------

MORNING, EVENING = NOW.replace(hour=9), NOW.replace(hour=18)
TUESDAY = NOW.date()
AWAY = OFFICE.replace(absences=(Absence(first=TUESDAY, last=TUESDAY + timedelta(days=1)),))


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (lambda: NOW, NOW),
        (lambda: NOW.replace(hour=3), MORNING),
        (lambda: EVENING, MORNING + DAY),
        (lambda: EVENING + 3 * DAY, MORNING + 6 * DAY),
    ],
)
def test_people_are_chased_at_work(at: Callable[[], datetime], first: datetime) -> None:
    assert reachable(Drill(), "ana", OFFICE, at()) == first


def test_who_is_away_is_chased_when_they_are_back() -> None:
    assert reachable(Drill(), "ana", AWAY, NOW) == MORNING + 2 * DAY


def test_nobody_is_chased_twice_on_a_day() -> None:
    today, yesterday = Drill(reminded={"ana": NOW}), Drill(reminded={"ana": NOW - DAY})

    assert reachable(today, "ana", OFFICE, NOW + HOUR) == MORNING + DAY
    assert reachable(yesterday, "ana", OFFICE, NOW + HOUR) == NOW + HOUR
    assert reachable(today, "ben", OFFICE, NOW + HOUR) == NOW + HOUR
