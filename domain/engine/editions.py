"""Editions: what the domain decides, numbered, because open cases outlive releases.

A change of effects, of their times or of what a message does is a new edition. A run of a case
asks once, as it begins, for the newest one that its history knows; its old branches stay under
`case.edition < Edition.…` until no running case has it (`TemporalChangeVersion`).
"""

from collections.abc import Callable, Sequence
from enum import IntEnum


class Edition(IntEnum):
    """Every edition that a running case may have."""

    ONE = 1


NEWEST = max(Edition)


def newest_known(carried: int, editions: Sequence[int], is_patched: Callable[[str], bool]) -> int:
    """Return the edition that a run is decided with: the newest that its history knows.

    `is_patched` is `workflow.patched`; it is asked at most once for each edition from the newest
    down to the one that was `carried` from the run before (0 at the first run).

    Raises:
        LookupError: the history knows none, so that it was made by a release before the first.
    """
    wanted = (each for each in sorted(editions, reverse=True) if each >= carried)
    found = next((each for each in wanted if is_patched(f"edition-{each}")), None)
    if found is None:
        raise LookupError("This history was decided by an edition that is not known here.")
    return found
