"""The door between the network and the vendors: whole requests in, whole answers out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.errors import vendor_of

TRANSPORT = "simulator.transport"


@dataclass(frozen=True)
class Exchange:
    """A vendor request as it came in."""

    scope: Scope
    body: bytes

    @property
    def method(self) -> str:
        """Return the HTTP method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """Return the path, percent signs decoded."""
        return str(self.scope["path"])

    @property
    def query(self) -> list[tuple[str, str]]:
        """Return the query parameters in order."""
        return parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    @property
    def headers(self) -> dict[str, str]:
        """Return the request headers, names in lower case."""
        return {
            name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]
        }


@dataclass(frozen=True)
class Answer:
    """A whole answer, not yet sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send) -> None:
        """Put the answer on the wire."""
        headers = [
            (name, value) for name, value in self.headers if name.lower() != b"content-length"
        ]
        if self.body or self.status not in {204, 304}:
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


Handler = Callable[[Exchange], Awaitable[Answer]]
Layer = Callable[[Exchange, Handler], Awaitable[Answer]]


class ConnectionDropped(Exception):
    """The client gets no answer: its connection ends."""


class Door:
    """Lets vendor requests through the layers, outermost first; everything else passes by."""

    def __init__(self, app: ASGIApp, layers: list[Layer]) -> None:
        self._app = app
        self._handler: Handler = self._ask_vendor
        for layer in reversed(layers):
            self._handler = _wrapped(layer, self._handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection event of the server."""
        if scope["type"] != "http" or vendor_of(scope["path"]) is None:
            await self._app(scope, receive, send)
            return
        # The body is read before anything else: a client that gives up during a delay has still
        # made its request, as it would have at the vendor.
        exchange = Exchange(scope, await _whole_body(receive))
        try:
            answer = await self._handler(exchange)
        except ConnectionDropped:
            await _drop(scope, receive)
            return
        await answer.send(send)

    async def _ask_vendor(self, exchange: Exchange) -> Answer:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": exchange.body, "more_body": False}

        async def keep(message: Message) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await self._app(exchange.scope, receive, keep)
        start = next(message for message in sent if message["type"] == "http.response.start")
        body = b"".join(message.get("body", b"") for message in sent)
        return Answer(start["status"], list(start["headers"]), body)


def _wrapped(layer: Layer, inner: Handler) -> Handler:
    async def handle(exchange: Exchange) -> Answer:
        return await layer(exchange, inner)

    return handle


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def _drop(scope: Scope, receive: Receive) -> None:
    transport: Any = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise RuntimeError("Only the simulator's own server can drop a connection.")
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
