"""The simulator's world clock: wall time moved by an offset that anyone may set."""

from datetime import UTC, datetime, timedelta

from simulator.store import Store


class Clock:
    """Tells the world's time; the offset survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.get("clock", "offset") or {"seconds": 0.0}
        self._offset = timedelta(seconds=kept["seconds"])

    def now(self) -> datetime:
        """Return the world's time in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, now: datetime) -> None:
        """Make it now; from here on it moves with wall time."""
        self._offset = now - datetime.now(UTC)
        self._store.put("clock", "offset", {"seconds": self._offset.total_seconds()})


def moment(text: str) -> datetime:
    """Read an ISO time; one without an offset is UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def google_time(when: datetime) -> str:
    """Write a time as Google does, in milliseconds."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def jira_time(when: datetime) -> str:
    """Write a time as Jira does, with an offset without a colon."""
    return (
        when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}+0000"
    )
