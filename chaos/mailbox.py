"""Every mail of the simulated world, by case: read once, and looked through as people do."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import httpx

from domain.customer_message.notices import ReviewWanted
from domain.engine.notice import notice_key

Mail = dict[str, Any]

_FRESH = 3.0
_LINK = re.compile(r"https?://\S+/[sa]/\S+")
_CODE = re.compile(r"code for the page: (\d{6})")


class Mailbox:
    """What arrived so far; the simulator is asked at most every three seconds."""

    def __init__(self, simulator: httpx.AsyncClient) -> None:
        self._simulator = simulator
        self._by_case: dict[str, list[Mail]] = defaultdict(list)
        self._last = 0
        self._read_at = -_FRESH
        self._reading = asyncio.Lock()

    async def of(self, case: str, *, now: bool = False) -> Sequence[Mail]:
        """Return the mails of a case, oldest first; `now` looks again whatever was seen before."""
        async with self._reading:
            clock = asyncio.get_running_loop().time()
            if now or clock - self._read_at >= _FRESH:
                await self._read()
                self._read_at = clock
        return self._by_case[case]

    async def link(self, case: str, to: str, kind: str) -> str | None:
        """Return the link in the newest mail of a kind to somebody, if it has come."""
        part = "/a/" if kind == ReviewWanted.kind else "/s/"
        for mail in reversed(await self._to(case, to, kind)):
            found = [link for link in _LINK.findall(mail["text"]) if part in link]
            if found:
                return str(found[0])
        return None

    async def code(self, case: str, to: str) -> str:
        """Return the code in the newest mail to somebody that has one."""
        theirs = (mail for mail in await self.of(case) if mail["to"] == to)
        found = [code for mail in theirs for code in _CODE.findall(mail["text"])]
        return found[-1] if found else ""

    async def _to(self, case: str, to: str, kind: str) -> list[Mail]:
        return [
            mail
            for mail in await self.of(case)
            if mail["to"] == to and any(is_notice(key, kind, case) for key in keys_in(mail))
        ]

    async def _read(self) -> None:
        answer = await self._simulator.get("/simulator/mails", params={"after": self._last})
        for mail in answer.raise_for_status().json():
            self._last = max(self._last, int(mail["id"]))
            self._by_case[_marks(mail).get("case", "")].append(mail)


def keys_in(mail: Mail) -> list[str]:
    """Return the keys of all notices in one mail of ours; the versions hold plus signs, too."""
    marks = _marks(mail)
    case = marks.get("case", "")
    first, *others = marks.get("key", "").split(f"+{case}:")
    return [first, *(f"{case}:{each}" for each in others)]


def is_notice(key: str, kind: str = "", case: str = "") -> bool:
    """Tell whether a key is a notice's: of any kind or of this one, in a mail about a case."""
    begins = notice_key(kind, "")
    return key.startswith(f"{case}:{begins}:" if case else f"{begins}:")


def _marks(mail: Mail) -> dict[str, str]:
    marks: dict[str, str] = mail.get("custom_args") or {}
    return marks
