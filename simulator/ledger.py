"""Counts vendor requests by route, whatever became of them."""

from collections import Counter, deque
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match

from simulator.exchange import Answer, ConnectionDropped, Exchange, Handler
from simulator.store import JSON

_REMEMBERED = 10_000


class Ledger:
    """What was asked of the vendors, and how it ended."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self.forget()

    def forget(self) -> None:
        """Start counting from nothing."""
        self._counts: Counter[str] = Counter()
        self._requests: deque[JSON] = deque(maxlen=_REMEMBERED)

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Let the request through and count it."""
        route = self._route(exchange)
        entry: JSON = {"method": exchange.method, "path": exchange.path, "route": route}
        self._counts[f"{exchange.method} {route}"] += 1
        self._requests.append(entry)
        try:
            answer = await inner(exchange)
        except ConnectionDropped:
            entry["status"] = "dropped"
            raise
        entry["status"] = answer.status
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
