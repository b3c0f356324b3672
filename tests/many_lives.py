"""Several cases in one simulated world, carried by the same workers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.action_items.effects import OpenIssue
from domain.case import Case
from domain.engine.agenda import wake_at
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.lifecycle import life as ahead_of
from domain.meeting.effects import event_key
from integrations.google.event import id_of
from tests.lives import Life, ended
from tests.simulated import World

A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OF_VENDOR = {
    "google": ("busy", "event", "read-event", "folder", "document", "record"),
    "jira": ("issue", "issues"),
    "sendgrid": ("notice", "customers"),
}
"""What the keys of a vendor's effects begin with; the record takes the document along."""


@asynccontextmanager
async def beside(life: Life, count: int) -> AsyncIterator[list[Life]]:
    """Let so many cases live in the world of one life, carried by the same workers."""
    lives = [replace(life) for _ in range(count)]
    try:
        yield lives
    finally:
        await asyncio.gather(*map(ended, lives))


async def time_passes(lives: Sequence[Life], until: datetime) -> None:
    """Move the clocks of all cases together, each time to the next thing that becomes due.

    The world's clock goes ahead of them, so that nothing is asked at a time that it does not
    show.
    """
    while (soon := min([until, *[await _next(life) for life in lives]])) < until:
        await _all_at(lives, soon + A_SECOND)
    await _all_at(lives, until)


async def _next(life: Life) -> datetime:
    now = await life.now()
    return wake_at(ahead_of(await life.case()), now) or now + timedelta(days=1)


async def _all_at(lives: Sequence[Life], instant: datetime) -> None:
    lives[0].world.set("clock", {"now": instant.isoformat()})
    await asyncio.gather(*(life.until(instant) for life in lives))


def delayed(case: Case, now: datetime, vendor: str) -> list[str]:
    """Name what was or is later than it was wanted, but for what needs the vendor itself."""
    return [
        f"{entry.effect.key} of {entry.at}"
        for entry in ahead_of(case).entries
        if _is_prompt(entry, now) and not _needs(entry, vendor) and _is_late(case, entry, now)
    ]


def unfinished(case: Case) -> list[str]:
    """Return the keys of all effects that were tried, are still wanted and are not done."""
    return [
        entry.effect.key
        for entry in ahead_of(case).entries
        if (outcome := case.ledger.get(entry.effect.key)) is not None
        and outcome.version == entry.effect.version
        and outcome.status is not Status.DONE
    ]


def copies(world: World, case: Case) -> dict[str, int]:
    """Return how often the simulator holds each thing that the case believes to be there."""
    effects = world.all("ledger")["effects"]
    mails, tickets = effects["mails"], world.all("tickets")
    held: dict[str, int] = {}
    if case.done("event"):
        held["event"] = _standing(effects["events"], id_of(event_key(case)))
    if case.done("document"):
        held["document"] = _standing(effects["documents"], case.outside_key("document"))
    for item in filter(lambda each: each.issue is not None, case.items):
        alike = [each for each in tickets if each["fields"]["summary"] == item.text]
        held[f"ticket {item.id}"] = sum(case.id in each["fields"]["labels"] for each in alike)
    for key, outcome in case.ledger.items():
        if key.startswith("notice:") and outcome.status is Status.DONE:
            name = f"{case.id}:{key}:{outcome.version}"
            held[key] = sum(each["standing"] for mail, each in mails.items() if name in mail)
    return held


def _standing(effects: dict[str, Any], key: str) -> int:
    return int(effects.get(key, {}).get("standing", 0))


def _is_prompt(entry: Entry, now: datetime) -> bool:
    """Leave out what stays inside the case, waits for working hours anyway, or is over."""
    nags = isinstance(entry.effect, SendNotice) and bool(entry.effect.chases)
    is_over = entry.until is not None and entry.until <= now
    return not (isinstance(entry.effect, Transition) or nags or is_over)


def _needs(entry: Entry, vendor: str) -> bool:
    return any(_belongs(key, vendor) for key in (entry.effect.key, *entry.needs))


def _belongs(key: str, vendor: str) -> bool:
    return key.split(":", maxsplit=1)[0] in OF_VENDOR[vendor]


def _is_late(case: Case, entry: Entry, now: datetime) -> bool:
    outcome = case.ledger.get(entry.effect.key)
    if outcome is None or outcome.version != entry.effect.version:
        return now > entry.at + A_MINUTE
    # Only these are new when they are wanted; others take up what changed meanwhile.
    is_new = isinstance(entry.effect, SendNotice | OpenIssue)
    return outcome.status is not Status.DONE or (is_new and outcome.at > entry.at + A_MINUTE)
