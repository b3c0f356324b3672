"""Runs the simulator: as a process of its own, or in a thread beside a test."""

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.app import Simulator
from simulator.exchange import TRANSPORT

_STARTING_SECONDS = 15
_PORT_TAKEN = 2


@dataclass(frozen=True)
class Running:
    """A simulator that answers."""

    url: str


def serve(
    host: str = "127.0.0.1", port: int = 0, database: str = ":memory:", record: Path | None = None
) -> None:
    """Serve until the process is told to stop; say where once it answers."""
    try:
        listening = _bound(host, port)
    except OSError as taken:
        print(f"The simulator cannot listen on {host}:{port}: {taken.strerror}.", file=sys.stderr)
        raise SystemExit(_PORT_TAKEN) from None
    simulator = Simulator(database, record)
    with listening, contextlib.suppress(KeyboardInterrupt), contextlib.closing(simulator):
        server = _Announcing(_config(simulator))
        server.line = f"simulator listening on {_url(listening)}"
        server.run(sockets=[listening])


@contextmanager
def running_simulator(
    database: str = ":memory:", record: Path | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Running]:
    """Run a simulator in a thread, on a free port unless one is given."""
    with (
        _bound(host, port) as listening,
        contextlib.closing(Simulator(database, record)) as simulator,
    ):
        server = _Announcing(_config(simulator))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            if not server.ready.wait(_STARTING_SECONDS):
                raise RuntimeError("The simulator did not start.")
            yield Running(_url(listening))
        finally:
            server.should_exit = True
            thread.join()


class _Announcing(uvicorn.Server):
    line: str | None = None

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
        if self.line:
            print(self.line, flush=True)


class _Protocol(H11Protocol):
    """Lets the application reach the connection, so that a fault can end it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = with_transport


def _config(simulator: Simulator) -> uvicorn.Config:
    return uvicorn.Config(
        simulator.asgi,
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        server_header=False,
    )


def _bound(host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it, each answer on
    # a kept-alive connection would take 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _url(listening: socket.socket) -> str:
    host, port = cast("tuple[str, int]", listening.getsockname())
    return f"http://{host}:{port}"
