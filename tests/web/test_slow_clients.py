"""Slow and idle clients: the slowest is ended, and a thousand that say nothing silence nobody."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from tests.web.serving import Served, head, served
from tests.web_cases import house, received
from web import connections

QUICK = 0.3
ROOT = Path(__file__).parents[2]
DESCRIPTORS = 1024
"""What a process usually has."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time that clients have be over soon."""
    for name in ("REQUEST_SECONDS", "BODY_SECONDS", "READING_SECONDS"):
        monkeypatch.setattr(connections, name, QUICK)


@pytest.fixture
async def here(impatient: None) -> AsyncIterator[Served]:  # noqa: ARG001 - it must come first
    async with served(house(received()).app) as serving:
        yield serving


async def trickled(writer: asyncio.StreamWriter, forever: bytes) -> None:
    """Send a byte at a time, never ending, as the slowest client does."""
    while True:
        for byte in forever:
            writer.write(bytes((byte,)))
            await asyncio.sleep(QUICK / 10)


async def ended_while_trickling(here: Served, first: bytes, then: bytes) -> bool:
    client = await here.client()
    client.writer.write(first)
    trickling = asyncio.create_task(trickled(client.writer, then))
    try:
        return await client.ended()
    finally:
        trickling.cancel()


async def test_who_connects_and_says_nothing_is_ended(here: Served) -> None:
    client = await here.client()

    assert await client.ended()


async def test_headers_that_never_end_are_ended(here: Served) -> None:
    assert await ended_while_trickling(here, b"GET / HTTP/1.1\r\n", b"X-Slow: 1\r\n")


async def test_a_body_that_never_ends_is_ended(here: Served) -> None:
    first = head("/webhooks/generic", "Content-Length: 200000", method="POST")

    assert await ended_while_trickling(here, first, b"x")


async def test_a_second_request_may_not_be_slower_than_the_first(here: Served) -> None:
    assert await ended_while_trickling(here, head("/nowhere"), b"X-Slow: 1\r\n")


@pytest.mark.usefixtures("impatient")
async def test_an_answer_that_nobody_reads_is_ended() -> None:
    app = FastAPI()

    @app.get("/")
    async def much() -> PlainTextResponse:
        return PlainTextResponse("x" * 50_000_000)

    async with served(app) as here:
        with socket.create_connection(("127.0.0.1", here.port)) as deaf:
            deaf.sendall(head("/"))
            async with asyncio.timeout(3):
                while not here.connections:  # noqa: ASYNC110 - it is about to come
                    await asyncio.sleep(0.01)
                while here.connections:  # noqa: ASYNC110 - it is about to go
                    await asyncio.sleep(0.01)


@pytest.mark.usefixtures("impatient")
async def test_a_slow_answer_of_ours_is_waited_for() -> None:
    app = FastAPI()

    @app.get("/")
    async def slow() -> PlainTextResponse:
        await asyncio.sleep(QUICK * 3)
        return PlainTextResponse("at last")

    async with served(app) as here:
        client = await here.client()

        assert await client.status("/") == 200


async def test_of_too_many_idle_connections_the_oldest_make_room_for_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 20)

    async with served(house(received()).app) as here:
        idle = [await here.client() for _ in range(30)]
        somebody = await here.client()

        assert await somebody.status() == 404
        assert all([await each.ended(within=1) for each in idle[:11]])
        assert here.connections <= 20
        assert await idle[-1].status() == 404


SERVER = f"""
import asyncio, resource, sys, structlog
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))
from tests.web.serving import served
from tests.web_cases import house

async def serve():
    async with served(house().app) as here:
        print(here.port, flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""


def test_more_idle_connections_than_a_process_has_descriptors_silence_nobody() -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        ) as server,
        ExitStack() as idle,
    ):
        idle.callback(server.kill)
        assert server.stdout is not None
        here = ("127.0.0.1", int(server.stdout.readline()))
        for _ in range(DESCRIPTORS + 100):
            idle.enter_context(socket.create_connection(here, timeout=5))

        with socket.create_connection(here, timeout=5) as somebody:
            somebody.sendall(head("/nowhere", "Connection: close"))
            answer = somebody.recv(12)

    assert answer == b"HTTP/1.1 404"
