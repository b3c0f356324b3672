"""The request gate: what may still stop an operation between two of its requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Gate = Callable[[], None]
"""Returns if a request may be sent now, and raises one of our errors if not."""

_gate: ContextVar[Gate | None] = ContextVar("gate", default=None)


@contextmanager
def gated(gate: Gate) -> Iterator[None]:
    """Let every request that an adapter sends meanwhile, in this thread, pass this gate first."""
    before = _gate.set(gate)
    try:
        yield
    finally:
        _gate.reset(before)


def pass_gate() -> None:
    """Return if a request may be sent: adapters ask before each one."""
    gate = _gate.get()
    if gate is not None:
        gate()
