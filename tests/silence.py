"""Sixty days in which nobody does anything, and what must be true of a case after them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.engine.agenda import wake_at
from domain.engine.waiting import Waiting
from domain.operations.notices import StillWaiting
from tests.playing import Play

SIXTY_DAYS = timedelta(days=60)

LONGEST_LADDER = timedelta(days=24)
"""Five business days, a week until the process owner hears, and holidays on the way."""

A_WEEK = timedelta(days=7)
HOLIDAYS = timedelta(days=4)


def silent(play: Play) -> Play:
    """Let sixty days pass in which systems work and nobody acts."""
    play.until(play.now + SIXTY_DAYS)
    return play


def stuck(play: Play) -> list[str]:
    """Say what is wrong with a case after sixty silent days; nothing, when nobody is stuck.

    It has ended, or it waits for somebody whom the process owner keeps hearing about, or for a
    day that somebody chose.
    """
    return [] if play.case.closed_at is not None else list(_complaints(play))


def _complaints(play: Play) -> Iterator[str]:
    waiting = play.waits()
    if wake_at(play.life, play.now) is None:
        yield "no timer is left"
    if not waiting and not _chosen_day_ahead(play):
        yield "nobody is waited for"
    for each in waiting:
        if each.since <= play.now - LONGEST_LADDER:
            yield from _unheard(play, each)
    yield from _too_often(play)


def _unheard(play: Play, waiting: Waiting) -> Iterator[str]:
    assert play.case.directory is not None
    if waiting.person not in play.case.directory.people:
        yield f"{waiting.key} waits for {waiting.person}, whom nobody knows"
    heard = [at for at, notice in _weekly(play) if waiting.what in notice]
    if not heard or heard[-1] < play.now - A_WEEK - HOLIDAYS:
        yield f"nobody above hears of {waiting.key}, since {waiting.since}, from {waiting.person}"


def _chosen_day_ahead(play: Play) -> bool:
    return play.case.meeting.ahead or any(item.open for item in play.case.items)


def _too_often(play: Play) -> Iterator[str]:
    told: dict[str, datetime] = {}
    for at, effect in play.notices():
        if isinstance(effect.notice, StillWaiting):
            last = told.get(effect.to)
            if last is not None and at - last < A_WEEK - timedelta(hours=12):
                yield f"{effect.to} hears of it at {last} and again at {at}"
            told[effect.to] = at


def _weekly(play: Play) -> Iterator[tuple[datetime, set[str]]]:
    for at, effect in play.notices():
        if isinstance(effect.notice, StillWaiting):
            yield at, {each.wait for each in effect.notice.waits}
