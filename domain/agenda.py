"""What is due now, and when to look again: the sum of a case's life against the clock."""

from datetime import datetime, timedelta

from domain.case import Case, Status
from domain.effects import Effect, SendNotice, Turn
from domain.entry import Entry
from domain.ladders import reachable
from domain.lifecycle import life
from domain.readings import readings
from domain.remembering import remembered

FRESH = timedelta(minutes=10)
"""How long a reading counts as today's news."""


def due(case: Case, now: datetime) -> tuple[Effect, ...]:
    """Return what is to be carried out together now, each key once.

    Steps of the case itself come first and alone, since they change what else is due;
    readings come before what depends on them; `last` ones when nothing else is left.
    """
    ready = [each for each in _ahead(case) if _open(case, each, now)]
    turn = next((each.effect for each in ready if isinstance(each.effect, Turn)), None)
    if turn is not None:
        return (turn,)
    prompt = _effects(case, [each for each in ready if not each.last], now)
    return prompt or _effects(case, [each for each in ready if each.last], now)


def wake_at(case: Case, now: datetime) -> datetime | None:
    """Return the earliest instant after now at which something becomes due, if there is one."""
    times = [
        time
        for each in _ahead(case)
        if (time := _opens_at(case, each, now)) > now and (not each.until or time < each.until)
    ]
    return min(times, default=None)


@remembered
def _ahead(case: Case) -> tuple[Entry, ...]:
    """Return what lies ahead, whatever the time: asked several times about each state."""
    return tuple(each for each in life(case) if _pending(case, each))


def _pending(case: Case, entry: Entry) -> bool:
    """Tell whether the wanted version still lacks an outcome that settles it."""
    outcome = case.ledger.get(entry.effect.key)
    if outcome is None or outcome.version != entry.effect.version:
        return True
    return outcome.status is Status.UNAVAILABLE


def _open(case: Case, entry: Entry, now: datetime) -> bool:
    too_late = entry.until is not None and now >= entry.until
    return not too_late and _opens_at(case, entry, now) <= now


def _opens_at(case: Case, entry: Entry, now: datetime) -> datetime:
    """Return the first instant, now or later, at which an entry may be carried out."""
    at = max(_earliest(case, entry), now)
    if isinstance(entry.effect, SendNotice) and entry.effect.nags:
        return reachable(case, entry.effect.to, at)
    return at


def _earliest(case: Case, entry: Entry) -> datetime:
    """Return the entry's time, put off while a vendor that it needs is away."""
    outcomes = filter(None, map(case.ledger.get, (entry.effect.key, *entry.needs)))
    away = (each.again_at for each in outcomes if each.status is Status.UNAVAILABLE)
    return max(filter(None, (entry.at, *away)))


def _effects(case: Case, entries: list[Entry], now: datetime) -> tuple[Effect, ...]:
    known = readings(case) if any(each.after or each.needs for each in entries) else {}
    first: dict[str, Effect] = {}
    found: dict[str, Effect] = {}
    for entry in entries:
        unread = [key for key in (*entry.after, *entry.needs) if _unread(case, key, entry, now)]
        missing = [known[key] for key in unread if key in known]
        first |= {each.key: each for each in missing if not _parked(case, each)}
        if not missing:
            found.setdefault(entry.effect.key, entry.effect)
    if first:
        # Letters wait for the readings of their moment, so that each person gets one mail.
        found = {key: each for key, each in found.items() if not isinstance(each, SendNotice)}
    return tuple((first | found).values())


def _unread(case: Case, key: str, entry: Entry, now: datetime) -> bool:
    """Tell whether a reading was not tried lately or, where it is needed, did not succeed."""
    outcome = case.ledger.get(key)
    since = max(_earliest(case, entry), now - FRESH)
    if key in entry.needs:
        return outcome is None or outcome.at < since or outcome.status is not Status.DONE
    return outcome is None or (outcome.at < since and outcome.status is not Status.REFUSED)


def _parked(case: Case, reading: Effect) -> bool:
    outcome = case.ledger.get(reading.key)
    return outcome is not None and outcome.status is Status.REFUSED
