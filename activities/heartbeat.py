"""A heartbeat for activities that take long: a killed worker is noticed within seconds."""

import asyncio
from contextlib import suppress
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
        beating = asyncio.create_task(_beat(self._heart))
        try:
            return await super().execute_activity(input)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating


async def _beat(heart: ActivityOutboundInterceptor) -> None:
    while True:
        await asyncio.sleep(BEAT.total_seconds())
        heart.heartbeat()
