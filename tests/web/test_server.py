"""The server: what operations see, how it stops, and what it says when a port is taken."""

import asyncio
import os
import signal
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from tests.web_cases import BASE, RememberingCases, house, received
from web.deliveries import Deliveries, Result
from web.internal import internal_app
from web.server import answers, run


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


async def asked(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://internal") as client:
        return await client.get(path)


@pytest.mark.parametrize(("away", "status"), [(False, 200), (True, 503)])
async def test_it_is_ready_while_temporal_answers_and_alive_in_any_case(
    away: bool,  # noqa: FBT001
    status: int,
) -> None:
    cases = RememberingCases(away=away)
    app = internal_app(lambda: answers(cases), Deliveries())

    alive, ready = await asked(app, "/livez"), await asked(app, "/readyz")

    assert (alive.status_code, ready.status_code) == (200, status)


async def test_deliveries_are_counted_by_source_and_result() -> None:
    deliveries = Deliveries()
    deliveries.count("pagerduty", Result.ACCEPTED)
    deliveries.count("pagerduty", Result.UNWANTED)
    deliveries.count("pagerduty", Result.UNWANTED)

    told = await asked(internal_app(lambda: answers(RememberingCases()), deliveries), "/metrics")

    assert told.json() == {"deliveries": {"pagerduty": {"accepted": 1, "unwanted": 2}}}


async def answered(address: str, host: str = "127.0.0.1") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, headers={"Host": host}) as client:
        for _ in range(100):
            try:
                return await client.get(address)
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


async def test_both_apps_answer_and_a_polite_end_stops_both() -> None:
    here, (public, internal) = house(received()), (free_port(), free_port())
    health = internal_app(lambda: answers(here.cases), here.deliveries)
    running = asyncio.create_task(
        run((here.app, "127.0.0.1", public), (health, "127.0.0.1", internal))
    )
    alive = await answered(f"http://127.0.0.1:{internal}/livez")
    page = await answered(f"http://127.0.0.1:{public}/a/nonsense", urlsplit(BASE).netloc)

    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)

    assert (alive.status_code, page.status_code) == (200, 404)
    assert "server" not in page.headers


async def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    here = house(received())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit) as ended:
            await run((here.app, "127.0.0.1", port))

    assert ended.value.code == 2
    assert f"Port {port} on 127.0.0.1 cannot be used" in capsys.readouterr().err
