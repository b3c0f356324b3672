"""Tells the demo: one line per event, with the date in the case's world."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from devstack.environment import Environment

_WORDS = {
    "nomination": "{names} is asked to own the postmortem",
    "meeting-outcome": "{names} is asked what the meeting decided",
    "confirmation": "{names} asked to confirm their teams' action items",
    "decision-recorded": "{names} told which decisions were recorded as theirs",
    "message-draft": "{names} is asked for the text of the customer message",
    "approval": "{names} is asked to review the customer message; the code stands only in the mail",
    "approved": "{names} told that the text was approved, and how to stop it",
    "posting": "{names} gets the approved text, ready to post",
    "published": "report published to {names}",
    "reminder": "{names} is late and is reminded, once",
    "escalation": "{names} is told about it, once",
    "still-open": "{names} gets the weekly word on tickets that nobody touches",
}


class Narrator:
    """Says what happens, in order; mails tell their own time."""

    def __init__(self, here: Environment, zone: str) -> None:
        self._here = here
        self._zone = ZoneInfo(zone)
        self._last = 0
        self.mails: list[dict[str, Any]] = []

    def say(self, at: datetime, text: str) -> None:
        """Tell one event."""
        print(f"{at.astimezone(self._zone):%a %-d %b %H:%M}  {text}", flush=True)

    async def now(self, text: str) -> None:
        """Tell an event of this moment."""
        self.say(await self._here.now(), text)

    async def news(self) -> None:
        """Tell what arrived in mailboxes since the last time."""
        fresh = await self._here.told("mails", after=self._last)
        if not fresh:
            return
        self._last = max(int(mail["id"]) for mail in fresh)
        self.mails += fresh
        for (at, kind), mails in sorted(_grouped(fresh).items()):
            moment = datetime.fromisoformat(at)
            self.say(moment, await self._told(kind, mails))

    async def _told(self, kind: str, mails: list[dict[str, Any]]) -> str:
        if kind == "pre-read":
            empty = (await self._here.case()).document.empty_sections or ()
            count = "1 section is" if len(empty) == 1 else f"{len(empty)} sections are"
            return f"pre-read sent to {len(mails)} people, {count} still empty: {', '.join(empty)}"
        names = ", ".join(sorted({_name(mail) for mail in mails}))
        about = f": “{mails[0]['subject']}”" if kind in ("reminder", "escalation") else ""
        return _WORDS.get(kind, kind + " to {names}").format(names=names) + about


def kind_of(mail: dict[str, Any]) -> str:
    """Return what a mail is about: ours say so, the calendar's are called calendar."""
    return str((mail.get("custom_args") or {}).get("kind", "calendar"))


def _grouped(mails: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for mail in mails:
        if kind_of(mail) != "calendar":
            groups[mail["custom_args"]["at"], kind_of(mail)].append(mail)
    return groups


def _name(mail: dict[str, Any]) -> str:
    return str(mail.get("to_name") or mail["to"])
