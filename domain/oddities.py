"""What made no sense: noted on the case for operations, never raised."""

from datetime import datetime

from domain.case import Case, Oddity

ODDITIES_KEPT = 20
"""A tool gone mad must not fill the case; the newest are kept."""

LONGEST = 300


def odd(case: Case, text: str, now: datetime) -> Case:
    """Return the case with a note that operations see, and its flag raised."""
    readable = text.encode(errors="replace").decode()[:LONGEST]
    kept = case.oddities[-(ODDITIES_KEPT - 1) :]
    return case.but(oddities=(*kept, Oddity(at=now, text=readable)))
