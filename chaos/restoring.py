"""Temporal's database is put back from a copy once: cases forget what they did, people do not."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from chaos import standing
from chaos.life import Life
from chaos.storm import Storm

FORGOTTEN = 3
"""So many messages to customers leave between copy and restore, if as many lives have one."""

_LOOK_EVERY = 0.25


class Restoring:
    """One restore in a run; `forgotten` counts the customer messages that left since the copy."""

    def __init__(self, storm: Storm, database: Path, lives: Sequence[Life]) -> None:
        self._storm = storm
        self._database = database
        self._lives = lives
        self._over = asyncio.Event()
        self.forgotten = 0

    @property
    def is_over(self) -> bool:
        """Whether it happened."""
        return self._over.is_set()

    async def once(self) -> None:
        """Copy the database, and put the copy back once enough has happened since.

        Every life has its document by then, since a case that forgets its folder makes another; and
        some message is about to leave, so that little has to be lived again.
        """
        await _until(lambda: self._all_have_documents() and self._one_is_about_to_leave())
        before, copy = self._left(), self._database.with_suffix(".copy")
        await asyncio.to_thread(_copied, self._database, copy)
        enough = min(FORGOTTEN, sum(each.plan.mails_customers for each in self._lives) - before)
        await _until(lambda: self._left() - before >= enough or self._all_closed())
        await self._storm.put_back(partial(_exchanged, self._database, copy))
        self.forgotten = self._left() - before
        for life in self._lives:
            life.look_again()
        self._over.set()

    async def lived_through(self, life: Life) -> None:
        """Live a life to its end, and again from wherever the copy brought it back to."""
        await life.live()
        await self._over.wait()
        await life.live()

    def _all_have_documents(self) -> bool:
        return all(each.has_document for each in self._lives)

    def _one_is_about_to_leave(self) -> bool:
        return self._all_closed() or any(each.asks_to_let_out for each in self._lives)

    def _all_closed(self) -> bool:
        return all(each.closed for each in self._lives)

    def _left(self) -> int:
        seen = (each.last for each in self._lives if each.last is not None)
        return sum(standing.customers_have_theirs(case) for case in seen)


async def _until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110 - lives go on elsewhere, and announce nothing
        await asyncio.sleep(_LOOK_EVERY)


def _exchanged(database: Path, copy: Path) -> None:
    """Put a copy in a database's place, and let nothing of what came after it stay beside."""
    for beside in database.parent.glob(f"{database.name}-*"):
        beside.unlink()
    copy.replace(database)


def _copied(database: Path, copy: Path) -> None:
    """Copy a database that is written meanwhile, as it stood at one moment."""
    with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(copy)) as kept:
        live.backup(kept)
