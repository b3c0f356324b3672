"""Pauses that an outside system asked for: kept by every case that this worker carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from temporalio import activity

from integrations.errors import Throttled


class Pause:
    """One system's wish to be left alone, on the clock of whoever asks.

    The clock is the case's, as everywhere. Where time is skipped, cases live at different
    times: a pause that would last longer than was asked for is another time's, and no reason
    to wait.
    """

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._length = timedelta()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Speak to the system, unless it asked for a pause that is not over; remember a new one.

        Raises:
            Throttled: without any request while the pause lasts, or when a new one is asked for.
        """
        now = activity.info().current_attempt_scheduled_time
        left = self._until - now if self._until else timedelta()
        if timedelta() < left <= self._length:
            raise Throttled("It has asked for a pause, which is not over.", retry_after=left)
        try:
            yield
        except Throttled as error:
            self._until, self._length = now + error.retry_after, error.retry_after
            raise
