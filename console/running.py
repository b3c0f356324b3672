"""How a command runs: with patience, and with a sentence and an exit code when it fails."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

from temporalio.service import RPCError, RPCStatusCode

from integrations.payloads import UnknownKey
from workflows.client import (
    ActRefused,
    NoSuchCase,
    NotAccepted,
    OutOfReach,
    WrongQuery,
)
from workflows.connection import WrongConnection

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130

SILENCE = 2.0
"""After so many seconds of it, one is told what is waited for."""
# A client whose process ends at once can take the process down with it (sdk-python issue 300).
CLIENT_REST = 0.1

T = TypeVar("T")


class CannotRun(Exception):
    """Something that runs beside the command cannot go on; the text says why and what to do."""


def told(read: Callable[[], T], *wrong: type[Exception]) -> T:
    """Return what is read, or tell in its own words why it cannot be, as wrong usage."""
    try:
        return read()
    except wrong as no:
        fail(str(no), BAD_USAGE)


def fail(sentence: str, code: int = FAILED) -> NoReturn:
    """Say one sentence on stderr, and end."""
    print(sentence, file=sys.stderr)
    raise SystemExit(code)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, and turn what may be expected to go wrong into a sentence."""
    try:
        asyncio.run(_rested(work))
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except NoSuchCase as no:
        fail(f"{no} `aftermath list` names those there are.")
    except (UnknownKey, WrongConnection, WrongQuery) as no:
        fail(str(no), BAD_USAGE)
    except (ActRefused, NotAccepted, OutOfReach, CannotRun) as no:
        fail(str(no))
    except RPCError as error:
        fail(_of_temporal(error))
    except TimeoutError:
        fail("Nobody answered in time. Is a worker running? Its log says more.")
    except OSError as error:
        fail(f"{error.filename or 'The machine'} cannot be used: {error.strerror or error}.")


async def _rested(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    finally:
        await asyncio.sleep(CLIENT_REST)


def _of_temporal(error: RPCError) -> str:
    if error.status == RPCStatusCode.NOT_FOUND:
        return "There is no case of this name. `aftermath list` names those there are."
    return f"Temporal refused ({error.status.name}): {error.message}."


@asynccontextmanager
async def patiently(doing: str) -> AsyncIterator[None]:
    """Say what is going on, should it take long."""
    saying = asyncio.get_running_loop().call_later(
        SILENCE, lambda: print(f"{doing} …", file=sys.stderr, flush=True)
    )
    try:
        yield
    finally:
        saying.cancel()
