"""One line of a case's agenda: an effect, and from when on it is wanted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.engine.effect import Effect

AnyEffect = Effect[Any, Any]


class Entry:
    """An effect and the earliest instant for it.

    `after` names readings that must have been tried since `at`, so that nobody is told
    yesterday's news; those in `needs` must have succeeded. From `until` on it is too late.
    Of one moment a lower `rank` is carried out before a higher one.
    """

    def __init__(  # noqa: PLR0913 - an entry has that many parts
        self,
        at: datetime,
        effect: AnyEffect,
        *,
        after: tuple[str, ...] = (),
        needs: tuple[str, ...] = (),
        until: datetime | None = None,
        rank: int = 0,
    ) -> None:
        self.at, self.until, self.rank = at, until, rank
        self.after, self.needs = after, needs
        self.key, self.version = effect.key, effect.version
        self._effect: AnyEffect | None = effect

    @property
    def effect(self) -> AnyEffect:
        """What is to be carried out."""
        if self._effect is None:
            raise LookupError("An entry has an effect.")
        return self._effect


class Chase(Entry):
    """An entry that reminds somebody, or escalates: most of them never come to be sent.

    So its effect is only made when somebody asks. `waiting` is the key of the wait that it is
    about, `to` whom it reaches.
    """

    def __init__(  # noqa: PLR0913 - an entry has that many parts
        self,
        at: datetime,
        make: Callable[[], AnyEffect],
        *,
        key: str,
        version: str,
        waiting: str,
        to: str,
        after: tuple[str, ...] = (),
        needs: tuple[str, ...] = (),
    ) -> None:
        self.at, self.until, self.rank = at, None, 0
        self.after, self.needs = after, needs
        self.key, self.version = key, version
        self.waiting, self.to = waiting, to
        self._make = make
        self._effect = None

    @property
    def effect(self) -> AnyEffect:
        """What is to be sent."""
        if self._effect is None:
            self._effect = self._make()
        return self._effect
