"""A connection that ends: how long a client may keep us waiting, and how many may do so at once.

uvicorn by itself waits for ever for a request's head, for its body and for its answer to be read,
and takes connections until the process has no file descriptor left.
"""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10
BODY_SECONDS = 20
READING_SECONDS = 30
MOST_CONNECTIONS = 512
"""Half of the file descriptors that a process usually has, so that all else still gets its own."""

AT_ONCE = 64
"""Connections that are taken in one go; few enough that room is made before descriptors run out."""

_log = structlog.stdlib.get_logger("web")


class Owed(StrEnum):
    """What a client keeps us waiting for."""

    REQUEST = "a request"
    BODY = "the body of its request"
    READING = "to read its answer"


class Connection(H11Protocol):
    """One client's connection; who takes too long is ended, however steadily bytes trickle in.

    Beyond `MOST_CONNECTIONS` the client that has kept us waiting longest makes room. Whoever waits
    for us is never ended.
    """

    owes: Owed | None = None
    since = 0.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and make room if there are too many."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST_CONNECTIONS:
            _make_room(each for each in self.connections if isinstance(each, Connection))

    def data_received(self, data: bytes) -> None:
        """Take in what was sent."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, or for the end."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self._wait_for(None)

    def end(self, why: str) -> None:
        """Drop the connection, and whatever it still should have read."""
        _log.info("connection ended", why=why, owed=self.owes)
        self.transport.abort()

    def _watch(self) -> None:
        owed = self._owed()
        # What comes in pieces is one thing to wait for, whose time began with the first of them.
        if owed is not self.owes:
            self._wait_for(owed)

    def _owed(self) -> Owed | None:
        if self.cycle is None or self.cycle.response_complete:
            return Owed.REQUEST
        if self.conn.their_state is h11.SEND_BODY:
            return Owed.BODY
        return Owed.READING if self.flow.write_paused else None

    def _wait_for(self, owed: Owed | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self.owes, self.since, self._deadline = owed, self.loop.time(), None
        if owed is not None:
            self._deadline = self.loop.call_later(_seconds(owed), self.end, "too slow")


def _seconds(owed: Owed) -> float:
    match owed:
        case Owed.REQUEST:
            return REQUEST_SECONDS
        case Owed.BODY:
            return BODY_SECONDS
        case Owed.READING:
            return READING_SECONDS


def _make_room(connections: Iterable[Connection]) -> None:
    waiting = (each for each in connections if each.owes is not None)
    min(waiting, key=lambda each: each.since).end("too many")
