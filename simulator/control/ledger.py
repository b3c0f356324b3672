"""Counts vendor requests by route, and remembers what befell each."""

from collections import Counter, deque
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match

from simulator.control.clock import google_time
from simulator.control.effects import Effects
from simulator.exchange import Answer, ConnectionDropped, Exchange, Handler
from simulator.store import JSON
from simulator.world import World

_REMEMBERED = 10_000


class Ledger:
    """What was asked of the vendors, what was injected, what happened, and how it ended."""

    def __init__(self, world: World, routes: Sequence[BaseRoute]) -> None:
        self._world = world
        self._routes = routes
        self.effects = Effects(world)
        self.forget()

    def forget(self) -> None:
        """Start counting from nothing."""
        self._counts: Counter[str] = Counter()
        self._requests: deque[JSON] = deque(maxlen=_REMEMBERED)

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Let the request through and count it."""
        entry = exchange.notes
        entry |= {
            "at": google_time(self._world.clock.now()),
            "method": exchange.method,
            "path": exchange.path,
            "route": self._route(exchange),
            "fault": None,
            "effect": False,
        }
        self._counts[f"{exchange.method} {entry['route']}"] += 1
        self._requests.append(entry)
        self.effects.note_arrival(exchange)
        try:
            answer = await inner(exchange)
        except ConnectionDropped:
            entry["status"] = "dropped"
            raise
        entry["status"] = answer.status
        return answer

    async def witness(self, exchange: Exchange, inner: Handler) -> Answer:
        """Stand next to the vendor and note what it did."""
        answer = await inner(exchange)
        self.effects.note_outcome(exchange, answer)
        return answer

    def told(self) -> JSON:
        """Return the counts, and the requests oldest first."""
        return {
            "total": self._counts.total(),
            "counts": dict(sorted(self._counts.items())),
            "requests": list(self._requests),
        }

    def _route(self, exchange: Exchange) -> str:
        for route in self._routes:
            if route.matches(exchange.scope)[0] is Match.FULL:
                return str(getattr(route, "path", exchange.path))
        return exchange.path
