"""Reads of a case that come together share one question: a burst of them costs two."""

import asyncio
from collections.abc import Awaitable, Callable

from domain.case import Case

Question = Callable[[], Awaitable[Case]]


class SingleFlight:
    """The reads of every case by one process.

    Temporal takes ten updates of a workflow at a time and refuses the others. Whoever comes while
    a question is under way waits for the next one, not for that: it may have been answered before
    what they have just done.
    """

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[Case]] = {}
        self._next: dict[str, asyncio.Task[Case]] = {}

    async def share(self, case: str, question: Question) -> Case:
        """Return the answer to a question that is asked after this call, once for all callers."""
        if case not in self._next:
            asked = self._next[case] = asyncio.create_task(self._ask(case, question))
            asked.add_done_callback(_heeded)
        # Whoever gives up leaves the others their answer.
        return await asyncio.shield(self._next[case])

    async def _ask(self, case: str, question: Question) -> Case:
        before = self._under_way.get(case)
        if before is not None:
            await asyncio.wait([before])
        self._under_way[case] = self._next.pop(case)
        try:
            return await question()
        finally:
            del self._under_way[case]


def _heeded(asked: asyncio.Task[Case]) -> None:
    """Count a failure as heard: everybody who wanted the answer may have given up."""
    if not asked.cancelled():
        asked.exception()
