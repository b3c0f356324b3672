"""How often something may be asked here: by one link, about one case, by strangers of one address.

What is genuine is never refused for where it comes from: an office and a proxy each look like one
address, so an address is held against those alone who showed neither a link nor a signature of
ours. Each link has an allowance that nobody else can use up, and beyond it shares what its case
can bear; tools have theirs beside people's. So no burst closes a case to its own people.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from math import ceil

from starlette.requests import Request

Clock = Callable[[], float]

MOST_KEYS = 10_000
"""Of each kind; beyond it the one that was quiet longest is forgotten."""

_MINUTE = 60.0


class TooOften(Exception):
    """Something was asked more often than it may be; `seconds` until it may be again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"This was asked too often. Try again in {seconds} seconds.")
        self.seconds = seconds


class Limit:
    """So many a minute for each key, all at once or spread (GCRA, ITU-T I.371).

    A key costs one number: the time at which everything that it asked is paid for.
    """

    def __init__(self, a_minute: int, clock: Clock = time.monotonic) -> None:
        self._each = _MINUTE / a_minute
        self._clock = clock
        self._paid_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one more.

        Raises:
            TooOften: that is more than there is; it is not counted.
        """
        now = self._clock()
        paid_at = max(self._paid_at.get(key, now), now) + self._each
        wait = paid_at - now - _MINUTE
        if wait > 0:
            raise TooOften(ceil(wait))
        self._paid_at[key] = paid_at
        self._paid_at.move_to_end(key)
        if len(self._paid_at) > MOST_KEYS:
            self._paid_at.popitem(last=False)


@dataclass(frozen=True)
class Allowances:
    """How often a minute: people fill in a few forms, robots open a page once, tools tell much."""

    link: int = 60
    case: int = 600
    tool: int = 120
    stranger: int = 60


class Limits:
    """Everything that may be asked only so often; each raises `TooOften` when it was."""

    def __init__(self, allowed: Allowances = Allowances(), clock: Clock = time.monotonic) -> None:
        self._links = Limit(allowed.link, clock)
        self._cases = Limit(allowed.case, clock)
        self._tools = Limit(allowed.tool, clock)
        self._strangers = Limit(allowed.stranger, clock)

    def visit(self, token: str, case: str) -> None:
        """Count a look or a form that came with a genuine link."""
        try:
            self._links.take(token)
        except TooOften:
            self._cases.take(case)

    def delivery(self, case: str) -> None:
        """Count a genuine delivery about a case."""
        self._tools.take(case)

    def stranger(self, request: Request) -> None:
        """Count a request with a link or a signature that is none of ours."""
        self._strangers.take(network(request.client.host if request.client else ""))


def network(address: str) -> str:
    """Return an address, or of version 6 the network that one customer is given whole."""
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    except ValueError:
        return address
