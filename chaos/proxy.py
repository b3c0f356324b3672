"""A TCP proxy that cuts, stalls and slows the connections which pass through it."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

_CHUNK = 64 * 1024
# A closing that waits for nothing sends a reset instead of a farewell.
_NO_FAREWELL = struct.pack("ii", 1, 0)


class Proxy:
    """Passes bytes on between its own port and another one, unless it is told otherwise."""

    def __init__(self, host: str, port: int, onwards: int) -> None:
        self.host = host
        self.port = port
        self._onwards = onwards
        self._flows = asyncio.Event()
        self._flows.set()
        self._latency = 0.0
        self._links: dict[asyncio.Task[None], set[asyncio.StreamWriter]] = {}
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where to connect instead."""
        return f"{self.host}:{self.port}"

    @property
    def open_links(self) -> int:
        """How many connections pass through now."""
        return len(self._links)

    async def __aenter__(self) -> Self:
        """Listen; a connection onwards is made only for each one that comes in."""
        self._server = await asyncio.start_server(self._link, self.host, self.port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening, and end what is open."""
        if self._server is not None:
            self._server.close()
        self.reset()
        await asyncio.gather(*self._links, return_exceptions=True)

    def reset(self) -> int:
        """End every connection with a reset, in the middle of whatever it carries; count them."""
        cut = list(self._links)
        for link in cut:
            for writer in self._links[link]:
                _reset(writer)
            link.cancel()
        return len(cut)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Let nothing pass meanwhile, and nobody know why."""
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    @contextmanager
    def slowed(self, seconds: float) -> Iterator[None]:
        """Let everything pass so much later meanwhile."""
        self._latency = seconds
        try:
            yield
        finally:
            self._latency = 0.0

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._links[task] = {writer}
        try:
            await self._flows.wait()
            there, back = await asyncio.open_connection(self.host, self._onwards)
            self._links[task].add(back)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, back))
                both.create_task(self._pass_on(there, writer))
        except (OSError, asyncio.CancelledError, ExceptionGroup):
            # Whichever side is gone, the other one learns of it by the end of its connection.
            pass
        finally:
            for each in self._links.pop(task):
                each.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(_CHUNK):
            await self._flows.wait()
            if self._latency:
                await asyncio.sleep(self._latency)
            writer.write(some)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    there = writer.get_extra_info("socket")
    if there is not None:
        with suppress(OSError):
            there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_FAREWELL)
    writer.transport.abort()
