"""The storm: what is killed, cut and spoilt, when; by a seeded plan, and all of it counted."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

from chaos.dice import Dice, dice
from chaos.proxy import Proxy
from devstack.environment import Environment
from devstack.parts import Part
from simulator.control.faults import KINDS

SHARE = 0.3
SLOW_SECONDS = 1.0
LATE_SECONDS = 26.0
"""Longer than any adapter waits for an answer."""

LATE_SHARE = 0.003
NEEDS_PEOPLE = ("redirect", "html200", "json200")
"""Kinds after which an effect is parked, since only a person can tell what stands there."""

_WEB_KILLED = 0.3
_DOWN_FOR = (0.1, 1.5)
_WATCH_EVERY = 0.5
_POLL, _POLLS = 0.1, 300


@dataclass(frozen=True)
class Rhythm:
    """Seconds between troubles of a kind, on average; a click may kill web no more often."""

    worker: float = 12.0
    temporal: float = 30.0
    cut: float = 5.0
    web: float = 12.0

    @classmethod
    def of(cls, seconds: float) -> Self:
        """Return the usual rhythm, or a faster one that fits all kinds into a short storm."""
        usual = cls()
        return cls(
            min(usual.worker, seconds / 3),
            min(usual.temporal, seconds / 2),
            min(usual.cut, seconds / 6),
            min(usual.web, seconds / 4),
        )


class Storm:
    """Everything that goes wrong in an environment until it calms down."""

    def __init__(self, here: Environment, proxy: Proxy, seed: int) -> None:
        self._here = here
        self._proxy = proxy
        self._seed = seed
        self._dice = dice(seed, "storm")
        self._mending = {part: asyncio.Lock() for part in Part}
        self._web_killed_at = 0.0
        self._rhythm = Rhythm()
        self._down_by_us: set[Part] = set()
        self.rages = False
        self.kills: Counter[str] = Counter()
        self.cuts: Counter[str] = Counter()
        self.ended_alone: Counter[str] = Counter()

    async def rage(self, seconds: float, *, with_refusals: bool) -> None:
        """Let everything go wrong for so long, at the most, then nothing any more."""
        await self._spoil_answers(with_refusals=with_refusals)
        rhythm = self._rhythm = Rhythm.of(seconds)
        self.rages = True
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as troubles:
                troubles.create_task(self._again_and_again(rhythm.worker, self._kill_worker))
                troubles.create_task(self._again_and_again(rhythm.temporal, self._kill_temporal))
                troubles.create_task(self._again_and_again(rhythm.cut, self._cut))
        except TimeoutError:
            pass
        finally:
            self.rages = False
            (await self._here.simulator.delete("/simulator/faults")).raise_for_status()

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Bring back meanwhile whatever does not run, as a supervisor does."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def kill_web_during(self, click: Awaitable[object], throw: Dice) -> None:
        """Perhaps end the web part between a person's click and its answer."""
        clock = asyncio.get_running_loop().time()
        spared = clock - self._web_killed_at < self._rhythm.web
        clicked = asyncio.ensure_future(click)
        if self.rages and not spared and throw.random() < _WEB_KILLED:
            self._web_killed_at = clock
            await asyncio.sleep(throw.uniform(0, 0.1))
            await self._kill(Part.WEB, down_for=throw.uniform(*_DOWN_FOR))
        await clicked

    async def put_back(self, exchange: Callable[[], None]) -> None:
        """Let Temporal's database be exchanged as docs/operating.md says: while nobody is there."""
        async with self._mending[Part.WORKER], self._mending[Part.TEMPORAL]:
            for part in (Part.WORKER, Part.TEMPORAL):
                self._down_by_us.add(part)
                self._here.stack.kill(part)
                self.kills[part] += 1
            await asyncio.to_thread(exchange)
            for part in (Part.TEMPORAL, Part.WORKER):
                await self._start(part)

    async def _spoil_answers(self, *, with_refusals: bool) -> None:
        kinds = [each for each in KINDS if with_refusals or each not in NEEDS_PEOPLE]
        late = {"kind": "delay_after", "seconds": LATE_SECONDS, "probability": LATE_SHARE}
        await self._here.tell("faults", [{**late, "path_regex": "", "seed": self._seed}])
        plan = {"seed": self._seed, "share": SHARE, "kinds": kinds, "seconds": SLOW_SECONDS}
        await self._here.tell("faults/plan", plan)

    async def _again_and_again(self, every: float, trouble: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(every * self._dice.uniform(0.6, 1.4))
            await trouble()

    async def _kill_worker(self) -> None:
        await self._kill(Part.WORKER, down_for=self._dice.uniform(*_DOWN_FOR))

    async def _kill_temporal(self) -> None:
        await self._kill(Part.TEMPORAL, down_for=self._dice.uniform(*_DOWN_FOR))

    async def _kill(self, part: Part, *, down_for: float) -> None:
        async with self._mending[part]:
            if not self._here.stack.process(part).is_running:
                return
            self._down_by_us.add(part)
            self._here.stack.kill(part)
            self.kills[part] += 1
            await asyncio.sleep(down_for)
            await self._start(part)

    async def _cut(self) -> None:
        proxy, throw = self._proxy, self._dice
        what = throw.choice(("reset", "stall", "latency"))
        self.cuts[what] += 1
        match what:
            case "reset":
                proxy.reset()
            case "stall":
                with proxy.stalled():
                    await asyncio.sleep(throw.uniform(0.5, 3))
            case "latency":
                with proxy.slowed(throw.uniform(0.02, 0.2)):
                    await asyncio.sleep(throw.uniform(1, 3))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            for part in (Part.TEMPORAL, Part.WORKER, Part.WEB):
                if self._mending[part].locked() or self._here.stack.process(part).is_running:
                    continue
                async with self._mending[part]:
                    self.ended_alone[part] += part not in self._down_by_us
                    await self._start(part)

    async def _start(self, part: Part) -> None:
        """Start a part; one that ends again, since another is away, is left to the watch."""
        stack = self._here.stack
        process = stack.process(part)
        process.start(stack.environ(part))
        for _ in range(_POLLS):
            if await stack.answers(part):
                self._down_by_us.discard(part)
                return
            if not process.is_running:
                return
            await asyncio.sleep(_POLL)
