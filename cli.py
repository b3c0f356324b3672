"""`aftermath …`: everything one starts or asks on the command line."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

from cyclopts import App, Parameter
from pydantic import ValidationError
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from demo.development import keep_running
from demo.people import Stuck
from demo.ports import PortTaken
from demo.stack import StackFailed
from demo.story import play
from domain.acts.operations import Retry
from domain.incident import Incident
from domain.spans import Span, Unit
from domain.summary import CaseSummary, attention, summary
from domain.waits import waits
from integrations.directory import WrongOrganisation
from integrations.policy_file import WrongPolicy
from settings import Settings, WrongSettings, read_settings
from simulator.server import serve as serve_simulator
from web.server import serve as serve_web
from workflows.client import ActRefused, NoSuchCase, OutOfReach, Postmortems

BAD_USAGE = 2
FAILED = 1
# A client whose process ends at once can take the process down with it (sdk-python issue 300).
CLIENT_REST = 0.1

app = App(
    name="aftermath",
    help="Carries the postmortem of an incident from resolved to published.",
    version="0.1.0",
)
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print data instead of text.")]


@app.command
def demo(
    *,
    folder: Path = Path("demo-output"),
    record: Path | None = None,
    seed: int = 1,
) -> None:
    """Play one incident from resolved to closed, weeks in seconds, on embedded parts.

    Parameters
    ----------
    folder
        Where the document, the mails, the tickets and the record are left.
    record
        A file for every HTTP exchange with the simulated vendors.
    seed
        Repeats a run.
    """
    _run(play(folder, record=record, seed=seed))


@app.command
def dev(*, folder: Path = Path("demo-output/dev")) -> None:
    """Start everything on this machine and keep it running; print the addresses."""
    _run(keep_running(folder))


@app.command(name="worker")
def run_worker() -> None:
    """Run the worker: it carries out what cases want done."""
    settings = _settings()
    outside = _told(lambda: worker.outside(settings))

    async def go() -> None:
        await worker.run(await _connected("worker"), outside)

    _run(go())


@app.command
def web() -> None:
    """Run the web part: pages for people, webhooks for tools."""
    settings = _settings()
    outside = _told(lambda: worker.outside(settings))

    async def go() -> None:
        client = await _connected("web")
        postmortems = Postmortems(client, development=settings.development)
        await serve_web(settings, postmortems, outside.links, outside.directory, outside.policy)

    _run(go())


@app.command
def simulator(
    *,
    host: str = "127.0.0.1",
    port: int = 8090,
    database: str = ":memory:",
    record: Path | None = None,
) -> None:
    """Run the simulated Google, Jira and SendGrid, with pages to look at them.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on.
    database
        A file that keeps the simulated world.
    record
        A file for every HTTP exchange.
    """
    serve_simulator(host, port, database, record)


@app.command
def start(file: Path, *, as_json: Json = False) -> None:
    """Send the signal by hand: start the case of an incident from a JSON file.

    Parameters
    ----------
    file
        The incident, as docs/incident.schema.json describes it.
    as_json
        Print data instead of text.
    """
    incident = _incident(file)

    async def go() -> None:
        async with _cases() as cases:
            case = await cases.postmortems.incident_resolved(incident)
        _say({"case": case}, f"{case} has the incident.", as_json=as_json)

    _run(go())


@app.command(name="list")
def list_cases(*, query: str = "", as_json: Json = False) -> None:
    """List cases: phase, owner, and whom they wait for.

    Parameters
    ----------
    query
        A visibility query, such as "PostmortemLate = true".
    as_json
        Print data instead of text.
    """

    async def go() -> None:
        async with _cases() as cases:
            found = [each async for each in cases.postmortems.summaries(query)]
        data = [each.model_dump(mode="json") for each in found]
        _say(data, "\n".join(map(_line, found)) or "No cases.", as_json=as_json)

    _run(go())


@app.command
def show(case: str, *, as_json: Json = False) -> None:
    """Show one case: where it is, whom it waits for, what needs attention.

    Parameters
    ----------
    case
        The workflow id, such as postmortem-INC-204.
    as_json
        Print data instead of text.
    """

    async def go() -> None:
        async with _cases() as cases:
            found = await cases.postmortems.case(case)
            now = await cases.now(case)
        lines = [_line(summary(found, now)), f"  its time is {now:%a %d %b %Y %H:%M} UTC"]
        lines += [
            f"  {each.what} from {each.person} since {each.since:%a %d %b %H:%M} UTC"
            for each in waits(found)
        ]
        lines += [f"  {key}: {each.status} {each.reason}" for key, each in found.ledger.items()]
        lines += [f"  attention: {each}" for each in attention(found)]
        _say(found.model_dump(mode="json"), "\n".join(lines), as_json=as_json)

    _run(go())


@app.command
def skip(case: str, span: str) -> None:
    """Move a case's time forward (development only), doing all that becomes due on the way.

    Parameters
    ----------
    case
        The workflow id, such as postmortem-INC-204.
    span
        How far: 90m, 24h or 3d.
    """
    if not _settings().development:
        _fail("Time is real here. Skipping needs PM_DEVELOPMENT=true and a development server.")
    far = _elapsed(span)

    async def go() -> None:
        async with _cases() as cases:
            skipper = TimeSkipper(cases.client, config=TimeSkippingConfig(enabled=False))
            handle = cases.client.get_workflow_handle(case)
            await asyncio.wait_for(skipper.fast_forward(handle, far), timeout=120)
            now = await cases.now(case)
        print(f"{case} is at {now:%a %d %b %Y %H:%M} UTC.")

    _run(go())


@app.command
def retry(case: str, effect: str = "") -> None:
    """Carry out again what a vendor refused, after mending its cause.

    Parameters
    ----------
    case
        The workflow id, such as postmortem-INC-204.
    effect
        Only this one, as `aftermath show` names it; needed for a message of unknown fate.
    """

    async def go() -> None:
        async with _cases() as cases:
            stamp = datetime.now(UTC).isoformat()
            act = Retry(by="operations", effect=effect)
            answer = await cases.postmortems.act(case, act, link=f"cli {stamp}")
        print(f"{case} is {answer.phase}; what was parked is tried again.")

    _run(go())


@dataclass(frozen=True)
class _Cases:
    client: Client
    postmortems: Postmortems

    async def now(self, case: str) -> datetime:
        """Return the case's own time: under time skipping it is ahead of ours."""
        skipper = TimeSkipper(self.client, config=TimeSkippingConfig(enabled=False))
        return await skipper.get_current_time(self.client.get_workflow_handle(case))


@asynccontextmanager
async def _cases() -> AsyncIterator[_Cases]:
    client = await _connected("command line")
    development = os.environ.get("PM_DEVELOPMENT", "").lower() in ("1", "true", "yes")
    try:
        yield _Cases(client, Postmortems(client, development=development))
    finally:
        await asyncio.sleep(CLIENT_REST)


async def _connected(identity: str) -> Client:
    try:
        return await worker.connect(identity)
    except (RuntimeError, RPCError, OSError):
        address = os.environ.get("TEMPORAL_ADDRESS", "localhost:7233")
        _fail(
            f"Temporal does not answer at {address}. Start it (`aftermath dev` starts "
            "everything), or set TEMPORAL_ADDRESS."
        )


def _settings() -> Settings:
    return _told(lambda: read_settings(os.environ))


T = TypeVar("T")


def _told(read: Callable[[], T]) -> T:
    try:
        return read()
    except (WrongSettings, WrongPolicy, WrongOrganisation) as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(BAD_USAGE) from None


def _incident(file: Path) -> Incident:
    try:
        return Incident.model_validate_json(file.read_bytes())
    except OSError as error:
        _fail(f"{file} cannot be read: {error.strerror}.")
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        _fail("\n".join([f"{file} is no incident:", *wrong]))


def _elapsed(span: str) -> timedelta:
    units = {Unit.MINUTES: "minutes", Unit.HOURS: "hours", Unit.DAYS: "days"}
    try:
        read = Span.model_validate(span)
        return timedelta(**{units[read.unit]: read.amount})
    except (ValidationError, KeyError):
        _fail(f"'{span}' is no span to skip: write 90m, 24h or 3d.")


def _line(seen: CaseSummary) -> str:
    flags = "".join((" late" * seen.late, " needs-attention" * seen.needs_attention))
    waiting = ", ".join(seen.waiting_on) or "nobody"
    owner = seen.owner or "no owner yet"
    return f"{seen.case:<28} {seen.severity:<5} {seen.phase:<18} {owner:<20} waits for {waiting}{flags}"


def _say(data: object, text: str, *, as_json: bool) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text)


def _fail(sentence: str, code: int = FAILED) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(code)


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except (ActRefused, NoSuchCase, OutOfReach, PortTaken, StackFailed, Stuck) as told:
        _fail(str(told))
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def main() -> None:
    """Run the command line."""
    app()
