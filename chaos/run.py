"""One run: many lives, the storm over them, and what a comparison finds afterwards."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chaos import report, standing
from chaos.checker import Ledger, Verdict, judged
from chaos.life import Life, StuckLife
from chaos.mailbox import Mailbox
from chaos.plan import plans
from chaos.proxied_environment import CUSTOMERS_ADDRESS, database, proxied_environment
from chaos.restoring import Restoring
from chaos.storm import Storm
from chaos.wanted import wanted
from devstack.environment import Environment
from domain.phases import phase

BEGIN_SHARE = 0.12
"""In how much of the time lives begin, one after the other, so that trouble finds them anywhere."""

PAST_MEETING = 0.25
CALM_SHARE = 0.2
"""The storm begins when so many lives are past their meeting, after so much time at the latest."""

STORM_ENDS = 0.68
"""After how much of the time nothing goes wrong any more, and everything heals by itself."""

ENOUGH_DONE = 0.6
"""How many lives may be over before the storm is."""

PATIENCE = 2.0
"""How often the planned time must be over until a life that has not ended is given up."""

_CHECKING = 6.0
_TELL_EVERY = 10.0
_LOOK_EVERY = 0.5


@dataclass(frozen=True)
class Wishes:
    """What a run is to be."""

    lives: int = 30
    seed: int = 1
    minutes: float = 3.0
    refusals: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    wishes: Wishes
    verdict: Verdict
    unfinished: Sequence[str]
    kinds: int
    spoilt: Mapping[str, int]
    kills: int
    questions: int
    retries: int
    seconds: float
    forgotten: int = 0

    @property
    def is_good(self) -> bool:
        """Whether every life is over and everything is there once."""
        return not self.unfinished and not self.verdict.findings

    @property
    def headline(self) -> str:
        """Say it in one line."""
        return (
            f"{self.wishes.lives} lives, {sum(self.spoilt.values())} faults of {self.kinds} kinds, "
            f"{self.kills} kills: {self.verdict.lost} lost, {self.verdict.duplicated} duplicated "
            f"(seed {self.wishes.seed}, {report.duration(self.seconds)})"
        )


async def run(wishes: Wishes, folder: Path) -> Outcome:
    """Play all lives under the storm, let them heal, and compare."""
    clock = asyncio.get_running_loop().time
    began = clock()
    ends = began + wishes.minutes * 60 - _CHECKING
    async with proxied_environment(folder) as (here, proxy):
        storm, mailbox = Storm(here, proxy, wishes.seed), Mailbox(here.simulator)
        now = datetime.now(UTC)  # noqa: TID251 - no workflow runs here
        lives = [
            Life(here, mailbox, storm, each, wishes.seed, operated=wishes.refusals)
            for each in plans(wishes.lives, wishes.seed, now)
        ]
        report.say(f"everything runs after {report.duration(clock() - began)}; logs: {folder}/logs")
        restoring = Restoring(storm, database(folder), lives)
        async with storm.watch():
            stuck = await _lived(lives, storm, restoring, wishes, ends - clock())
        injected = await here.told("faults/injected")
        verdict = judged(
            [wanted(each.plan, each.closed, here.email) for each in lives if each.closed],
            await _ledger(here, lives),
        )
        return Outcome(
            wishes=wishes,
            verdict=verdict,
            unfinished=[*stuck, *(_unfinished(each) for each in lives if each.closed is None)],
            kinds=len(injected["kinds"]),
            spoilt=injected["vendors"],
            kills=storm.kills.total(),
            questions=sum(each.questions for each in lives),
            retries=sum(each.retries for each in lives),
            seconds=clock() - began,
            forgotten=restoring.forgotten,
        )


async def _lived(
    lives: Sequence[Life], storm: Storm, restoring: Restoring, wishes: Wishes, seconds: float
) -> list[str]:
    """Wait until every life is over, or patience is; return what people could not do."""
    clock = asyncio.get_running_loop().time
    began = clock()
    living = [
        asyncio.create_task(
            _begun_after(seconds * BEGIN_SHARE * number / len(lives), restoring.lived_through(each))
        )
        for number, each in enumerate(lives)
    ]
    raging = asyncio.create_task(_rage(storm, lives, seconds, with_refusals=wishes.refusals))
    forgetting = asyncio.create_task(restoring.once())
    told_at = clock()
    try:
        gives_up = began + seconds * PATIENCE
        while not all(each.done() for each in living) and clock() < gives_up:
            await asyncio.sleep(_LOOK_EVERY)
            if sum(each.done() for each in living) >= ENOUGH_DONE * len(living):
                raging.cancel()
            if forgetting.done():
                forgetting.result()
            if clock() - told_at >= _TELL_EVERY:
                told_at = clock()
                report.say(_progress(lives, storm, clock() - began))
    finally:
        for task in (*living, raging, forgetting):
            task.cancel()
        ended = await asyncio.gather(*living, raging, forgetting, return_exceptions=True)
    for each in ended:
        if isinstance(each, Exception) and not isinstance(each, StuckLife):
            raise each
    never = [] if restoring.is_over else ["Temporal's database was never put back from its copy"]
    return [*never, *(str(each) for each in ended if isinstance(each, StuckLife))]


async def _begun_after(seconds: float, what: Awaitable[None]) -> None:
    await asyncio.sleep(seconds)
    await what


async def _rage(
    storm: Storm, lives: Sequence[Life], seconds: float, *, with_refusals: bool
) -> None:
    """Let the storm find lives in every phase."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while clock() - began < seconds * CALM_SHARE:
        if sum(each.is_past_meeting for each in lives) >= PAST_MEETING * len(lives):
            break
        await asyncio.sleep(_LOOK_EVERY)
    await storm.rage(seconds * STORM_ENDS - (clock() - began), with_refusals=with_refusals)


def _progress(lives: Sequence[Life], storm: Storm, seconds: float) -> str:
    phases = Counter("unseen" if each.last is None else phase(each.last) for each in lives)
    alone = (
        f" · ended alone: {report.counted(storm.ended_alone)}" if storm.ended_alone.total() else ""
    )
    weather = "storm" if storm.rages else "calm"
    return (
        f"{report.duration(seconds):>12}  {weather}  {report.counted(phases)} · "
        f"killed: {report.counted(storm.kills)} · cut: {report.counted(storm.cuts)}{alone}"
    )


async def _ledger(here: Environment, lives: Sequence[Life]) -> Ledger:
    return Ledger(
        events=await here.told("events"),
        documents=await here.told("documents"),
        tickets=await here.told("tickets"),
        mails=await here.told("mails"),
        records=[
            json.loads(each.read_text(encoding="utf-8")) for each in here.archive.glob("*.json")
        ],
        closed={each.plan.case_id: standing.verdicts(each.closed) for each in lives if each.closed},
        twice=(await here.told("ledger"))["duplicates"],
        customers_address=CUSTOMERS_ADDRESS,
    )


def _unfinished(life: Life) -> str:
    """Say where a life that is not over stands, and what keeps it."""
    case = life.last
    if case is None:
        return f"{life.plan.case_id}: not closed, and never seen"
    refused = f"; people met: {life.refused[-1]}" if life.refused else ""
    return standing.what_keeps(case) + refused
