"""What follows from a case alone, worked out once while the same case is looked at."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from domain.engine.value import Value

C = TypeVar("C", bound=Value)
T = TypeVar("T")


def remembered(derive: Callable[[C], T]) -> Callable[[C], T]:
    """Let a function of a value remember its last result; the result must be immutable, too.

    The same value, not an equal one, gets the same result: to compare two cases would cost more
    than it spares. Several threads may ask at once, each about its own case.
    """
    last: tuple[C, T] | None = None

    @wraps(derive)
    def known(value: C) -> T:
        nonlocal last
        seen = last
        if seen is None or seen[0] is not value:
            seen = last = (value, derive(value))
        return seen[1]

    return known
