"""A case that is about nothing: the engine must not know what its cases are about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar
from domain.engine.act import Act
from domain.engine.agenda import Life
from domain.engine.effect import Effect, Transition
from domain.engine.entry import AnyEffect, Entry
from domain.engine.ledger import Outcome, Progress, Report, Status
from domain.engine.notice import Notice, SendNotice
from domain.engine.value import PersonId, Value
from domain.engine.waiting import Asked

NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFICE = WorkCalendar()


class Drill(Progress):
    """A case of a made-up kind."""

    rung: tuple[str, ...] = ()


class Bell(Value):
    """What ringing a bell brings back."""

    tone: str


class Ring(Effect[Drill, Bell]):
    """Ring a bell; its tone is remembered."""

    activity: ClassVar[str] = "ring"
    answer: ClassVar[type[Bell]] = Bell

    def learned(self, case: Drill, answer: Bell, now: datetime) -> Drill:  # noqa: ARG002 - one shape
        return case.replace(rung=(*case.rung, answer.tone))


class LoudRing(Ring):
    """A bell that people would want to know of."""

    noteworthy: ClassVar[bool] = True
    to: tuple[PersonId, ...] = ()

    def noted_as(self) -> dict[str, str]:
        return {"bell": self.version}

    def reached(self) -> tuple[str, ...]:
        return self.to


class Knock(Effect[Drill, None]):
    """Knock at a door; there is nothing to learn from it."""

    activity: ClassVar[str] = "knock"


class Leave(Act[Drill]):
    """Somebody says that they are out."""

    name: ClassVar[str] = "leave"

    @classmethod
    def allowed_for(cls, case: Drill) -> frozenset[PersonId]:  # noqa: ARG003 - one shape
        return frozenset({"ana"})

    def wrong(self, case: Drill, now: datetime) -> str | None:  # noqa: ARG002 - one shape
        return "You are out already." if self.by in case.rung else None

    def applied(self, case: Drill, now: datetime) -> Drill:  # noqa: ARG002 - one shape
        return case.replace(rung=(*case.rung, self.by))


class Evacuate(Transition[Drill]):
    """A step of the case's own."""

    name: ClassVar[str] = "evacuate"

    key: str = "turn:evacuate"

    def applied(self, case: Drill, now: datetime) -> Drill:  # noqa: ARG002 - one shape
        return case.replace(rung=(*case.rung, "out"))


class Warn(Notice):
    """Warn somebody."""

    kind: ClassVar[str] = "warn"

    about: str = "smoke"


def span(written: str) -> Span:
    return Span.model_validate(written)


def ring(key: str = "bell", version: str = "1") -> Ring:
    return Ring(key=key, version=version)


def warn(to: PersonId = "ana", chases: str = "", key: str = "") -> SendNotice[Drill]:
    return SendNotice(key=key or f"notice:warn:{to}", to=to, notice=Warn(), chases=chases)


def outcome(
    status: Status = Status.DONE,
    at: datetime = NOW,
    version: str = "1",
    again_at: datetime | None = None,
) -> Outcome:
    return Outcome(version=version, status=status, at=at, again_at=again_at)


def done(key: str) -> Report:
    return Report(key=key)


def life(
    *entries: Entry,
    case: Drill | None = None,
    readings: Iterable[AnyEffect] = (),
    asked: tuple[Asked[Drill], ...] = (),
) -> Life[Drill]:
    known = {each.key: each for each in readings}
    return Life(
        case=case or Drill(),
        asked=asked,
        write=lambda _case, _asked: entries,
        read=lambda _: known,
        calendar_of=lambda _case, _person: OFFICE,
    )


def keys(effects: Iterable[Effect[Any, Any]]) -> list[str]:
    return [each.key for each in effects]
