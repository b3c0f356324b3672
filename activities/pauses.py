"""Pauses that an outside service asked for: kept by every case that this worker carries."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from temporalio import activity

from integrations.errors import Throttled
from integrations.request_gate import gated

APART = timedelta(minutes=1)
"""By how much the clocks of cases that live at the same time may differ."""

_first_look: ContextVar[tuple[bytes, float]] = ContextVar("first_look", default=(b"", 0.0))


class Pause:
    """One service's wish to be left alone, on the clock of whoever asks.

    The clock is the case's, as everywhere. Where time is skipped, cases live at different
    times: a pause that would last longer than was asked for is another time's, and no reason
    to wait.
    """

    def __init__(self, ticking: Callable[[], float] = time.monotonic) -> None:
        self._ticking = ticking
        self._asked: tuple[datetime, timedelta] | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Speak to the service, unless it asked for a pause that is not over; remember a new one.

        What is under way meanwhile, in any thread, stops before its next request.

        Raises:
            Throttled: without any request while the pause lasts, or when a new one is asked for.
        """
        self._stop_while_paused()
        with gated(self._stop_while_paused):
            try:
                yield
            except Throttled as error:
                self._remember(error.retry_after)
                raise

    def _stop_while_paused(self) -> None:
        left = self._left()
        if left > timedelta():
            raise Throttled("It has asked for a pause, which is not over.", retry_after=left)

    def _left(self) -> timedelta:
        # The first look starts the clock, so it comes before any request.
        now = self._now()
        if self._asked is None:
            return timedelta()
        until, length = self._asked
        left = until - now
        return left if left <= length + APART else timedelta()

    def _remember(self, length: timedelta) -> None:
        """Count the pause from the answer; one that lasts longer already stays."""
        if length > self._left():
            self._asked = self._now() + length, length

    def _now(self) -> datetime:
        """Return the case's time: the activity's beginning, and what has passed since."""
        info = activity.info()
        attempt, first_look = _first_look.get()
        if attempt != info.task_token:
            first_look = self._ticking()
            _first_look.set((info.task_token, first_look))
        return info.started_time + timedelta(seconds=self._ticking() - first_look)
