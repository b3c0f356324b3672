"""What is due now, and when to look again: the sum of a case's life against the clock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Generic

from domain.calendar.working_time import WorkCalendar
from domain.engine.effect import Transition
from domain.engine.entry import AnyEffect, Chase, Entry
from domain.engine.escalation import reachable
from domain.engine.ledger import C, Status
from domain.engine.notice import SendNotice
from domain.engine.value import PersonId
from domain.engine.waiting import Asked

FRESH = timedelta(minutes=10)
"""How long a reading counts as today's news."""


@dataclass(frozen=True)
class Life(Generic[C]):
    """Everything that lies ahead of a case in one state: computed once, asked often.

    `write` returns its entries, and `read` the readings that entries may ask for first; what is
    not connected is absent. Each is asked only when somebody wants to know.
    """

    case: C
    asked: tuple[Asked[C], ...]
    write: Callable[[C, tuple[Asked[C], ...]], Iterable[Entry]]
    read: Callable[[C], Mapping[str, AnyEffect]]
    calendar_of: Callable[[C, PersonId], WorkCalendar]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every effect that is ever to be carried out, as far as this state tells."""
        return tuple(self.write(self.case, self.asked))

    @cached_property
    def pending(self) -> tuple[Entry, ...]:
        """The entries whose wanted version still lacks an outcome that settles it."""
        return tuple(each for each in self.entries if self._is_pending(each))

    @cached_property
    def readings(self) -> Mapping[str, AnyEffect]:
        """The readings that entries may ask for first, by key."""
        return self.read(self.case)

    def _is_pending(self, entry: Entry) -> bool:
        outcome = self.case.ledger.get(entry.key)
        if outcome is None or outcome.version != entry.version:
            return True
        return outcome.status is Status.UNAVAILABLE


def due(life: Life[C], now: datetime) -> tuple[AnyEffect, ...]:
    """Return what is to be carried out together now, each key once.

    Steps of the case itself come first and alone, since they change what else is due;
    readings come before what depends on them; a higher rank when nothing lower is left.
    """
    ready = [each for each in life.pending if _open(life, each, now)]
    step = next((each.effect for each in ready if isinstance(each.effect, Transition)), None)
    if step is not None:
        return (step,)
    for rank in sorted({each.rank for each in ready}):
        found = _effects(life, [each for each in ready if each.rank == rank], now)
        if found:
            return found
    return ()


def wake_at(life: Life[C], now: datetime) -> datetime | None:
    """Return the earliest instant after now at which something becomes due, if there is one."""
    earliest: datetime | None = None
    for each in life.pending:
        if earliest is not None and each.at >= earliest:
            continue
        time = _opens_at(life, each, now)
        in_time = time > now and (each.until is None or time < each.until)
        if in_time and (earliest is None or time < earliest):
            earliest = time
    return earliest


def _open(life: Life[C], entry: Entry, now: datetime) -> bool:
    if entry.at > now or (entry.until is not None and now >= entry.until):
        return False
    return _opens_at(life, entry, now) <= now


def _opens_at(life: Life[C], entry: Entry, now: datetime) -> datetime:
    """Return the first instant, now or later, at which an entry may be carried out."""
    at = max(_earliest(life, entry), now)
    if isinstance(entry, Chase):
        return reachable(life.case, entry.to, life.calendar_of(life.case, entry.to), at)
    return at


def _earliest(life: Life[C], entry: Entry) -> datetime:
    """Return the entry's time, put off while a vendor that it needs is away."""
    outcomes = filter(None, map(life.case.ledger.get, (entry.key, *entry.needs)))
    away = (each.again_at for each in outcomes if each.status is Status.UNAVAILABLE)
    return max(filter(None, (entry.at, *away)))


def _effects(life: Life[C], entries: list[Entry], now: datetime) -> tuple[AnyEffect, ...]:
    first: dict[str, AnyEffect] = {}
    found: dict[str, AnyEffect] = {}
    for entry in entries:
        unread = [key for key in (*entry.after, *entry.needs) if _unread(life, key, entry, now)]
        missing = [life.readings[key] for key in unread if key in life.readings]
        first |= {each.key: each for each in missing if not _parked(life, each)}
        if not missing:
            found.setdefault(entry.key, entry.effect)
    if first:
        # Notices wait for the readings of their moment, so that each person gets one mail.
        found = {key: each for key, each in found.items() if not isinstance(each, SendNotice)}
    return tuple((first | found).values())


def _unread(life: Life[C], key: str, entry: Entry, now: datetime) -> bool:
    """Tell whether a reading was not tried lately or, where it is needed, did not succeed."""
    outcome = life.case.ledger.get(key)
    since = max(_earliest(life, entry), now - FRESH)
    if key in entry.needs:
        return outcome is None or outcome.at < since or outcome.status is not Status.DONE
    return outcome is None or (outcome.at < since and outcome.status is not Status.REFUSED)


def _parked(life: Life[C], reading: AnyEffect) -> bool:
    outcome = life.case.ledger.get(reading.key)
    return outcome is not None and outcome.status is Status.REFUSED
