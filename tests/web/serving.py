"""The public app on a real port, for what only a real connection can show."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from tests.web_cases import BASE
from web.server import configured

HOST = urlsplit(BASE).netloc


@dataclass
class Client:
    """One open connection to the app."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def status(self, path: str = "/nowhere") -> int:
        """Ask for a page and return the answer's status."""
        self.writer.write(head(path, "Connection: close"))
        first = await self.reader.readline()
        return int(first.split()[1])

    async def ended(self, within: float = 3) -> bool:
        """Tell whether the other side ends the connection in time."""
        try:
            async with asyncio.timeout(within):
                while await self.reader.read(65536):
                    pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True


@dataclass
class Served:
    """An app that is served, and the connections to it."""

    server: uvicorn.Server
    port: int
    clients: list[Client] = field(default_factory=list)

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)

    async def client(self) -> Client:
        """Connect, and say nothing yet."""
        self.clients.append(Client(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.clients[-1]

    async def close(self) -> None:
        for client in self.clients:
            client.writer.close()
            with suppress(ConnectionError):
                await client.writer.wait_closed()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[Served]:
    """Serve an app as it is served in production."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(configured(app))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    made = Served(server, listening.getsockname()[1])
    try:
        yield made
    finally:
        await made.close()
        server.should_exit = True
        await serving


def head(path: str, *headers: str, method: str = "GET") -> bytes:
    """Return the head of a request, ready to be followed by its body."""
    lines = (f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers, "", "")
    return "\r\n".join(lines).encode()
