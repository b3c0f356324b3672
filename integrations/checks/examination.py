"""What a check-up finds, and how one is carried out: bounded, together, and without a traceback."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.engine.value import Value
from integrations.errors import ServiceError, Unavailable
from integrations.http import Timeout

PATIENCE_SECONDS = 10.0
"""As long as one look may take."""

TIMEOUT: Timeout = (3, 6)
"""What a look gives a vendor, so that it usually ends by itself."""

LOOKS_TOGETHER = 8
"""More at once would only meet the vendors' own limits."""


class Grade(StrEnum):
    """How good a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Finding(Value):
    """One line of a check-up: how good, about what, what it is, and what to do."""

    grade: Grade
    about: str
    what: str
    do: str = ""

    @property
    def line(self) -> str:
        """The finding on one line."""
        remedy = f" {self.do}" if self.do else ""
        return f"{self.grade:<4}  {self.about}: {self.what}{remedy}"


def ok(about: str, what: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(grade=Grade.OK, about=about, what=what)


def warn(about: str, what: str, do: str = "") -> Finding:
    """Return a finding that works, but not as well as it could."""
    return Finding(grade=Grade.WARN, about=about, what=what, do=do)


def fail(about: str, what: str, do: str = "") -> Finding:
    """Return a finding of what would be refused during an incident."""
    return Finding(grade=Grade.FAIL, about=about, what=what, do=do)


def failed(findings: Iterable[Finding]) -> bool:
    """Tell whether anything among the findings fails."""
    return any(each.grade is Grade.FAIL for each in findings)


Look = Callable[[], Iterable[Finding]]
"""One look at something outside; it only reads, and may raise our words for trouble."""


@dataclass(frozen=True)
class Examination:
    """The looks at one outside system.

    Those of a round are taken together; a round in which something fails is the last.
    """

    about: str
    rounds: tuple[tuple[Look, ...], ...]


async def carried_out(
    examinations: Sequence[Examination], patience: float = PATIENCE_SECONDS
) -> tuple[Finding, ...]:
    """Carry out all examinations at once and return their findings in order."""
    room = asyncio.Semaphore(LOOKS_TOGETHER)
    found = await asyncio.gather(*(_examined(each, room, patience) for each in examinations))
    return tuple(finding for findings in found for finding in findings)


async def _examined(
    examination: Examination, room: asyncio.Semaphore, patience: float
) -> list[Finding]:
    async def look_at(look: Look) -> list[Finding]:
        async with room:
            return await _bounded(examination.about, look, patience)

    found: list[Finding] = []
    for looks in examination.rounds:
        for findings in await asyncio.gather(*map(look_at, looks)):
            found += findings
        if failed(found):
            break
    return found


async def _bounded(about: str, look: Look, patience: float) -> list[Finding]:
    """Look on a thread that nobody waits for at the end, should it never come back."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Finding]] = loop.create_future()

    def settle(found: list[Finding]) -> None:
        if not answer.done():
            answer.set_result(found)

    def run() -> None:
        found = _looked(about, look)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=run, name=f"look at {about}", daemon=True).start()
    try:
        return await asyncio.wait_for(answer, patience)
    except TimeoutError:
        told = f"no answer within {patience:.0f} seconds."
        return [fail(about, told, "Check the address, the network and the proxy; then try again.")]


def _looked(about: str, look: Look) -> list[Finding]:
    try:
        return list(look())
    except Unavailable as error:
        return [fail(about, str(error), "Check the address and the network; then try again.")]
    except ServiceError as error:
        return [fail(about, str(error))]
    except Exception as error:  # noqa: BLE001 - a check-up that breaks down is itself a finding
        told = f"the answer could not be understood ({type(error).__name__})."
        return [fail(about, told, "Check that the address is the vendor's own.")]
