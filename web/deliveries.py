"""What became of the webhooks that arrived since this process started: numbers, and a memory."""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel


class Result(StrEnum):
    """What we did with one delivery."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    UNWANTED = "unwanted"
    IGNORED = "ignored"
    MALFORMED = "malformed"
    NOT_ACCEPTED = "not accepted"
    UNSIGNED = "unsigned"
    STALE = "stale"
    TOO_LARGE = "too large"
    TOO_OFTEN = "too often"
    UNAVAILABLE = "unavailable"


class Receipt(BaseModel):
    """What a tool is told about its delivery."""

    accepted: bool
    case: str | None = None
    reason: str = ""


MOST_REMEMBERED = 10_000


def _now() -> datetime:
    return datetime.now(UTC)


class Deliveries:
    """Counts, per source and result, and what was told by the newest ones that were accepted.

    Another process remembers others; what a case was told is known to itself, too. `now` is the
    clock by which a delivery is too old.
    """

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._counts: Counter[tuple[str, Result]] = Counter()
        self._told: OrderedDict[bytes, str] = OrderedDict()
        self.now = now

    def remember(self, source: str, body: bytes, case: str) -> None:
        """Remember which case a body told."""
        self._told[_digest(source, body)] = case
        if len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)

    def told(self, source: str, body: bytes) -> str | None:
        """Return which case the same body has told before, if any is remembered."""
        return self._told.get(_digest(source, body))

    def count(self, source: str, result: Result) -> None:
        """Add one."""
        self._counts[source, result] += 1

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the numbers, by source, then by result."""
        sources = sorted({source for source, _ in self._counts})
        return {
            name: {str(result): n for (source, result), n in self._counts.items() if source == name}
            for name in sources
        }


def _digest(source: str, body: bytes) -> bytes:
    return hashlib.sha256(source.encode() + b"\0" + body).digest()
