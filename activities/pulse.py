"""A pulse for activities that take long: a killed worker is noticed within seconds."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

PULSE = timedelta(seconds=3)
"""Most activities end before the first beat, so that a pulse costs nothing."""


class Pulse(Interceptor):
    """Lets every activity of a worker beat while it runs."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap an activity."""
        return _Beating(super().intercept_activity(next))


class _Beating(ActivityInboundInterceptor):
    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        # `activity.heartbeat` is for the activity's own thread: called from here, on the event
        # loop, it would wait for this very loop, and the whole worker with it.
        self._heart = outbound
        super().init(outbound)

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401
        beats = _Beats(self._heart)
        try:
            return await super().execute_activity(input)
        finally:
            beats.stop()


class _Beats:
    """The beats of one activity; most have none, so nothing is made for them but an alarm."""

    def __init__(self, heart: ActivityOutboundInterceptor) -> None:
        self._heart = heart
        self._next = self._alarm()

    def stop(self) -> None:
        """Beat no more."""
        self._next.cancel()

    def _alarm(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(PULSE.total_seconds(), self._beat)

    def _beat(self) -> None:
        self._next = self._alarm()
        self._heart.heartbeat()
