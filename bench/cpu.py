"""What a case costs in CPU, beside a bare workflow of its shape: many lives in parallel.

    python -m bench.cpu [LIVES]

Counted in seconds of user and system time per life, to publication, start of the processes
excluded: the worker, Temporal's server, and whoever acts (this process, and the pages that take
Jira's webhooks). The simulator, which stands for the vendors, is not counted.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from bench.bare import MOMENT, READY, BareLife, Shape
from bench.cost import to_publication
from devstack.environment import Environment, environment
from devstack.parts import Part
from devstack.processes import Process, stop

LIVES = 20
_BARE_QUEUE = "bare"
_PATIENCE = 60.0
_GRACE = 10.0
_A_MOMENT = 0.05
_TOLD = Path("/proc/self/stat")


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU, by who spent them."""

    worker: float
    server: float
    people: float

    @property
    def total(self) -> float:
        """Return what all of them spent."""
        return self.worker + self.server + self.people

    def per_life(self, earlier: "Spent", lives: int) -> "Spent":
        """Return what each of some lives took since an earlier moment."""
        pairs = zip(astuple(self), astuple(earlier), strict=True)
        return Spent(*((now - before) / lives for now, before in pairs))


@dataclass(frozen=True)
class Compared:
    """What a case took, and what a bare life of its shape took on the same server."""

    lives: int
    case: Spent
    bare: Spent

    def table(self) -> str:
        """Return the comparison as people read it."""
        lines = [f"{f'CPU s a life, {self.lives} at once':<30}{'case':>8}{'bare':>8}{'ratio':>8}"]
        for name in (*(each.name for each in fields(Spent)), "total"):
            case, bare = getattr(self.case, name), getattr(self.bare, name)
            lines.append(f"  {name:<28}{case:>8.3f}{bare:>8.3f}{case / bare:>8.1f}")
        return "\n".join(lines)


async def compared(folder: Path, lives: int = LIVES) -> Compared:
    """Play so many cases to publication, then as many bare lives, on one server."""
    async with environment(folder) as here:
        case = await _spent(here, here.stack.process(Part.WORKER), lives, _case)
        await stop([here.stack.process(Part.WORKER)], _GRACE)
        async with _bare_worker(here) as worker:
            bare = await _spent(here, worker, lives, _bare)
        return Compared(lives, case, bare)


async def _spent(
    here: Environment,
    worker: Process,
    lives: int,
    live: Callable[[Environment, int], Awaitable[None]],
) -> Spent:
    """Let so many lives happen at once, and return what each of them took."""
    before = _so_far(here, worker)
    await asyncio.gather(*(live(replace(here), number) for number in range(lives)))
    return _so_far(here, worker).per_life(before, lives)


async def _case(here: Environment, number: int) -> None:
    await to_publication(here, f"BENCH-{number}")


async def _bare(here: Environment, number: int) -> None:
    """Let people act as often as in a case; its timers are short, so that no time is skipped."""
    shape = Shape()
    here.case_id = f"bare-{number}"
    handle = await here.client.start_workflow(
        BareLife.run, shape, id=here.case_id, task_queue=_BARE_QUEUE
    )
    for act in range(shape.updates):
        await asyncio.sleep(MOMENT.total_seconds())
        await handle.execute_update(BareLife.act, f"act {act}")
    await asyncio.wait_for(handle.result(), _PATIENCE)


@asynccontextmanager
async def _bare_worker(here: Environment) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "bench.bare", here.stack.temporal_address, _BARE_QUEUE]
    worker = Process("bare", command, here.stack.folder / "logs" / "bare.log")
    worker.start(here.stack.environ())
    try:
        async with asyncio.timeout(_PATIENCE):
            await _ready(worker)
        yield worker
    finally:
        await stop([worker], _GRACE)


async def _ready(worker: Process) -> None:
    while not worker.said(READY):  # noqa: ASYNC110 - it is elsewhere
        await asyncio.sleep(_A_MOMENT)


def _so_far(here: Environment, worker: Process) -> Spent:
    web = _seconds(here.stack.process(Part.WEB))
    server = _seconds(here.stack.process(Part.TEMPORAL))
    return Spent(worker=_seconds(worker), server=server, people=web + time.process_time())


def _seconds(process: Process) -> float:
    """Return the CPU time of a process, its threads included, as Linux tells it."""
    told = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    # The name, in brackets, may hold spaces; user and system time are the 14th and 15th field.
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.cpu", description=__doc__)
    parser.add_argument("lives", type=int, nargs="?", default=LIVES)
    wanted = parser.parse_args()
    if not _TOLD.exists():
        print("CPU is only measured on Linux, where /proc tells what each process took.")
        return
    print(f"Playing {wanted.lives} cases and as many bare workflows, minutes …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(compared(Path(folder), wanted.lives)).table())


if __name__ == "__main__":
    main()
