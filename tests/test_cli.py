"""The command line: what it prints, what it refuses, and the exit codes that scripts rely on."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

import cli
from console import running
from console.reading import WrongInput, elapsed, incident_in, moved_to
from devstack.ports import Ports
from devstack.processes import program
from domain.case import Case
from domain.engine.ledger import Status
from domain.incident import Incident
from integrations.payloads import Encryption
from tests.commands import NOBODY_LISTENS, Run, command_line
from tests.interrupting import heeding_ctrl_c, ignoring_ctrl_c
from tests.lives import Life, living
from tests.logging_apart import logging_apart
from tests.playing import an_incident
from workflows.names import WORKFLOW

REPOSITORY = Path(__file__).parents[1]
EXAMPLE = REPOSITORY / "examples" / "incident.json"
COMMANDS = tuple(name for name in cli.app if not name.startswith("-"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with logging_apart():
        yield command_line(capsys, monkeypatch)


def there(temporal: Client) -> dict[str, str]:
    """Return what makes a command meet the tests' server."""
    return {
        "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
        "PM_DEVELOPMENT": "true",
    }


def key() -> str:
    return f"CLI-{os.urandom(4).hex()}"


def an_incident_of_now() -> Incident:
    return an_incident(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5), key=key())


async def until_case(life: Life, done: Callable[[Case], bool]) -> None:
    for _ in range(200):
        if done(await life.case()):
            return
        await asyncio.sleep(0.05)
    pytest.fail("The case did not get there.")


# --- usage ----------------------------------------------------------------------------------


def test_help_names_every_command_with_a_sentence(run: Run) -> None:
    said = run("--help")

    lines = [line.strip("│ ") for line in said.out.splitlines()]
    named = {line.split()[0]: line for line in lines if line and line.split()[0] in COMMANDS}
    assert {"demo", "dev", "worker", "web", "simulator"} < set(COMMANDS)
    assert {"start", "list", "show", "skip", "retry", "doctor"} < set(COMMANDS)
    assert set(named) == set(COMMANDS)
    assert all(len(line.split()) > 4 for line in named.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_every_option_is_explained(run: Run, command: str) -> None:
    said = run(command, "--help")

    rows = [line.strip("│ ") for line in said.out.splitlines() if "--" in line and "│" in line]
    assert said.code == 0
    assert all(len(row.split()) > 3 for row in rows), rows


def test_the_version_is_the_package_s(run: Run) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]

    assert run("--version").out.strip() == project["version"]


@pytest.mark.parametrize(
    "words",
    [
        ("lisst",),
        ("show",),
        ("list", "--frob"),
        ("simulator", "--port", "99999"),
        ("demo", "--seed", "x"),
    ],
)
def test_wrong_usage_is_told_with_the_way_to_help(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)

    assert said.code == running.BAD_USAGE
    assert "aftermath --help" in said.err


def test_an_incident_file_that_is_not_there_is_named(run: Run) -> None:
    said = run("start", "nowhere.json")

    assert (said.code, said.err) == (2, "nowhere.json cannot be read: No such file or directory.\n")


def test_every_wrong_field_of_an_incident_is_named_at_once(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "incident.json"
    wrong.write_text('{"key": "a b", "severity": "P1"}')

    said = run("start", str(wrong))

    assert said.code == 2
    assert all(f"  {name}: " in said.err for name in ("key", "title", "severity", "services"))


@pytest.mark.parametrize("span", ["3bd", "soon", "99999999999999d"])
def test_a_span_that_cannot_be_skipped_is_refused(run: Run, span: str) -> None:
    said = run("skip", "INC-204", span, PM_DEVELOPMENT="true")

    assert (said.code, said.err.strip()) == (
        2,
        f"'{span}' is no span to skip: write 90m, 24h or 3d.",
    )


def test_time_is_skipped_in_development_only(run: Run) -> None:
    said = run("skip", "INC-204", "3h")

    assert said.code == running.BAD_USAGE
    assert "PM_DEVELOPMENT=true" in said.err


def test_what_stands_for_a_person_is_told_to_who_has_the_keys(run: Run) -> None:
    keys = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"

    without = run("opaque", "amara-okafor")
    opaque = run("opaque", "amara-okafor", PM_PAYLOAD_KEYS=keys)

    assert without.out.strip() == "amara-okafor"
    assert opaque.out.strip() == Encryption([keys]).opaque("amara-okafor")


# --- starting parts -------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "count"), [("worker", 8), ("web", 5)])
def test_every_wrong_setting_of_a_program_is_named_at_once(run: Run, part: str, count: int) -> None:
    said = run(part, PM_PUBLIC_URL="here", PM_INTERNAL_PORT="many")

    assert said.code == running.BAD_USAGE
    assert f"{count} settings are missing or wrong" in said.err
    assert all(name in said.err for name in ("PM_PUBLIC_URL", "PM_INTERNAL_PORT", "PM_LINK_KEYS"))


@pytest.mark.parametrize("part", ["worker", "web"])
@pytest.mark.parametrize("setting", ["PM_POLICY_FILE", "PM_ORGANISATION_FILE"])
def test_a_wrong_file_is_named_at_start(run: Run, tmp_path: Path, part: str, setting: str) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[people.x]\nname = 3\n")

    said = run(part, **settings(tmp_path), **{setting: str(wrong)})

    assert said.code == running.BAD_USAGE
    assert str(wrong) in said.err


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("PM_GOOGLE_SERVICE_ACCOUNT_FILE", "no JSON, but secret"),
        ("PM_GOOGLE_SERVICE_ACCOUNT_FILE", '{"private_key": "secret"}'),
        ("PM_GOOGLE_REFRESH_TOKEN_FILE", "[]"),
        ("PM_GOOGLE_REFRESH_TOKEN_FILE", '{"client_secret": "secret"}'),
    ],
)
def test_a_google_key_that_cannot_be_read_is_told_at_start(
    run: Run, tmp_path: Path, setting: str, kept: str
) -> None:
    file = tmp_path / "google.json"
    file.write_text(kept)

    said = run("worker", **settings(tmp_path), **{setting: str(file)})

    assert said.code == running.BAD_USAGE
    assert said.err.count("\n") == 1
    assert "secret" not in said.err.replace("client_secret", "")


def test_no_temporal_is_one_sentence_that_says_what_to_do(run: Run, tmp_path: Path) -> None:
    for words in (("list",), ("show", "INC-1"), ("start", str(EXAMPLE)), ("worker",), ("web",)):
        said = run(*words, **settings(tmp_path))

        assert said.code == running.FAILED
        assert said.err == (
            f"Temporal does not answer at {NOBODY_LISTENS}. Start it (`aftermath dev` starts "
            "everything), or set TEMPORAL_ADDRESS.\n"
        )


@pytest.mark.parametrize(
    "wrong", [{"TEMPORAL_ADDRESS": "http://localhost:7233"}, {"TEMPORAL_PROFILE": "nobody"}]
)
def test_a_wrongly_set_connection_is_wrong_usage(run: Run, wrong: dict[str, str]) -> None:
    said = run("list", **wrong)

    assert said.code == running.BAD_USAGE
    assert "TEMPORAL_" in said.err


def test_parts_that_cannot_be_started_are_told_of_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("devstack.parts.program", lambda _name: None)

    said = run("dev", "--folder", str(tmp_path))

    assert said.code == running.FAILED
    assert "is not installed" in said.err


def test_the_simulator_tells_of_a_taken_port(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        said = run("simulator", "--port", port)

    assert said.code == running.BAD_USAGE
    assert port in said.err


def test_the_simulator_tells_of_a_database_it_cannot_use() -> None:
    process = started("simulator", "--port", "0", "--database", "/nowhere/simulator.db", environ={})

    _, err = process.communicate(timeout=30)

    assert process.returncode == running.BAD_USAGE
    assert err.count("\n") == 1
    assert "--database" in err


async def test_the_worker_answers_for_its_health_until_it_is_stopped(
    temporal: Client, tmp_path: Path
) -> None:
    ports = Ports.free()
    place = {"PM_INTERNAL_PORT": str(ports.worker_internal)}
    process = started("worker", environ=settings(tmp_path) | there(temporal) | place)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{ports.worker_internal}", trust_env=False
        ) as browser:
            alive = await answered(browser, "/livez")
            ready = await browser.get("/readyz")
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.to_thread(process.communicate, timeout=30)
    finally:
        process.kill()

    assert (alive.status_code, ready.status_code) == (200, 200)
    assert (process.returncode, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["event"].partition(":")[0] for line in lines[:2]] == [
        "PM_DEVELOPMENT is true",
        "worker ready",
    ]


@pytest.mark.parametrize("part", ["worker", "web"])
async def test_a_taken_port_is_one_sentence(temporal: Client, tmp_path: Path, part: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environ = settings(tmp_path) | there(temporal) | {"PM_INTERNAL_PORT": port}
        process = started(part, environ=environ | {"PM_WEB_PORT": str(Ports.free().web)})

        _, err = await asyncio.to_thread(process.communicate, timeout=40)

    assert process.returncode == running.BAD_USAGE
    assert err.count("\n") == 1
    assert f"Port {port}" in err


@pytest.mark.parametrize("tests_started", [heeding_ctrl_c, ignoring_ctrl_c])
def test_an_interrupted_command_says_so_by_its_exit_code(
    tests_started: Callable[[], AbstractContextManager[None]],
) -> None:
    with tests_started(), heeding_ctrl_c(), waiting_command() as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)

    assert process.returncode == running.INTERRUPTED
    assert "Traceback" not in err


def test_a_command_that_was_started_in_the_background_ignores_ctrl_c_and_ends_when_told_to() -> (
    None
):
    with ignoring_ctrl_c(), waiting_command() as process:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)

        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)

    assert process.returncode == -signal.SIGTERM
    assert "Traceback" not in err


@contextmanager
def waiting_command() -> Iterator["subprocess.Popen[str]"]:
    """Start a command that has begun to wait, for a server that accepts and stays silent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        process = started("list", environ={"TEMPORAL_ADDRESS": address})
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == "Connecting to Temporal …\n"
            yield process
        finally:
            process.kill()
            process.communicate()


def settings(folder: Path) -> dict[str, str]:
    """Return what a deployment needs, and nothing more."""
    return {
        "PM_PUBLIC_URL": "http://127.0.0.1:8080",
        "PM_LINK_KEYS": "Zk3v_8QmT1xRbN5cLw7Jd-2fYpHs9AoE",
        "PM_CODE_KEYS": "Wq7Yb-4LdMu2SfGx9TkPn_6jRvCzEa3H",
        "PM_PAYLOAD_KEYS": "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa",
        "PM_ARCHIVE_FOLDER": str(folder),
        "PM_SENDGRID_KEY": "SG.test",
        "PM_SENDER": "postmortems@example.com",
    }


def started(*words: str, environ: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a command as a process of its own, with its own settings only."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PM_", "TEMPORAL_", "AFTERMATH_"))
    }
    return subprocess.Popen(
        [program("aftermath") or sys.executable, *words],
        env={**inherited, "TEMPORAL_CONFIG_FILE": os.devnull, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def answered(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """Ask until somebody answers."""
    for _ in range(300):
        try:
            return await browser.get(path)
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise AssertionError("Nobody answers.")


# --- cases ----------------------------------------------------------------------------------


async def test_start_reaches_one_case_however_often(
    temporal: Client, run: Run, tmp_path: Path
) -> None:
    incident = an_incident(key=key())
    file = tmp_path / "incident.json"
    file.write_text(incident.model_dump_json())
    id_ = f"postmortem-{incident.key}"

    text = await asyncio.to_thread(run, "start", str(file), "--now", **there(temporal))
    data = await asyncio.to_thread(run, "start", str(file), "--now", "--json")

    handle = temporal.get_workflow_handle(id_)
    try:
        description = await handle.describe()
        assert description.workflow_type == WORKFLOW
        assert text.out == f"{id_} has the incident. `aftermath show {id_}`\n"
        assert data.data == {"case": id_}
    finally:
        await handle.terminate("the test is over")


async def test_a_case_is_listed_shown_and_moved_in_time(
    temporal: Client, run: Run, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        incident = an_incident_of_now()
        life.id = await life.cases.incident_resolved(incident)
        await until_case(life, lambda case: case.done("event"))
        here = there(temporal)

        listed = await listing(run, life.id, here)
        shown = await asyncio.to_thread(run, "show", incident.key, **here)
        whole = await asyncio.to_thread(run, "show", life.id, "--all", **here)
        data = await asyncio.to_thread(run, "show", life.id, "--json", **here)
        before = await life.now()
        moved = await asyncio.to_thread(
            run, "skip", incident.key, "13h", "--json", "--simulator", life.world.url, **here
        )

    assert listed["phase"] == "awaiting-owner"
    assert shown.out.startswith(f"{life.id}  sev1  awaiting-owner\n")
    assert "  waits for   ownership from Amara Okafor since " in shown.out
    assert "  meeting     " in shown.out
    assert "effect" not in shown.out
    assert "  effect      " in whole.out
    assert data.data["case"]["incident"]["key"] == incident.key
    assert data.data["summary"]["phase"] == "awaiting-owner"
    assert datetime.fromisoformat(moved.data["now"]) - before >= timedelta(hours=13)


async def listing(run: Run, id_: str, here: dict[str, str]) -> dict[str, Any]:
    """Return a case's line once the list, which is behind the cases, has it with a phase."""
    for _ in range(100):
        said = await asyncio.to_thread(
            run, "list", "--query", f"WorkflowId = '{id_}'", "--json", **here
        )
        if said.data and said.data[0]["phase"] != "received":
            found: dict[str, Any] = said.data[0]
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("The case is not listed.")


async def test_what_a_vendor_refused_is_shown_and_tried_again(
    temporal: Client, run: Run, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        refusal = {"kind": "status", "status": 400, "method": "POST", "times": 9}
        life.world.tell("faults", [{**refusal, "path_regex": "/calendar/v3/calendars/.*/events"}])
        life.id = await life.cases.incident_resolved(an_incident_of_now())
        await until_case(life, lambda case: refused(case, "event"))
        here = there(temporal)

        shown = await asyncio.to_thread(run, "show", life.id, **here)
        wrong = await asyncio.to_thread(run, "retry", life.id, "events", **here)
        life.world.forget()
        tried = await asyncio.to_thread(run, "retry", life.id, "event", "--json", **here)
        await until_case(life, lambda case: case.done("event"))
        again = await asyncio.to_thread(run, "retry", life.id, **here)

    assert "needs attention" in shown.out
    assert "  parked      event: refused. " in shown.out
    assert f"aftermath retry {life.id} event" in shown.out
    assert (wrong.code, tried.code, again.code) == (1, 0, 1)
    assert "'events' is no effect of this case" in wrong.err
    assert tried.data == {"case": life.id, "phase": "awaiting-owner", "act": "retry"}
    assert again.err == "Nothing is parked; there is nothing to retry.\n"


def refused(case: Case, effect: str) -> bool:
    outcome = case.ledger.get(effect)
    return outcome is not None and outcome.status is Status.REFUSED


async def test_a_case_that_is_not_there_is_said_so(temporal: Client, run: Run) -> None:
    for words in (("show", "NO-1"), ("retry", "NO-1"), ("skip", "NO-1", "3h")):
        said = await asyncio.to_thread(run, *words, **there(temporal))

        assert said.code == running.FAILED
        assert said.err.endswith("`aftermath list` names those there are.\n")


async def test_a_list_filter_that_temporal_does_not_understand_is_wrong_usage(
    temporal: Client, run: Run
) -> None:
    said = await asyncio.to_thread(run, "list", "--query", "Colour = 3", **there(temporal))

    assert said.code == running.BAD_USAGE
    assert "Colour" in said.err


async def test_a_namespace_that_is_not_there_is_named(temporal: Client, run: Run) -> None:
    said = await asyncio.to_thread(
        run, "list", **{**there(temporal), "TEMPORAL_NAMESPACE": "nowhere"}
    )

    assert said.code == running.BAD_USAGE
    assert "no namespace 'nowhere'" in said.err


# --- what one types -------------------------------------------------------------------------


def test_an_incident_moved_to_now_keeps_how_long_it_took() -> None:
    incident, now = incident_in(EXAMPLE), datetime(2030, 5, 6, 7, 8, 9, 1234, tzinfo=UTC)

    moved = moved_to(now, incident)

    assert moved.resolved_at == now.replace(microsecond=0)
    assert incident.started_at is not None
    assert moved.started_at is not None
    assert moved.resolved_at - moved.started_at == incident.resolved_at - incident.started_at


def test_only_elapsed_spans_have_a_length() -> None:
    assert elapsed("90m") == timedelta(minutes=90)
    with pytest.raises(WrongInput):
        elapsed("4bh")


# --- the README's list filters --------------------------------------------------------------


def list_filters() -> list[str]:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Ready-made list filters")[2].partition("\n## ")[0]
    return re.findall(r"\| `([^`]+)` \|$", table, re.MULTILINE)


@pytest.mark.parametrize("query", list_filters())
async def test_temporal_understands_the_list_filters_of_the_readme(
    temporal: Client, query: str
) -> None:
    found = await temporal.count_workflows(query)

    assert found.count >= 0


def test_there_are_list_filters_in_the_readme() -> None:
    assert len(list_filters()) > 5
    assert "TemporalReportedProblems IS NOT NULL" in list_filters()
