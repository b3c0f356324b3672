"""`aftermath …`: everything one starts or asks on the command line.

Exit codes: 0 done, 1 failed, 2 wrong usage or wrong settings, 130 interrupted. What only some
commands need is imported by them, because the vendors' libraries take two seconds to load.
"""

import asyncio
import importlib
import importlib.metadata
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

from console.cases import CaseName, Json, codec, connected, id_of, in_development, reached, say
from console.reading import WrongInput, elapsed, incident_in, moved_to
from console.running import BAD_USAGE, FAILED, INTERRUPTED, fail, patiently, run, told
from console.showing import line, page
from console.steering import COMMANDS
from domain import lifecycle
from domain.views.summary import summary
from integrations.payloads import Encryption, encryption
from settings import (
    Settings,
    WebSettings,
    WorkerSettings,
    WrongSettings,
    read_settings,
)
from workflows.client import NoSuchCase, Postmortems

if TYPE_CHECKING:
    from integrations.checks.examination import Finding

app = App(
    name="aftermath",
    help="Carries the postmortem of an incident from resolved to published.",
    help_epilogue="`aftermath COMMAND --help` explains a command. The README explains the rest.",
    version=lambda: importlib.metadata.version("aftermath"),
)
_NOT_IN_THE_IMAGE = {"demo", "devstack", "simulator"}
Port = Annotated[int, Parameter(validator=Number(gte=0, lte=65535))]


@app.command
def demo(*, folder: Path = Path("demo-output"), record: Path | None = None, seed: int = 1) -> None:
    """Play one incident from resolved to closed: weeks in seconds, nothing real is touched.

    Parameters
    ----------
    folder
        Where the document, the mails, the tickets and the record are left.
    record
        A file for every HTTP exchange with the simulated vendors.
    seed
        The same number repeats a run.
    """
    from demo.story import play  # noqa: PLC0415

    run(play(folder, record=record, seed=seed))


@app.command
def dev(*, folder: Path = Path("demo-output/dev")) -> None:
    """Start everything on this machine and keep it running; print the addresses.

    Parameters
    ----------
    folder
        Where logs, the simulated world and the records are; each start begins with an empty one.
    """
    from devstack.development import keep_running  # noqa: PLC0415

    run(keep_running(folder))


@app.command(name="worker")
def run_worker() -> None:
    """Run the worker, which carries out what cases want done. Settings: PM_… and TEMPORAL_…."""
    import worker  # noqa: PLC0415
    from console.beginning import begun, usable  # noqa: PLC0415
    from console.logs import runtime  # noqa: PLC0415

    settings = begun("worker", WorkerSettings)
    outside = usable(lambda: worker.outside(settings))

    async def go() -> None:
        client = await connected("worker", encryption(settings.payload_keys), runtime())
        await worker.run(client, outside, settings)

    run(go())


@app.command
def web() -> None:
    """Run the web part: pages for people, webhooks for tools. Settings: PM_… and TEMPORAL_…."""
    from console.beginning import begun, usable  # noqa: PLC0415
    from console.logs import runtime  # noqa: PLC0415
    from web.server import serve, within  # noqa: PLC0415

    settings = begun("web", WebSettings)
    known = usable(lambda: within(settings))

    async def go() -> None:
        client = await connected("web", encryption(settings.payload_keys), runtime())
        postmortems = Postmortems(client, development=settings.development)
        await serve(settings, postmortems, known)

    run(go())


@app.command
def simulator(
    *,
    host: str = "127.0.0.1",
    port: Port = 8090,
    database: str = ":memory:",
    record: Path | None = None,
) -> None:
    """Run the simulated Google, Jira and SendGrid, with pages to look at them.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; 0 takes a free one.
    database
        A file that keeps the simulated world.
    record
        A file for every HTTP exchange.
    """
    from simulator.server import serve  # noqa: PLC0415

    try:
        serve(host, port, database, record)
    except (OSError, sqlite3.Error) as wrong:
        fail(f"The simulator cannot run: {wrong}. Check --database and --record.", BAD_USAGE)


@app.command
def start(
    file: Path,
    *,
    now: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> None:
    """Send `incident_resolved` by hand: start the case of an incident, or tell the one there is.

    Parameters
    ----------
    file
        The incident, as docs/incident.schema.json describes it.
    now
        Move the incident's times, so that it was resolved just now.
    """
    incident = told(lambda: incident_in(file), WrongInput)
    incident = moved_to(datetime.now(UTC), incident) if now else incident

    async def go() -> None:
        async with reached() as cases:
            case = await cases.postmortems.incident_resolved(incident)
        say({"case": case}, f"{case} has the incident. `aftermath show {case}`", as_json=as_json)

    run(go())


@app.command(name="list")
def list_cases(*, query: str = "", person: str = "", as_json: Json = False) -> None:
    """List cases: phase, owner, and whom they wait for.

    Parameters
    ----------
    query
        A list filter of Temporal's, such as "PostmortemLate = true".
    person
        Only cases that somebody owns, or that wait for them; by their id.
    """

    async def go() -> None:
        async with reached() as cases:
            every = [each async for each in cases.postmortems.summaries(query)]
        found = [each for each in every if not person or each.concerns(person)]
        data = [each.model_dump(mode="json") for each in found]
        say(data, "\n".join(map(line, found)) or "No cases.", as_json=as_json)

    run(go())


@app.command
def opaque(person: str) -> None:
    """Print what stands for a person in Temporal's lists, where payloads are encrypted.

    Parameters
    ----------
    person
        Their id, as the organisation file has it.
    """
    keys = codec()
    print(keys.opaque(person) if isinstance(keys, Encryption) else person)


@app.command
def show(
    case: CaseName,
    *,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> None:
    """Show one case: where it is, whom it waits for, what needs attention.

    Parameters
    ----------
    everything
        Also every effect that was carried out, and every action item.
    """

    async def go() -> None:
        async with reached() as cases:
            found = await cases.postmortems.case(id_of(case))
            now = await cases.now(found.id)
        life = lifecycle.life(found)
        data = {
            "now": now.isoformat(),
            "summary": summary(life, lifecycle.attention(life), now).model_dump(mode="json"),
            "case": found.model_dump(mode="json"),
        }
        say(data, page(found, now, everything=everything), as_json=as_json)

    run(go())


@app.command
def skip(
    case: CaseName,
    span: str,
    *,
    simulator: Annotated[str, Parameter(env_var="AFTERMATH_SIMULATOR")] = "",
    as_json: Json = False,
) -> None:
    """Move a case's time forward, doing all that becomes due on the way. Development only.

    Parameters
    ----------
    span
        How far: 90m, 24h or 3d.
    simulator
        The address of the simulator, whose clock then goes along.
    """
    if not in_development():
        why = "Time is real here. Set PM_DEVELOPMENT=true, beside a server of `aftermath dev`."
        fail(why, BAD_USAGE)
    far, case = told(lambda: elapsed(span), WrongInput), id_of(case)
    from devstack.development import let_pass  # noqa: PLC0415

    async def go() -> None:
        async with reached() as cases:
            if not await cases.postmortems.is_open(case):
                raise NoSuchCase("There is no open case of this name.")
            now = await let_pass(cases.client, case, far, simulator)
        text = f"{case} is at {now:%a %-d %b %Y %H:%M} UTC."
        say({"case": case, "now": now.isoformat()}, text, as_json=as_json)

    run(go())


for _command in COMMANDS:
    app.command(_command)


@app.command
def doctor(*, as_json: Json = False) -> None:
    """Find, before the first incident, what would be refused during one. It only reads."""
    checkups = partial(importlib.import_module, "console.doctor")

    def tell(found: "Sequence[Finding]") -> None:
        told = "\n".join(each.line for each in found)
        say([each.model_dump(mode="json") for each in found], told, as_json=as_json)

    try:
        settings = read_settings(os.environ, Settings)
    except WrongSettings as wrong:
        tell(checkups().wrong_settings(wrong))
        raise SystemExit(BAD_USAGE) from None

    async def go() -> None:
        async with patiently("Asking Temporal, SendGrid, Google and Jira"):
            found = await (await asyncio.to_thread(checkups)).examine(settings)
        tell(found)
        if any(each.grade == "FAIL" for each in found):
            raise SystemExit(FAILED)

    run(go())


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line: the words given, or those that the process was started with."""
    try:
        app(words, exit_on_error=False, error_formatter=_usage)
    except CycloptsError:
        raise SystemExit(BAD_USAGE) from None
    except ModuleNotFoundError as absent:
        if str(absent.name).partition(".")[0] not in _NOT_IN_THE_IMAGE:
            raise
        fail("This is not part of the image: run it in a clone of the repository.", BAD_USAGE)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def _usage(error: CycloptsError) -> str:
    return (
        f"{error}\n`aftermath --help` lists the commands, `aftermath COMMAND --help` explains one."
    )
