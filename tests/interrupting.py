"""Whether processes that a test starts heed Ctrl-C, however the tests themselves were started.

A child inherits an ignored SIGINT: `nohup make test &` and some CI runners start us with one.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = signal.Handlers | Callable[[int, FrameType | None], object]


@contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """Let what is started meanwhile heed Ctrl-C."""
    with _treating_ctrl_c(signal.default_int_handler):
        yield


@contextmanager
def ignoring_ctrl_c() -> Iterator[None]:
    """Let what is started meanwhile ignore Ctrl-C, as a shell does with its background jobs."""
    with _treating_ctrl_c(signal.SIG_IGN):
        yield


@contextmanager
def _treating_ctrl_c(handler: Handler) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
