"""What a case waits for, on whom and since when: one declaration for each kind of wait."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic

from domain.calendar.spans import Span
from domain.calendar.working_time import WorkCalendar
from domain.engine.act import Act
from domain.engine.clock import due_at
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.ledger import C, Progress, Status
from domain.engine.notice import Ask, sending
from domain.engine.value import PersonId

AT_ONCE = timedelta(minutes=1)
"""A mail that took less was not held up: reminders keep the full minutes that people are told."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for one person since an instant, which may lie ahead.

    `about` tells waits of one kind apart, where there can be several; `items` and `request` are
    what it is about. `version` makes it the same wait while its beginning is computed anew.
    """

    what: str
    person: PersonId
    since: datetime
    about: str = ""
    items: tuple[str, ...] = ()
    request: str = ""
    version: str = ""

    @property
    def key(self) -> str:
        """What makes it the same wait while its details change."""
        return f"{self.what}:{self.about}" if self.about else self.what

    @property
    def round(self) -> str:
        """Which time it is waited for; what was sent in one round is not sent again in it."""
        return self.version or self.since.isoformat()


@dataclass(frozen=True, slots=True)
class Lapse:
    """What a case does by itself when a person's patience is over: spans, one after the other."""

    spans: tuple[Span, ...]
    calendar: WorkCalendar
    transition: Transition[Any]


def _nobody(_case: Any, _waiting: Waiting) -> None:  # noqa: ANN401 - of any case
    return None


def _never(_case: Any, _waiting: Waiting) -> Iterable[Lapse]:  # noqa: ANN401 - of any case
    return ()


@dataclass(frozen=True)
class WaitSpec(Generic[C]):
    """One kind of wait, whole.

    `name` is also that of its ladder in the policy and of its words in the catalogue. `on` yields
    whom the case waits for. `asks` returns the notice that asks them, or None where something
    else does. `answered_by` are the acts that end it, the usual one first; each says itself who
    may do it. `lapses` yields what happens when patience ends. What is in `reads_first` is read
    before anybody is asked or chased, what is in `needs_read` must have been.
    """

    name: str
    on: Callable[[C], Iterable[Waiting]]
    asks: Callable[[C, Waiting], Ask | None] = _nobody
    answered_by: tuple[type[Act[C]], ...] = ()
    lapses: Callable[[C, Waiting], Iterable[Lapse]] = _never
    reads_first: tuple[str, ...] = ()
    needs_read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked(Generic[C]):
    """A wait as it stands: who is asked by which entry, and since when they have been (or None)."""

    spec: WaitSpec[C]
    waiting: Waiting
    entry: Entry | None
    since: datetime | None


def asked(case: C, spec: WaitSpec[C]) -> Iterator[Asked[C]]:
    """Yield every wait of one kind, with the mail that asks."""
    for waiting in spec.on(case):
        entry = _asking(case, spec, waiting)
        since = asked_by(case, entry) if entry else waiting.since
        yield Asked(spec, waiting, entry, since)


def lapsing(case: C, each: Asked[C]) -> Iterator[Entry]:
    """Yield what the case does by itself when patience is over, which begins when asked."""
    if each.since is None:
        return
    for lapse in each.spec.lapses(case, each.waiting):
        at = each.since
        for span in lapse.spans:
            at = due_at(at, span, lapse.calendar, case.holds)
        yield Entry(at=at, effect=lapse.transition)


def _asking(case: C, spec: WaitSpec[C], waiting: Waiting) -> Entry | None:
    ask = spec.asks(case, waiting)
    if ask is None:
        return None
    sent = sending(
        ask.notice,
        waiting.person,
        waiting.since,
        about=ask.about,
        version=ask.version or waiting.round,
    )
    return Entry(sent.at, sent.effect, after=spec.reads_first, needs=spec.needs_read)


def asked_by(case: Progress, asks: Entry) -> datetime | None:
    """Return since when a mail has asked somebody, or None while it is still here.

    A person's patience begins when they were asked. Who cannot be asked, because their address
    refuses mail, makes nobody else wait.
    """
    known = case.ledger.get(asks.effect.key)
    if known is None or known.version != asks.effect.version or known.status is Status.UNAVAILABLE:
        return None
    held_up = known.status is Status.DONE and known.at - asks.at >= AT_ONCE
    return known.at if held_up else asks.at
