"""What can go wrong between a client and a vendor: one function for each kind of fault."""

import asyncio
import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

from simulator.control.throttling import Form, asks, throttled
from simulator.errors import shaped
from simulator.exchange import Answer, ConnectionDropped, Exchange, Handler

_FORBIDDEN = 403
_REDIRECTIONS = range(300, 400)
_ELSEWHERE = "http://elsewhere.invalid/sign-in"
_PORTAL = "<html><body>Please sign in to the network.</body></html>"
_OTHER_SHAPE = {"data": {"items": [1, "two", None]}, "ok": True}


class Trouble(BaseModel):
    """How a fault looks, as far as its kind leaves that open."""

    model_config = ConfigDict(extra="forbid")

    status: int = 503
    headers: dict[str, str] = {}
    body: Any = None
    seconds: float = 0
    retry_after: float = 1
    location: str = _ELSEWHERE


async def close_before(_trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """End the connection (FIN) before anything happens."""
    raise ConnectionDropped


async def close_after(_trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, then end the connection (FIN) without an answer."""
    await inner(exchange)
    raise ConnectionDropped


async def reset_before(_trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Break the connection (RST) before anything happens."""
    raise ConnectionDropped(reset=True)


async def reset_after(_trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, then break the connection (RST) without an answer."""
    await inner(exchange)
    raise ConnectionDropped(reset=True)


async def delay_before(trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Wait, then do what was asked: a client that gave up does not know that it happens."""
    await asyncio.sleep(trouble.seconds)
    return await inner(exchange)


async def delay_after(trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, then wait before the answer."""
    answer = await inner(exchange)
    await asyncio.sleep(trouble.seconds)
    return answer


async def never(trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Let the client wait, then end the connection; nothing ever happens."""
    await asyncio.sleep(trouble.seconds)
    raise ConnectionDropped


async def slow(trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, and let the answer trickle."""
    return replace(await inner(exchange), seconds=trouble.seconds)


async def status(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer with a status of failure before anything happens."""
    return _failed(trouble, exchange)


async def status_after(trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, then answer with a status of failure."""
    await inner(exchange)
    return _failed(trouble, exchange)


async def throttle(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer 429 as the vendor does, without `Retry-After`."""
    return _paused(trouble, exchange, "none")


async def throttle_seconds(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer 429 with `Retry-After` in seconds."""
    return _paused(trouble, exchange, "seconds")


async def throttle_date(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer 429 with `Retry-After` as an HTTP date."""
    return _paused(trouble, exchange, "date")


async def quota(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer Google's 403 rateLimitExceeded without `Retry-After`."""
    return _paused(trouble, exchange, "none", _FORBIDDEN)


async def quota_seconds(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer Google's 403 rateLimitExceeded with `Retry-After` in seconds."""
    return _paused(trouble, exchange, "seconds", _FORBIDDEN)


async def quota_date(trouble: Trouble, exchange: Exchange, _inner: Handler) -> Answer:
    """Answer Google's 403 rateLimitExceeded with `Retry-After` as an HTTP date."""
    return _paused(trouble, exchange, "date", _FORBIDDEN)


async def redirect(trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Send the client to another place; the status is the rule's if it is one of redirection."""
    found = trouble.status if trouble.status in _REDIRECTIONS else HTTPStatus.FOUND
    return _answer(trouble, found, "", {"location": trouble.location})


async def html200(trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Answer 200 with a page: something between client and vendor answered."""
    return _answer(trouble, HTTPStatus.OK, trouble.body or _PORTAL)


async def json200(trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Answer 200 with JSON that is not the vendor's."""
    body = _OTHER_SHAPE if trouble.body is None else trouble.body
    return _answer(trouble, HTTPStatus.OK, json.dumps(body), {"content-type": "application/json"})


async def truncated(_trouble: Trouble, exchange: Exchange, inner: Handler) -> Answer:
    """Do what was asked, and end the connection in the middle of the answer."""
    answer = await inner(exchange)
    raise ConnectionDropped(said=answer.cut())


async def token_down(trouble: Trouble, _exchange: Exchange, _inner: Handler) -> Answer:
    """Let the token endpoint fail."""
    body = {"error": "internal_failure", "error_description": "Backend Error"}
    return _answer(trouble, trouble.status, body)


def _failed(trouble: Trouble, exchange: Exchange) -> Answer:
    body = trouble.body if trouble.body is not None else shaped(exchange.path, trouble.status).body
    return _answer(trouble, trouble.status, body)


def _paused(trouble: Trouble, exchange: Exchange, form: Form, code: int = 429) -> Answer:
    if asks(exchange.path, form):
        exchange.notes["asked_to_wait"] = trouble.retry_after
    return throttled(exchange.path, form, trouble.retry_after, code)


def _answer(
    trouble: Trouble,
    code: int,
    body: Any,  # noqa: ANN401 - JSON or text
    more: dict[str, str] | None = None,
) -> Answer:
    text, kind = (
        (body, "text/html") if isinstance(body, str) else (json.dumps(body), "application/json")
    )
    headers = {"content-type": f"{kind}; charset=UTF-8"} | (more or {})
    headers |= {name.lower(): value for name, value in trouble.headers.items()}
    return Answer(code, [(n.encode(), v.encode()) for n, v in headers.items()], text.encode())
