"""What the simulator was told, kept in one SQLite database."""

import json
import sqlite3
from typing import Any

JSON = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (collection, key)
)
"""


class Store:
    """Collections of JSON values; each collection remembers the order in which its keys arrived."""

    def __init__(self, database: str) -> None:
        # The server's thread is not the one that opens the store; one event loop does all the work,
        # so each handler that does not await is atomic without a lock.
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_SCHEMA)

    def get(self, collection: str, key: str) -> JSON | None:
        """Return the value under a key, or nothing."""
        found = self._connection.execute(
            "SELECT value FROM things WHERE collection = ? AND key = ?", (collection, key)
        ).fetchone()
        return None if found is None else dict(json.loads(found[0]))

    def put(self, collection: str, key: str, value: JSON) -> None:
        """Keep a value under a key; a key that exists keeps its place in the order."""
        self._connection.execute(
            "INSERT INTO things (collection, key, value) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value",
            (collection, key, json.dumps(value)),
        )

    def remove(self, collection: str, key: str) -> None:
        """Forget a key."""
        self._connection.execute(
            "DELETE FROM things WHERE collection = ? AND key = ?", (collection, key)
        )

    def all(self, collection: str) -> list[JSON]:
        """Return every value in a collection, oldest first."""
        rows = self._connection.execute(
            "SELECT value FROM things WHERE collection = ? ORDER BY number", (collection,)
        )
        return [json.loads(value) for (value,) in rows]

    def count(self, collection: str) -> int:
        """Say how many values a collection holds."""
        row = self._connection.execute(
            "SELECT COUNT(*) FROM things WHERE collection = ?", (collection,)
        )
        return int(row.fetchone()[0])

    def next_number(self, counter: str) -> int:
        """Return 1, then 2, and so on, also across restarts."""
        number = int((self.get("counters", counter) or {"last": 0})["last"]) + 1
        self.put("counters", counter, {"last": number})
        return number

    def forget(self) -> None:
        """Forget everything."""
        self._connection.execute("DELETE FROM things")

    def close(self) -> None:
        """Let go of the database file."""
        self._connection.close()
