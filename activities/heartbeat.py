"""A heartbeat for activities that take long: a killed worker is noticed within seconds."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

BEAT = timedelta(seconds=3)
"""Most activities end before the first beat, so that it costs nothing."""


class Heartbeat(Interceptor):
    """Lets every activity of a worker beat while it runs; what it said last is kept."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap an activity."""
        return _Beating(super().intercept_activity(next))


class _Beating(ActivityInboundInterceptor):
    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        # `activity.heartbeat` is for the activity's own thread: called from here, on the event
        # loop, it would wait for this very loop, and the whole worker with it.
        self._heart = _Heart(outbound)
        super().init(self._heart)

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401
        beats = _Beats(self._heart)
        try:
            return await super().execute_activity(input)
        finally:
            beats.stop()


class _Heart(ActivityOutboundInterceptor):
    """Repeats with each beat what was said last, also by the attempt before this one.

    Temporal keeps the newest heartbeat alone, so that a bare beat would erase it.
    """

    def __init__(self, outbound: ActivityOutboundInterceptor) -> None:
        super().__init__(outbound)
        self._said = tuple(outbound.info().heartbeat_details)

    def heartbeat(self, *details: Any) -> None:  # noqa: ANN401 - the SDK's own
        self._said = details
        super().heartbeat(*details)

    def beat(self) -> None:
        super().heartbeat(*self._said)


class _Beats:
    """The beats of one activity; most have none, so nothing is made for them but an alarm."""

    def __init__(self, heart: _Heart) -> None:
        self._heart = heart
        self._next = self._alarm()

    def stop(self) -> None:
        """Beat no more."""
        self._next.cancel()

    def _alarm(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(BEAT.total_seconds(), self._beat)

    def _beat(self) -> None:
        self._next = self._alarm()
        self._heart.beat()
