"""Temporal's pages and command line see what we keep there: with the token, and decrypted only."""

import json
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import MessageToJson
from structlog.testing import capture_logs
from temporalio.api.common.v1 import Payload, Payloads

from integrations.payloads import Encryption
from web.codec import LIMIT, Codec
from web.deliveries import Deliveries
from web.internal import internal_app

KEY = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"
TOKEN = "q7Lw0ZtNc4HxVb2Rk9Ps"
UI = "https://temporal.example.com"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
CLEAR = Payload(metadata={"encoding": b"json/plain"}, data=b'"Amara Okafor"')
ENCRYPTION = Encryption([KEY])


async def asked(
    method: str,
    path: str = "/codec/decode",
    *,
    on: Codec | None = None,
    **options: Any,  # noqa: ANN401 - httpx's own
) -> httpx.Response:
    async def reachable() -> bool:
        return True

    app = internal_app(reachable, Deliveries(), on or Codec(ENCRYPTION, TOKEN, UI))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://internal") as client:
        return await client.request(method, path, **options)


async def sealed() -> str:
    return MessageToJson(Payloads(payloads=await ENCRYPTION.encode([CLEAR])))


@pytest.mark.parametrize("path", ["/codec/decode", "/codec/default/decode"])
async def test_who_shows_the_token_reads_what_is_kept(path: str) -> None:
    with capture_logs() as lines:
        answer = await asked("POST", path, content=await sealed(), headers=SHOWN)

    assert answer.status_code == 200
    assert answer.text == MessageToJson(Payloads(payloads=[CLEAR]))
    assert lines == [{"event": "decoded", "payloads": 1, "log_level": "info"}]


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
async def test_nobody_else_reads_anything(shown: str) -> None:
    with capture_logs() as lines:
        answer = await asked("POST", content=await sealed(), headers={"Authorization": shown})

    assert answer.status_code == 401
    assert "Amara" not in answer.text
    assert [line["event"] for line in lines] == ["decoding refused"]


async def test_it_encrypts_nothing() -> None:
    answer = await asked("POST", "/codec/encode", content=await sealed(), headers=SHOWN)

    assert answer.status_code == 404


@pytest.mark.parametrize("body", ["", "[1]", "{", '{"payloads": 1}', b"\xff", '{"x": []}'])
async def test_a_body_that_holds_no_payloads_is_refused(body: str | bytes) -> None:
    answer = await asked("POST", content=body, headers=SHOWN)

    assert answer.status_code == 400


async def test_too_much_at_once_is_refused() -> None:
    answer = await asked("POST", content=b" " * (LIMIT + 1), headers=SHOWN)

    assert answer.status_code == 413


async def test_a_key_that_is_gone_is_named() -> None:
    other = Codec(Encryption([KEY[::-1]]), TOKEN)

    answer = await asked("POST", on=other, content=await sealed(), headers=SHOWN)

    assert answer.status_code == 422
    assert "put it back into the key list" in json.loads(answer.text)["message"]


async def test_browsers_may_ask_from_temporals_pages_alone() -> None:
    ours = await asked("OPTIONS", headers={"Origin": UI})
    foreign = await asked("OPTIONS", headers={"Origin": "https://evil.example"})
    answer = await asked("POST", content=await sealed(), headers=SHOWN | {"Origin": UI})
    stolen = await asked(
        "POST", content=await sealed(), headers=SHOWN | {"Origin": "https://evil.example"}
    )

    assert ours.status_code == 204
    assert "authorization" in ours.headers["Access-Control-Allow-Headers"]
    assert foreign.status_code == 403
    assert answer.headers["Access-Control-Allow-Origin"] == UI
    for refused in (stolen, foreign):
        assert "Access-Control-Allow-Origin" not in refused.headers
