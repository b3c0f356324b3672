"""Temporal's database is put back once, when messages have left that the copy does not know."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chaos.restoring import FORGOTTEN, Restoring
from tests.playing import Play
from tests.scenes import approved, mailing


def left() -> Play:
    play = approved(policy=mailing())
    play.wait(days=1)
    return play


BEFORE, AFTER = approved(policy=mailing()).case, left().case


@dataclass
class Alive:
    """A life that has its document, and ends when it is told to."""

    last: Any = BEFORE
    closed: Any = None
    has_document: bool = True
    asks_to_let_out: bool = True
    plan: Any = field(default_factory=lambda: SimpleNamespace(mails_customers=True))
    lived: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        await self.may_end.wait()
        self.lived += 1
        self.closed = self.last

    def look_again(self) -> None:
        self.closed = None


class Calm:
    """A storm that exchanges the database at once."""

    async def put_back(self, exchange: Callable[[], None]) -> None:
        exchange()


def rows(database: Path) -> list[int]:
    with closing(sqlite3.connect(database)) as opened:
        return [value for (value,) in opened.execute("select value from told order by value")]


def is_copied(copy: Path) -> bool:
    try:
        return rows(copy) == [1]
    except sqlite3.OperationalError:
        return False


def tell(database: Path, value: int) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("create table if not exists told (value)")
        opened.execute("insert into told values (?)", (value,))


async def test_what_came_after_the_copy_is_forgotten_once_enough_messages_have_left(
    tmp_path: Path,
) -> None:
    database = tmp_path / "temporal.db"
    tell(database, 1)
    lives = [Alive() for _ in range(FORGOTTEN + 1)]
    restoring = Restoring(Calm(), database, lives)  # type: ignore[arg-type]
    going_on = asyncio.create_task(restoring.once())
    async with asyncio.timeout(10):
        while not is_copied(tmp_path / "temporal.copy"):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)

    tell(database, 2)
    (tmp_path / "temporal.db-wal").touch()
    for each in lives[:FORGOTTEN]:
        each.last = AFTER
    await asyncio.wait_for(going_on, 10)

    assert restoring.is_over
    assert restoring.forgotten == FORGOTTEN
    assert rows(database) == [1]
    assert not (tmp_path / "temporal.db-wal").exists()


async def test_a_life_that_was_over_is_lived_again_from_where_the_copy_has_it(
    tmp_path: Path,
) -> None:
    database = tmp_path / "temporal.db"
    tell(database, 1)
    life = Alive()
    life.may_end.set()
    restoring = Restoring(Calm(), database, [life])  # type: ignore[arg-type, list-item]

    await asyncio.wait_for(
        asyncio.gather(restoring.lived_through(life), restoring.once()),  # type: ignore[arg-type]
        10,
    )

    assert life.lived == 2
    assert life.closed is not None
