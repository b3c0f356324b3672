"""Decrypts for Temporal's pages and command line what cases keep there; it never encrypts.

Who asks shows a token, and browsers ask from one address alone. Each answer leaves a line: how many
payloads, never which words.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from starlette.responses import JSONResponse, Response
from temporalio.api.common.v1 import Payloads
from temporalio.converter import PayloadCodec

from integrations.payloads import UnknownKey

LIMIT = 8 * 1024 * 1024
_HEADERS = "authorization, content-type, x-namespace"
_log = structlog.stdlib.get_logger("codec")


@dataclass(frozen=True, repr=False)
class Codec:
    """What decrypts, who may ask for it, and from which pages (empty: from none)."""

    codec: PayloadCodec
    token: str
    origin: str = ""

    def router(self) -> APIRouter:
        """Return the addresses that Temporal's tools ask: with their namespace, or without."""
        router = APIRouter(prefix="/codec")
        for path in ("/decode", "/{namespace}/decode"):
            router.add_api_route(path, self._decode, methods=["POST"], response_model=None)
            router.add_api_route(path, self._allow, methods=["OPTIONS"], response_model=None)
        return router

    async def _allow(self, request: Request) -> Response:
        """Tell a browser whether the page that it shows may ask."""
        headers = self._shared(request)
        return Response(status_code=HTTPStatus.NO_CONTENT if headers else 403, headers=headers)

    async def _decode(self, request: Request) -> Response:
        headers = self._shared(request)
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(), self.token.encode()):
            _log.warning("decoding refused")
            return _no(HTTPStatus.UNAUTHORIZED, "This is not the token of PM_CODEC_TOKEN.", headers)
        body = await _body(request)
        if body is None:
            return _no(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Ask for fewer at a time.", headers)
        try:
            asked = Parse(body, Payloads())
            payloads = await self.codec.decode(list(asked.payloads))
        except (ParseError, UnicodeDecodeError):
            return _no(HTTPStatus.BAD_REQUEST, "These are no payloads as JSON.", headers)
        except UnknownKey as unknown:
            return _no(HTTPStatus.UNPROCESSABLE_ENTITY, str(unknown), headers)
        _log.info("decoded", payloads=len(payloads))
        told = MessageToJson(Payloads(payloads=payloads))
        return Response(told, media_type="application/json", headers=headers)

    def _shared(self, request: Request) -> Mapping[str, str]:
        """Return what lets a browser read the answer: nothing, for any page but Temporal's."""
        if not self.origin or request.headers.get("origin") != self.origin:
            return {}
        return {
            "Access-Control-Allow-Origin": self.origin,
            "Access-Control-Allow-Headers": _HEADERS,
            "Access-Control-Allow-Methods": "POST",
            "Cache-Control": "no-store",
            "Vary": "Origin",
        }


def _no(status: HTTPStatus, reason: str, headers: Mapping[str, str]) -> Response:
    return JSONResponse({"message": reason}, status_code=status, headers=dict(headers))


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            return None
    return bytes(body)
