"""What every answer carries and every form must show, whatever page it is."""

from collections.abc import Mapping
from traceback import extract_tb

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

_PLACES = ("s", "a", "w", "webhooks", "static")
_log = structlog.stdlib.get_logger("web")


class Guard:
    """Adds the constant headers, refuses forms of other sites, and writes one line per answer.

    The line holds the first part of the path only: the rest may be a token. A failure of ours
    is answered in one sentence, and with the same headers.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            if self._foreign(scope):
                await _CROSS_SITE(scope, receive, answer.send)
            else:
                await self._app(scope, receive, answer.send)
        except Exception as failure:  # noqa: BLE001 - the last resort, logged without its text
            # A failure's text may hold what somebody typed, so only its kind and place are kept.
            where = _where(failure)
            _log.error("failed", place=_place(scope), failure=type(failure).__name__, where=where)
            if not answer.status:
                await _FAILED(scope, receive, answer.send)
        _log.info(
            "answered", method=scope["method"], place=_place(scope), status=int(answer.status)
        )

    def _foreign(self, scope: Scope) -> bool:
        """Tell whether a form was sent from somewhere else than our own pages.

        There are no cookies to ride on; this only keeps other sites from posting for fun.
        """
        if scope["method"] != "POST" or _place(scope) == "webhooks":
            return False
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site != "same-origin"
        return headers.get("origin") != self._origin


class _Answer:
    """Remembers an answer's status on its way out, and adds the headers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message).update(HEADERS)
        await self._send(message)


_CROSS_SITE = PlainTextResponse(
    "This form was not sent from our own page, so nothing was changed. "
    "Open the link in your mail and try again.",
    status_code=403,
)
_FAILED = PlainTextResponse(
    "Something went wrong on our side. Nothing you typed was sent on; please try again.",
    status_code=500,
)


def _place(scope: Scope) -> str:
    first = scope["path"].split("/")[1:2]
    return first[0] if first and first[0] in _PLACES else "elsewhere"


def _where(failure: Exception) -> str:
    frames = extract_tb(failure.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
