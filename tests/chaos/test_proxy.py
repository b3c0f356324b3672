"""The proxy of chaos: it passes everything on, until it is told to cut, hold or slow it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from chaos.proxy import Proxy
from devstack.ports import HOST

LONG = b"all of it " * 50_000


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """A proxy before a server that says everything again."""
    server = await asyncio.start_server(_echo, HOST, 0)
    onwards = server.sockets[0].getsockname()[1]
    free = await asyncio.start_server(_echo, HOST, 0)
    port = free.sockets[0].getsockname()[1]
    free.close()
    await free.wait_closed()
    async with server, Proxy(HOST, port, onwards) as proxy:
        yield proxy


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(4096):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def connected(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    await said_again(reader, writer, b"?")
    return reader, writer


async def said_again(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: bytes
) -> bytes:
    writer.write(text)
    return await asyncio.wait_for(reader.readexactly(len(text)), 5)


async def test_everything_passes_unchanged_and_in_order(proxy: Proxy) -> None:
    reader, writer = await connected(proxy)

    writer.write(LONG)
    writer.write_eof()

    assert await asyncio.wait_for(reader.read(-1), 5) == LONG
    writer.close()


async def test_a_reset_cuts_every_connection_and_new_ones_pass(proxy: Proxy) -> None:
    first, second = await connected(proxy), await connected(proxy)
    assert proxy.open_links == 2

    assert proxy.reset() == 2

    for reader, writer in (first, second):
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.readexactly(1), 5)
        writer.close()
    reader, writer = await connected(proxy)
    assert await said_again(reader, writer, b"again") == b"again"
    writer.close()


async def test_what_is_stalled_comes_when_it_is_let_go(proxy: Proxy) -> None:
    reader, writer = await connected(proxy)

    with proxy.stalled():
        writer.write(b"later")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)

    assert await asyncio.wait_for(reader.readexactly(5), 5) == b"later"
    writer.close()


async def test_what_is_slowed_comes_late(proxy: Proxy) -> None:
    reader, writer = await connected(proxy)

    began = time.monotonic()
    with proxy.slowed(0.1):
        await said_again(reader, writer, b"slow")

    assert time.monotonic() - began >= 0.2
    writer.close()
