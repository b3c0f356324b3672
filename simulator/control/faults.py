"""Faults on demand: rules for single requests, and a plan for a share of all of them."""

import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from simulator.control import fault_kinds as kinds
from simulator.control.fault_kinds import Trouble
from simulator.errors import belongs, vendor_of
from simulator.exchange import Answer, Exchange, Handler
from simulator.store import JSON

KINDS: dict[str, Callable[[Trouble, Exchange, Handler], Awaitable[Answer]]] = {
    each.__name__: each
    for each in (
        kinds.close_before,
        kinds.close_after,
        kinds.reset_before,
        kinds.reset_after,
        kinds.delay_before,
        kinds.delay_after,
        kinds.never,
        kinds.slow,
        kinds.status,
        kinds.status_after,
        kinds.throttle,
        kinds.throttle_seconds,
        kinds.throttle_date,
        kinds.quota,
        kinds.quota_seconds,
        kinds.quota_date,
        kinds.redirect,
        kinds.html200,
        kinds.json200,
        kinds.truncated,
        kinds.token_down,
    )
}

_QUOTA = {"quota", "quota_seconds", "quota_date"}
_ANSWERING_403 = {"google-calendar", "google-drive"}
_OF_TOKENS = {"token_down", "close_before", "reset_before", "slow"}
_RETRY_AFTER = {"throttle_seconds", "throttle_date"}
_FAILURES = (500, 502, 503, 504)
_READING_POSTS = re.compile(r"/freeBusy$|/search(/jql)?$|^/token$")


def _checked_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"Unknown kind of fault; known are {', '.join(KINDS)}.")
    return kind


def _checked_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as unreadable:
        raise ValueError(f"“{pattern}” is no regular expression: {unreadable}.") from None
    return pattern


def is_reading(exchange: Exchange) -> bool:
    """Say whether a request can have no effect."""
    return exchange.method == "GET" or bool(_READING_POSTS.search(exchange.path))


class Rule(Trouble):
    """One kind of trouble, for the requests that it matches, until it is used up."""

    kind: str
    path_regex: str = ""
    vendor: str | None = None
    method: str | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    _dice: random.Random = PrivateAttr(default_factory=random.Random)

    _known = field_validator("kind")(_checked_kind)
    _readable = field_validator("path_regex")(_checked_pattern)

    def model_post_init(self, _context: object) -> None:
        """Fix the dice, and let a rule without a limit strike once."""
        self._dice = random.Random(self.seed)
        if self.times is None and self.probability is None:
            self.times = 1

    def strikes(self, exchange: Exchange) -> bool:
        """Say whether the rule takes this request, and count it."""
        if self.times == 0 or (self.method and self.method.upper() != exchange.method):
            return False
        if self.vendor and not belongs(exchange.path, self.vendor):
            return False
        if self.kind == "token_down" and vendor_of(exchange.path) != "google-token":
            return False
        if not re.search(self.path_regex, exchange.path):
            return False
        if self.probability is not None and self._dice.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Plan(BaseModel):
    """A random mix of faults for a share of all vendor requests.

    The fate of the n-th request of a route depends on the seed alone, whatever else happens.
    """

    model_config = ConfigDict(extra="forbid")

    seed: int
    share: float = Field(ge=0, le=1)
    kinds: list[str] | None = None
    paths: list[str] = [""]
    seconds: float = 30
    slow_seconds: float = 1
    retry_after: float = 1
    location: str = Trouble.model_fields["location"].default
    _seen: Counter[str] = PrivateAttr(default_factory=Counter)

    @field_validator("kinds")
    @classmethod
    def _known(cls, names: list[str] | None) -> list[str] | None:
        return None if names is None else [_checked_kind(name) for name in names]

    @field_validator("paths")
    @classmethod
    def _readable(cls, paths: list[str]) -> list[str]:
        return [_checked_pattern(path) for path in paths]

    def fault_for(self, exchange: Exchange) -> Rule | None:
        """Return what befalls a request, if anything."""
        if not any(re.search(path, exchange.path) for path in self.paths):
            return None
        route = f"{exchange.method} {exchange.notes.get('route', exchange.path)}"
        self._seen[route] += 1
        dice = random.Random(f"{self.seed} {route} {self._seen[route]}")
        if dice.random() >= self.share:
            return None
        possible = [kind for kind in self.kinds or KINDS if makes_sense(kind, exchange)]
        return self._rule(dice.choice(possible), dice) if possible else None

    def _rule(self, kind: str, dice: random.Random) -> Rule:
        return Rule(
            kind=kind,
            status=dice.choice(_FAILURES),
            seconds=self.slow_seconds if kind == "slow" else self.seconds,
            retry_after=self.retry_after,
            location=self.location,
        )


def makes_sense(kind: str, exchange: Exchange) -> bool:
    """Say whether a fault of a kind could befall a request in the real world."""
    vendor = vendor_of(exchange.path)
    if vendor == "google-token":
        return kind in _OF_TOKENS
    if kind == "token_down" or (kind in _QUOTA and vendor not in _ANSWERING_403):
        return False
    # SendGrid documents X-RateLimit-Reset alone.
    if kind in _RETRY_AFTER and vendor == "sendgrid":
        return False
    return not (kind.endswith("_after") and is_reading(exchange))


class Faults:
    """The rules in force; the first that takes a request decides its fate, then the plan."""

    def __init__(self) -> None:
        self.clear()
        self.injected: Counter[str] = Counter()
        self.befallen: Counter[str] = Counter()

    def clear(self) -> Self:
        """Let everything go well again; what was injected stays counted."""
        self.rules: list[Rule] = []
        self.plan: Plan | None = None
        return self

    def told(self) -> JSON:
        """Return how many faults were injected, of each kind and into each vendor's answers."""
        return {
            "total": self.injected.total(),
            "kinds": dict(sorted(self.injected.items())),
            "vendors": dict(sorted(self.befallen.items())),
        }

    def forget(self) -> None:
        """Count from zero again."""
        self.injected.clear()
        self.befallen.clear()

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Answer a request, with trouble if a rule or the plan says so."""
        rule = next((rule for rule in self.rules if rule.strikes(exchange)), None)
        if rule is None and self.plan:
            rule = self.plan.fault_for(exchange)
        if rule is None:
            return await inner(exchange)
        self.injected[rule.kind] += 1
        self.befallen[vendor_of(exchange.path) or "none"] += 1
        exchange.notes["fault"] = rule.kind
        return await KINDS[rule.kind](rule, exchange, inner)
