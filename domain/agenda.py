"""What is due now, and when to look again: the sum of a case's life against the clock."""

from datetime import datetime

from domain.case import Case, Outcome, Status
from domain.effects import Effect, Turn
from domain.entry import Entry
from domain.lifecycle import life, readings


def due(case: Case, now: datetime) -> tuple[Effect, ...]:
    """Return what is to be carried out together now, each key once.

    Steps of the case itself come first and alone, since they change what else is due;
    readings come before what depends on them; `last` ones when nothing else is left.
    """
    ready = [each for each in life(case) if _pending(case, each) and _open(case, each, now)]
    turn = next((each.effect for each in ready if isinstance(each.effect, Turn)), None)
    if turn is not None:
        return (turn,)
    prompt = _effects(case, [each for each in ready if not each.last], now)
    return prompt or _effects(case, [each for each in ready if each.last], now)


def wake_at(case: Case, now: datetime) -> datetime | None:
    """Return the earliest instant after now at which something becomes due, if there is one."""
    times = [time for each in life(case) if _pending(case, each) for time in _times(case, each)]
    return min((time for time in times if time > now), default=None)


def _open(case: Case, entry: Entry, now: datetime) -> bool:
    too_late = entry.until is not None and now >= entry.until
    return not too_late and _earliest(case, entry) <= now


def _pending(case: Case, entry: Entry) -> bool:
    """Tell whether the wanted version still lacks an outcome that settles it."""
    outcome = case.ledger.get(entry.effect.key)
    if outcome is None or outcome.version != entry.effect.version:
        return True
    return outcome.status is Status.UNAVAILABLE


def _earliest(case: Case, entry: Entry) -> datetime:
    """Return the entry's time, put off while its vendor is away."""
    outcome = case.ledger.get(entry.effect.key)
    again = outcome.again_at if outcome and outcome.status is Status.UNAVAILABLE else None
    return max(filter(None, (entry.at, again)))


def _effects(case: Case, entries: list[Entry], now: datetime) -> tuple[Effect, ...]:
    known = readings(case) if any(each.after or each.needs for each in entries) else {}
    found: dict[str, Effect] = {}
    for entry in entries:
        stale = [key for key in (*entry.after, *entry.needs) if _stale(case, key, entry)]
        missing = [known[key] for key in stale if key in known]
        if not missing:
            found.setdefault(entry.effect.key, entry.effect)
        for reading in missing:
            if _may_read(case, reading.key, entry, now):
                found[reading.key] = reading
    return tuple(found.values())


def _stale(case: Case, key: str, entry: Entry) -> bool:
    """Tell whether a reading was not tried (or, if needed, did not succeed) since the time."""
    outcome = case.ledger.get(key)
    if outcome is None or outcome.at < entry.at:
        return outcome is None or outcome.status is not Status.REFUSED
    return key in entry.needs and outcome.status is not Status.DONE


def _may_read(case: Case, key: str, entry: Entry, now: datetime) -> bool:
    """Tell whether to ask now: a vendor that is away is asked at once only once per entry."""
    outcome = case.ledger.get(key)
    if outcome is None or outcome.at < entry.at:
        return True
    return outcome.again_at is not None and outcome.again_at <= now


def _times(case: Case, entry: Entry) -> tuple[datetime, ...]:
    """Return the instants at which an entry can become due: its own, and its readings'."""
    waiting = [
        outcome.again_at
        for key in entry.needs
        if (outcome := case.ledger.get(key)) and _put_off(outcome, entry)
    ]
    return (_earliest(case, entry), *(each for each in waiting if each is not None))


def _put_off(outcome: Outcome, entry: Entry) -> bool:
    return outcome.status is Status.UNAVAILABLE and outcome.at >= entry.at
