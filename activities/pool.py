"""A bounded pool for what a moment wants: each item by itself, and all ended in time."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

BEGIN_WITHIN = 20.0
END_WITHIN = 26.0
"""Seconds of an attempt, of which Temporal gives thirty (`workflows.options.ATTEMPT`)."""

Outcome = TypeVar("Outcome")


def pooled(
    work: Mapping[str, Callable[[], Outcome]], *, together: int, since: float
) -> Iterator[tuple[str, Outcome]]:
    """Yield each item's outcome as it comes, and end in time; who is absent was not finished.

    `since` is when the attempt began, as `time.monotonic` has it. Nothing is begun late, and an
    item that does not end is not waited for: whatever it does must be safe to do again.
    """
    pool = ThreadPoolExecutor(together, thread_name_prefix="pooled")
    begun = {pool.submit(copy_context().run, task): key for key, task in work.items()}
    try:
        yield from _ended(begun, since + BEGIN_WITHIN)
        running = {each: key for each, key in begun.items() if not each.cancel()}
        yield from _ended(running, since + END_WITHIN)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _ended(running: dict[Future[Outcome], str], until: float) -> Iterator[tuple[str, Outcome]]:
    """Yield and take out what ends before an instant."""
    while running:
        left = max(until - time.monotonic(), 0)
        done = wait(running, timeout=left, return_when=FIRST_COMPLETED).done
        if not done:
            return
        for each in done:
            yield running.pop(each), each.result()
