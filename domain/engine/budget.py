"""The budget of a whole case: what people write into it fits into Temporal, whoever writes.

Each text and each list has a bound of its own, where it is declared; many of them together could
still exceed the 2 MB that Temporal takes as the beginning of a run, or as one activity's request.
"""

from domain.engine.ledger import C

ROOM = 700_000
"""Bytes that a case may hold, as JSON: all that its bounds allow in letters of two bytes.

A large one holds a tenth of it.
"""

RESERVE = 300_000
"""Bytes beyond, in which short acts go through, so that a full case is still led to its end."""

SHORT = 4_000
"""Bytes by which a short act makes a case larger."""


def weight(case: C) -> int:
    """Return how many bytes of JSON a case is, as its next run takes it over."""
    return len(case.carried().model_dump_json().encode())


def outgrows(before: C, after: C) -> bool:
    """Tell whether a change makes a case larger than it may be; what shortens it may always."""
    size = weight(after)
    if size <= ROOM:
        return False
    grown = size - weight(before)
    return grown > SHORT or (grown > 0 and size > ROOM + RESERVE)
