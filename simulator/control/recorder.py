"""Writes every exchange with a vendor to a file that is valid JSON at every moment."""

import json
from pathlib import Path
from typing import Any

from simulator.exchange import Answer, Exchange, Handler

_END = b"\n]\n"
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}


class Recorder:
    """Records what reached a vendor and what the vendor answered.

    Injected faults happen on the way and are left out: they are not the vendor's words.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb+")
        self._empty = True
        self._file.write(b"[" + _END)
        self._file.flush()

    async def layer(self, exchange: Exchange, inner: Handler) -> Answer:
        """Let the request through and write down what was said."""
        answer = await inner(exchange)
        self._append(json.dumps(_entry(exchange, answer)).encode())
        return answer

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _append(self, entry: bytes) -> None:
        # The closing bracket is written over and written again, so a process that is killed between
        # two exchanges leaves a whole list behind.
        self._file.seek(-len(_END), 2)
        self._file.write((b"\n" if self._empty else b",\n") + entry + _END)
        self._file.flush()
        self._empty = False


def _entry(exchange: Exchange, answer: Answer) -> dict[str, Any]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    return {
        "method": exchange.method,
        "path": exchange.path,
        "query": [[name, value] for name, value in exchange.query],
        "headers": {
            name: "[redacted]" if name in _SECRET_HEADERS else value
            for name, value in exchange.headers.items()
        },
        "body": _read(exchange.body),
        "response": {"status": answer.status, "headers": headers, "body": _read(answer.body)},
    }


def _read(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
