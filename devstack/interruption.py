"""One way out: whatever asks us to end, we leave by the path that stops what we started."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C meanwhile, unless somebody else handles it."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, _press_ctrl_c)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


def _press_ctrl_c() -> None:
    # A shell lets what it starts in the background ignore Ctrl-C, and then nobody could end it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
