"""Pages and webhooks for a long while, as many every second, while cases live beside them.

    python -m bench.soak [--minutes 10] [--rate 50] [--cases 20]

Requests leave when their time has come, whether earlier ones were answered or not, as people and
tools do. Of five, three open somebody's page, one sends a form that says nothing, one is a signed
delivery about an incident that is known. Printed are how long answers took, who was refused, and
the memory of web and worker; exit code 1 when anything failed or a case no longer answers.
"""

import argparse
import asyncio
import hashlib
import hmac
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx

from bench.cost import incident_of, to_publication
from devstack.environment import Environment, environment
from devstack.parts import Part
from domain.incident import Incident
from integrations.incident_tools.standard import Standard
from integrations.keys import held
from integrations.links import Link, Links, Purpose

PEOPLE = ("joana-neves", "amara-okafor", "rui-barbosa", "ines-duarte")
KINDS = ("page", "page", "page", "form", "webhook")
REFUSED = (429, 503)
_PATIENCE = 30.0
_MEGABYTE = 1024
_FAILED = 0
"""What stands for a status where there was no answer at all."""


@dataclass(frozen=True)
class Wishes:
    """How long, how much, and about how many cases."""

    minutes: float = 10.0
    rate: int = 50
    cases: int = 20


@dataclass
class Answers:
    """What came back, by kind of request: how long each took, and with which status."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def note(self, kind: str, seconds: float, status: int) -> None:
        """Add one."""
        self.seconds[kind].append(seconds)
        self.statuses[kind, status] += 1

    @property
    def failures(self) -> int:
        """Count what had no answer, or one that says that something of ours broke."""
        return sum(n for (_, status), n in self.statuses.items() if _broke(status))

    def table(self) -> str:
        """Return the figures as people read them."""
        lines = [f"{'':<10}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'refused':>9}"]
        for kind, took in sorted(self.seconds.items()):
            refused = sum(self.statuses[kind, status] for status in REFUSED)
            middle, most, longest = (1000 * each for each in _spread(took))
            lines.append(
                f"{kind:<10}{len(took):>10}{middle:>9.0f}{most:>9.0f}{longest:>9.0f}{refused:>9}"
            )
        told = ", ".join(f"{kind} {status}: {n}" for (kind, status), n in self._sorted())
        return "\n".join([*lines, f"answers: {told}"])

    def _sorted(self) -> list[tuple[tuple[str, int], int]]:
        return sorted(self.statuses.items())


@dataclass(frozen=True)
class Targets:
    """Everything that is asked: links of people, and incidents as their tool signs them now."""

    links: Sequence[str]
    incidents: Sequence[Incident]
    secret: str
    now: Callable[[], datetime]

    def request(self, kind: str, dice: random.Random) -> httpx.Request:
        """Return the next request of a kind."""
        if kind == "webhook":
            return self._delivery(dice.choice(self.incidents))
        link = dice.choice(self.links)
        if kind == "page":
            return httpx.Request("GET", link)
        headers = {"Sec-Fetch-Site": "same-origin"}
        return httpx.Request("POST", f"{link}/accept_ownership", headers=headers, data={"seen": ""})

    def _delivery(self, told: Incident) -> httpx.Request:
        body = told.model_dump_json().encode()
        at = f"{self.now().timestamp():.0f}"
        digest = hmac.new(
            self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256
        ).hexdigest()
        base = httpx.URL(self.links[0]).copy_with(path="/webhooks/generic")
        headers = {Standard.header: f"t={at},v1={digest}", "Content-Type": "application/json"}
        return httpx.Request("POST", base, content=body, headers=headers)


async def soaked(
    client: httpx.AsyncClient, targets: Targets, wishes: Wishes, dice: random.Random
) -> Answers:
    """Ask at an even pace to the end, then wait for the last answers."""
    answers = Answers()
    async with asyncio.TaskGroup() as asking:
        async for kind in _paced(wishes):
            asking.create_task(_asked(client, targets.request(kind, dice), kind, answers))
    return answers


async def _paced(wishes: Wishes) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(int(wishes.minutes * 60 * wishes.rate)):
        await asyncio.sleep(began + number / wishes.rate - loop.time())
        yield KINDS[number % len(KINDS)]


async def _asked(
    client: httpx.AsyncClient, request: httpx.Request, kind: str, answers: Answers
) -> None:
    began = time.perf_counter()
    try:
        status = (await client.send(request)).status_code
    except httpx.HTTPError:
        status = _FAILED
    answers.note(kind, time.perf_counter() - began, status)


def _broke(status: int) -> bool:
    return status not in REFUSED and not 200 <= status < 500  # noqa: PLR2004 - HTTP's own classes


def _spread(took: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1]


async def run(wishes: Wishes, folder: Path) -> bool:
    """Soak a fresh stack, print what was seen, and tell whether all of it was well."""
    async with environment(folder) as here:
        targets = await _targets(here, wishes)
        before = _memory(here)
        async with _living(here) as lives, httpx.AsyncClient(timeout=_PATIENCE) as client:
            answers = await soaked(client, targets, wishes, random.Random(1))
        print(answers.table())
        for part, megabytes in _memory(here).items():
            print(f"memory of the {part}: {before[part]} MB before, {megabytes} MB after")
        print(f"lives beside it, from resolved to published: {len(lives)}")
        silent = [page async for page in _silent(here, targets)]
        print(f"cases that no longer answer: {len(silent)}; failures: {answers.failures}")
        return not (silent or answers.failures)


async def _targets(here: Environment, wishes: Wishes) -> Targets:
    settings = here.stack.settings
    links = Links(held(settings.link_keys), held(settings.code_keys), settings.public_url)
    resolved_at = datetime.now(UTC) - timedelta(hours=1)
    told = [incident_of(f"SOAK-{number}", resolved_at) for number in range(wishes.cases)]
    cases = [await here.cases.incident_resolved(each) for each in told]
    doors = (Link(Purpose.STEPS, case, 1, person) for case in cases for person in PEOPLE)
    pages = [links.url(each) for each in doors]
    secret = settings.generic_secrets[0].get_secret_value()
    return Targets(pages, told, secret, now=lambda: datetime.now(UTC))


@asynccontextmanager
async def _living(here: Environment) -> AsyncIterator[list[str]]:
    """Play one life after the other; yields those that were published."""
    lives: list[str] = []

    async def play() -> None:
        for number in count():
            await to_publication(replace(here), f"LIFE-{number}")
            lives.append(f"LIFE-{number}")

    playing = asyncio.create_task(play())
    try:
        yield lives
    finally:
        playing.cancel()
        await asyncio.wait([playing])


async def _silent(here: Environment, targets: Targets) -> AsyncIterator[str]:
    """Yield the pages that no longer open, one of each case."""
    for link in targets.links[:: len(PEOPLE)]:
        if (await here.web.get(link)).status_code != httpx.codes.OK:
            yield link


def _memory(here: Environment) -> dict[str, int]:
    """Return the megabytes that each process of ours holds, as Linux tells it."""
    return {part.value: _resident(here.stack.process(part).pid) for part in (Part.WEB, Part.WORKER)}


def _resident(pid: int | None) -> int:
    told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) // _MEGABYTE


def main() -> int:
    """Soak, print, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=Wishes.minutes, help="how long")
    parser.add_argument("--rate", type=int, default=Wishes.rate, help="requests a second")
    parser.add_argument("--cases", type=int, default=Wishes.cases, help="how many cases are asked")
    told = parser.parse_args()
    wishes = Wishes(told.minutes, told.rate, told.cases)
    print(f"{wishes.minutes:g} minutes at {wishes.rate} requests a second, {wishes.cases} cases …")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return 0 if asyncio.run(run(wishes, Path(folder))) else 1


if __name__ == "__main__":
    raise SystemExit(main())
