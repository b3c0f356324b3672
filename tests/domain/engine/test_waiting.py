"""What a case waits for: who is asked, since when, and what happens when patience ends."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest

from domain.calendar.interval import Interval
from domain.engine.ledger import Status
from domain.engine.notice import Ask, SendNotice
from domain.engine.waiting import Lapse, Waiting, WaitSpec, asked, lapsing
from tests.domain.engine.drill import DAY, HOUR, NOW, OFFICE, Drill, Evacuate, Warn, outcome, span

KEY = "notice:warn:ana"


def ana(version: str = "") -> Waiting:
    return Waiting("drill", "ana", NOW, version=version)


def spec(waiting: Waiting, *spans: str, ask: Ask | None = None) -> WaitSpec[Drill]:
    def lapses(_case: Drill, _waiting: Waiting) -> Iterator[Lapse]:
        yield Lapse(tuple(map(span, spans)), OFFICE, Evacuate())

    def on(_case: Drill) -> Iterable[Waiting]:
        return (waiting,)

    return WaitSpec(
        name="drill",
        on=on,
        asks=lambda _case, _waiting: ask,
        lapses=lapses,
        reads_first=("news",),
        needs_read=("tickets",),
    )


def told(status: Status, at: datetime = NOW, version: str = "v1") -> Drill:
    return Drill(ledger={KEY: outcome(status, at, version)})


def since(case: Drill) -> datetime | None:
    (found,) = asked(case, spec(ana("v1"), ask=Ask(Warn())))
    return found.since


# --- who is asked ---------------------------------------------------------------------------


def test_what_is_waited_for_is_asked_for_from_its_beginning() -> None:
    (found,) = asked(Drill(), spec(ana(), ask=Ask(Warn(), about="exit")))

    assert found.entry is not None
    effect = found.entry.effect
    assert isinstance(effect, SendNotice)
    assert (found.entry.at, effect.to, effect.notice) == (NOW, "ana", Warn())
    assert (effect.key, effect.version) == ("notice:warn:exit:ana", NOW.isoformat())
    assert effect.chases == ""
    assert (found.entry.after, found.entry.needs) == (("news",), ("tickets",))


def test_a_version_keeps_it_the_same_question_while_its_beginning_moves() -> None:
    (of_wait,) = asked(Drill(), spec(ana("v1"), ask=Ask(Warn())))
    (of_ask,) = asked(Drill(), spec(ana("v1"), ask=Ask(Warn(), version="a2")))

    assert of_wait.entry is not None
    assert of_ask.entry is not None
    assert (of_wait.entry.effect.version, of_ask.entry.effect.version) == ("v1", "a2")


def test_waits_of_one_kind_are_told_apart_by_what_they_are_about() -> None:
    assert ana().key == "drill"
    assert Waiting("drill", "ana", NOW, about="exit").key == "drill:exit"
    assert (ana().round, ana("v1").round) == (NOW.isoformat(), "v1")


# --- since when -----------------------------------------------------------------------------


def test_nobody_waits_for_who_was_not_asked_yet() -> None:
    assert since(Drill()) is None
    assert since(told(Status.DONE, version="v0")) is None
    assert since(told(Status.UNAVAILABLE)) is None


@pytest.mark.parametrize(
    ("late", "begins"),
    [
        (timedelta(), timedelta()),
        (timedelta(seconds=59), timedelta()),
        (timedelta(minutes=1), timedelta(minutes=1)),
        (3 * HOUR, 3 * HOUR),
    ],
)
def test_patience_begins_when_they_were_asked(late: timedelta, begins: timedelta) -> None:
    assert since(told(Status.DONE, NOW + late)) == NOW + begins


@pytest.mark.parametrize("status", [Status.REFUSED, Status.UNKNOWN])
def test_who_cannot_be_asked_makes_nobody_else_wait(status: Status) -> None:
    assert since(told(status, NOW + 3 * HOUR)) == NOW


def test_where_something_else_asks_it_begins_by_itself() -> None:
    (found,) = asked(Drill(), spec(ana()))

    assert (found.entry, found.since) == (None, NOW)


# --- patience -------------------------------------------------------------------------------


def ends(case: Drill, *spans: str) -> list[datetime]:
    (found,) = asked(case, spec(ana("v1"), *spans, ask=Ask(Warn())))
    return [entry.at for entry in lapsing(case, found)]


def test_nothing_lapses_before_they_were_asked() -> None:
    assert ends(Drill(), "4bh") == []


def test_patience_is_counted_from_asking_span_after_span() -> None:
    case = told(Status.DONE, NOW + HOUR)

    assert ends(case, "4bh") == [NOW + 5 * HOUR]
    assert ends(case, "1bd", "1bd") == [NOW + HOUR + 2 * DAY]


def test_patience_does_not_run_while_a_case_is_held() -> None:
    held = Interval(start=NOW + HOUR, end=NOW + 3 * HOUR)

    assert ends(told(Status.DONE).replace(holds=(held,)), "24h") == [NOW + DAY + 2 * HOUR]


def test_a_wait_without_patience_never_ends_by_itself() -> None:
    usual: WaitSpec[Drill] = WaitSpec(name="drill", on=lambda _: (ana(),))

    (found,) = asked(Drill(), usual)

    assert list(lapsing(Drill(), found)) == []
    assert found.entry is None
