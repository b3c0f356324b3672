"""Leave to send: what may still stop an operation between two of its requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Leave = Callable[[], None]
"""Returns if a request may be sent now, and raises one of our errors if not."""

_leave: ContextVar[Leave | None] = ContextVar("leave", default=None)


@contextmanager
def asking(leave: Leave) -> Iterator[None]:
    """Let every request that an adapter sends meanwhile, in this thread, ask for leave first."""
    before = _leave.set(leave)
    try:
        yield
    finally:
        _leave.reset(before)


def ask_leave() -> None:
    """Ask whether a request may be sent: adapters do so before each one."""
    leave = _leave.get()
    if leave is not None:
        leave()
