"""Rate limits: so many requests a second, or none until an instant; and who came too early."""

import hashlib
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulator.control.clock import google_time
from simulator.control.throttling import asks, throttled
from simulator.errors import belongs
from simulator.exchange import Answer, ConnectionDropped, Exchange, Handler
from simulator.store import JSON
from simulator.world import RateLimit, World

_MOST_REMEMBERED = 10_000
_REFUSALS = {403, 429, 503}
_ON_THE_WIRE = timedelta(seconds=1)


@dataclass
class _Pause:
    """What a vendor asked of everybody, since when, and the connections that heard it."""

    until: datetime
    since: datetime
    heard: set[Any] = field(default_factory=set)

    def is_known_to(self, exchange: Exchange, now: datetime) -> bool:
        """Say whether a request can have left after the answer that asked for the pause."""
        return now > self.since + _ON_THE_WIRE or exchange.scope.get("client") in self.heard


class Limits:
    """Throttles vendors as the settings say, and remembers every request that did not wait.

    Waiting is measured on the world's clock, as everything that a person would see is. A
    request that crossed on the wire with the answer to another could not know of it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.forget()

    def forget(self) -> None:
        """Forget who came when."""
        self._arrivals: dict[str, deque[float]] = defaultdict(deque)
        self._vendors: dict[str, _Pause] = {}
        self._requests: dict[str, datetime] = {}
        self.impatient: list[JSON] = []

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Let a request through unless it is too much."""
        self._note_impatience(exchange)
        answer = self._refusal(exchange)
        if answer is None:
            try:
                answer = await inner(exchange)
            except ConnectionDropped:
                self._requests.pop(_likeness(exchange), None)
                raise
            self._heed(exchange, answer)
        return answer

    def _refusal(self, exchange: Exchange) -> Answer | None:
        settings, path = self._world.settings, exchange.path
        for vendor, until in settings.throttled_until.items():
            seconds = (until - self._world.clock.now()).total_seconds()
            if seconds > 0 and belongs(path, vendor):
                limit = settings.rate_limits.get(vendor, RateLimit())
                return self._throttled(exchange, vendor, seconds, limit)
        for vendor, limit in settings.rate_limits.items():
            if limit.per_second and belongs(path, vendor) and self._is_full(vendor, limit):
                return self._throttled(exchange, vendor, limit.retry_after, limit)
        return None

    def _throttled(
        self, exchange: Exchange, vendor: str, seconds: float, limit: RateLimit
    ) -> Answer:
        if asks(exchange.path, limit.form):
            self._ask_all(exchange, vendor, timedelta(seconds=seconds))
        exchange.notes["fault"] = "rate_limit"
        return throttled(exchange.path, limit.form, seconds, limit.status)

    def _ask_all(self, exchange: Exchange, vendor: str, length: timedelta) -> None:
        now = self._world.clock.now()
        pause = self._vendors.get(vendor)
        if pause is None or pause.until <= now:
            pause = self._vendors[vendor] = _Pause(now + length, since=now)
        pause.until = max(pause.until, now + length)
        pause.heard.add(exchange.scope.get("client"))

    def _is_full(self, vendor: str, limit: RateLimit) -> bool:
        now, arrivals = time.monotonic(), self._arrivals[vendor]
        while arrivals and arrivals[0] <= now - 1:
            arrivals.popleft()
        if len(arrivals) >= limit.per_second:
            return True
        arrivals.append(now)
        return False

    def _heed(self, exchange: Exchange, answer: Answer) -> None:
        """Remember for how long this request, and no other, was asked to stay away."""
        told = exchange.notes.get("asked_to_wait")
        if told is None and answer.status in _REFUSALS:
            header = dict(answer.headers).get(b"retry-after", b"").decode()
            told = float(header) if header.isdigit() else None
        likeness = _likeness(exchange)
        if told is None:
            self._requests.pop(likeness, None)
            return
        if len(self._requests) >= _MOST_REMEMBERED:
            self._requests.pop(next(iter(self._requests)))
        self._requests[likeness] = self._world.clock.now() + timedelta(seconds=told)

    def _note_impatience(self, exchange: Exchange) -> None:
        now = self._world.clock.now()
        of_all = [
            pause.until
            for vendor, pause in self._vendors.items()
            if belongs(exchange.path, vendor) and pause.is_known_to(exchange, now)
        ]
        own = self._requests.get(_likeness(exchange), now)
        until = max([*of_all, own])
        if until <= now:
            return
        entry = {
            "at": google_time(now),
            "method": exchange.method,
            "path": exchange.path,
            "asked_until": google_time(until),
            "early_seconds": round((until - now).total_seconds(), 3),
            "told_itself": own > now,
        }
        self.impatient.append(entry)
        exchange.notes["impatient"] = True


def _likeness(exchange: Exchange) -> str:
    digest = hashlib.sha256(exchange.body).hexdigest()[:16]
    return f"{exchange.method} {exchange.path} {exchange.scope['query_string']!r} {digest}"
