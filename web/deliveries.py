"""What became of the webhooks that arrived since this process started, in numbers."""

from collections import Counter
from enum import StrEnum

from pydantic import BaseModel


class Result(StrEnum):
    """What we did with one delivery."""

    ACCEPTED = "accepted"
    UNWANTED = "unwanted"
    IGNORED = "ignored"
    MALFORMED = "malformed"
    NOT_ACCEPTED = "not accepted"
    UNSIGNED = "unsigned"
    TOO_LARGE = "too large"
    TOO_OFTEN = "too often"
    UNAVAILABLE = "unavailable"


class Receipt(BaseModel):
    """What a tool is told about its delivery."""

    accepted: bool
    case: str | None = None
    reason: str = ""


class Deliveries:
    """Counts, per source and result."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Result]] = Counter()

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
