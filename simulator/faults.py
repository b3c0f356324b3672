"""Faults on demand: what goes wrong between a client and a vendor, rule by rule."""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, PrivateAttr, field_validator

from simulator.errors import shaped
from simulator.exchange import Answer, ConnectionDropped, Exchange, Handler


class Rule(BaseModel):
    """One kind of trouble, for the requests that it matches, until it is used up."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    path_regex: str
    method: str | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    status: int = 503
    headers: dict[str, str] = {}
    body: Any = None
    seconds: float = 0
    _dice: random.Random = PrivateAttr(default_factory=random.Random)

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"Unknown kind of fault; known are {', '.join(KINDS)}.")
        return kind

    @field_validator("path_regex")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern

    def model_post_init(self, _context: object) -> None:
        """Fix the dice, and let a rule without a limit strike once."""
        self._dice = random.Random(self.seed)
        if self.times is None and self.probability is None:
            self.times = 1

    def strikes(self, exchange: Exchange) -> bool:
        """Say whether the rule takes this request, and count it."""
        if self.times == 0 or (self.method and self.method.upper() != exchange.method):
            return False
        if not re.search(self.path_regex, exchange.path):
            return False
        if self.probability is not None and self._dice.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The rules in force; the first that takes a request decides its fate."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Answer a request, with trouble if a rule says so."""
        rule = next((rule for rule in self.rules if rule.strikes(exchange)), None)
        if rule is None:
            return await inner(exchange)
        return await KINDS[rule.kind](rule, exchange, inner)


async def _status(rule: Rule, exchange: Exchange, _inner: Handler) -> Answer:
    body = rule.body if rule.body is not None else shaped(exchange.path, rule.status).body
    return _answer(rule, rule.status, body)


async def _html200(rule: Rule, _exchange: Exchange, _inner: Handler) -> Answer:
    return _answer(
        rule, 200, rule.body or "<html><body>Please sign in to the network.</body></html>"
    )


async def _delay_before(rule: Rule, exchange: Exchange, inner: Handler) -> Answer:
    await asyncio.sleep(rule.seconds)
    return await inner(exchange)


async def _delay_after(rule: Rule, exchange: Exchange, inner: Handler) -> Answer:
    answer = await inner(exchange)
    await asyncio.sleep(rule.seconds)
    return answer


async def _close_before(_rule: Rule, _exchange: Exchange, _inner: Handler) -> Answer:
    raise ConnectionDropped


async def _close_after(_rule: Rule, exchange: Exchange, inner: Handler) -> Answer:
    await inner(exchange)
    raise ConnectionDropped


def _answer(rule: Rule, status: int, body: Any) -> Answer:  # noqa: ANN401 - JSON or text
    text, kind = (
        (body, "text/html") if isinstance(body, str) else (json.dumps(body), "application/json")
    )
    headers = {"content-type": f"{kind}; charset=UTF-8"} | {
        name.lower(): value for name, value in rule.headers.items()
    }
    return Answer(status, [(n.encode(), v.encode()) for n, v in headers.items()], text.encode())


KINDS: dict[str, Callable[[Rule, Exchange, Handler], Awaitable[Answer]]] = {
    "status": _status,
    "html200": _html200,
    "delay_before": _delay_before,
    "delay_after": _delay_after,
    "close_before": _close_before,
    "close_after": _close_after,
}
