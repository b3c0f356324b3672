"""One line of a case's agenda: an effect, and from when on it is wanted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.engine.effect import Effect


@dataclass(frozen=True, slots=True)
class Entry:
    """An effect and the earliest instant for it.

    `after` names readings that must have been tried since `at`, so that nobody is told
    yesterday's news; those in `needs` must have succeeded. From `until` on it is too late.
    Of one moment a lower `rank` is carried out before a higher one.
    """

    at: datetime
    effect: Effect[Any, Any]
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    until: datetime | None = None
    rank: int = 0
