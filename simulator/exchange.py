"""The door between the network and the vendors: whole requests in, whole answers out."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.errors import vendor_of
from simulator.store import JSON

TRANSPORT = "simulator.transport"

_PIECES = 8
_RESET_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Exchange:
    """A vendor request as it came in, and what the layers note about it."""

    scope: Scope
    body: bytes
    notes: JSON = field(default_factory=dict)

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

    def told(self) -> JSON:
        """Return the body as a JSON object; anything else is an empty one."""
        try:
            read = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


@dataclass(frozen=True)
class Answer:
    """A whole answer, not yet sent; it may take its time on the wire."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    seconds: float = 0

    async def send(self, send: Send) -> None:
        """Put the answer on the wire."""
        headers = self._headers(len(self.body))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if self.seconds:
            await self._drip(send)
        else:
            await send({"type": "http.response.body", "body": self.body})

    def cut(self) -> bytes:
        """Return the bytes of an answer that promises its whole body and stops halfway."""
        promised = self._headers(max(len(self.body), 1))
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in promised]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body[: len(self.body) // 2]

    async def _drip(self, send: Send) -> None:
        size = len(self.body) // _PIECES + 1
        for start in range(0, max(len(self.body), 1), size):
            await asyncio.sleep(self.seconds / _PIECES)
            piece = self.body[start : start + size]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _headers(self, length: int) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        if length or self.status not in {204, 304}:
            kept.append((b"content-length", str(length).encode()))
        return kept


Handler = Callable[[Exchange], Awaitable[Answer]]
Layer = Callable[[Exchange, Handler], Awaitable[Answer]]


class ConnectionDropped(Exception):
    """The client gets no whole answer: its connection ends, by FIN or by RST."""

    def __init__(self, *, reset: bool = False, said: bytes = b"") -> None:
        super().__init__("reset" if reset else "closed")
        self.reset = reset
        self.said = said


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
        except ConnectionDropped as dropped:
            await _drop(scope, receive, dropped)
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


async def _drop(scope: Scope, receive: Receive, dropped: ConnectionDropped) -> None:
    transport: Any = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise RuntimeError("Only the simulator's own server can drop a connection.")
    if dropped.reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        transport.abort()
    else:
        # Closing still sends what was written.
        transport.write(dropped.said)
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
