"""The parts start together, say why when they cannot, and leave nothing behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

import devstack.parts
import devstack.stack
from devstack.parts import Part, StackFailed
from devstack.ports import HOST, Ports, PortTaken
from devstack.processes import program
from devstack.stack import Stack
from devstack.variables import NAMESPACE
from tests.interrupting import heeding_ctrl_c, ignoring_ctrl_c

REPOSITORY = Path(__file__).parents[2]
SIMULATOR = {Part.SIMULATOR}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone_within(seconds: float, pid: int) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let a shell script play `aftermath`."""
    path = folder / "aftermath"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(devstack.parts, "program", lambda _name: str(path))


async def fail_inside(stack: Stack) -> None:
    async with stack:
        assert stack.process(Part.SIMULATOR).is_running
        raise LookupError


async def test_the_server_and_the_simulator_answer_and_are_gone_afterwards(tmp_path: Path) -> None:
    parts = {Part.TEMPORAL, Part.SIMULATOR}
    wanted = {"PostmortemPhase": "Keyword", "PostmortemLate": "Bool"}

    async with Stack(tmp_path, parts=parts, search_attributes=wanted) as stack:
        client = await Client.connect(stack.temporal_address)
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=NAMESPACE)
        )
        async with httpx.AsyncClient(trust_env=False) as browser:
            pages = await browser.get(stack.temporal_ui_url)
        pids = [stack.process(part).pid for part in parts]

    assert wanted.keys() <= known.custom_attributes.keys()
    assert pages.is_success
    assert not any(is_alive(pid) for pid in pids if pid)
    stack.ports.refuse_taken("temporal", "temporal_http", "temporal_ui", "simulator")


async def test_the_parts_go_when_an_error_leaves_the_stack(tmp_path: Path) -> None:
    stack = Stack(tmp_path, parts=SIMULATOR)

    with pytest.raises(LookupError):
        await fail_inside(stack)

    assert stack.process(Part.SIMULATOR).exit_code is not None


async def test_a_killed_part_starts_again_with_what_it_kept(tmp_path: Path) -> None:
    async with Stack(tmp_path, parts=SIMULATOR) as stack, httpx.AsyncClient() as browser:
        first = stack.process(Part.SIMULATOR).pid
        people = {"people": [{"email": "ada@example.com", "name": "Ada"}]}
        await browser.post(f"{stack.simulator_url}/simulator/people", json=people)

        stack.kill(Part.SIMULATOR)
        await stack.start(Part.SIMULATOR)
        await stack.start(Part.SIMULATOR)

        again = await browser.post(f"{stack.simulator_url}/simulator/people", json={"people": []})
        assert [person["name"] for person in again.json()["people"]] == ["Ada"]
        assert stack.process(Part.SIMULATOR).pid != first


async def test_a_worker_is_ready_when_it_says_so_and_can_be_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, 'echo "$1 ready at $TEMPORAL_ADDRESS"; exec sleep 60')

    async with Stack(tmp_path, parts={Part.WORKER}) as stack:
        stack.kill_worker()
        killed = stack.process(Part.WORKER).exit_code
        await stack.start_worker()
        running = stack.process(Part.WORKER).is_running

    said = f"worker ready at {stack.temporal_address}\n"
    assert (killed, running) == (-signal.SIGKILL, True)
    assert stack.log(Part.WORKER).read_text() == said * 2


async def test_a_part_that_dies_at_start_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, "echo PM_SENDER is missing; exit 2")
    stack = Stack(tmp_path, parts={Part.WORKER, Part.SIMULATOR})

    with pytest.raises(StackFailed, match=r"'worker' ended .*\(exit code 2\)") as failed:
        await stack.__aenter__()

    assert str(failed.value).endswith("PM_SENDER is missing")
    assert str(stack.log(Part.WORKER)) in str(failed.value)
    assert not stack.process(Part.SIMULATOR).is_running


async def test_a_silent_part_is_waited_for_no_longer_than_patience_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, "exec sleep 60")
    monkeypatch.setattr(devstack.stack, "_PATIENCE", 0.3)

    with pytest.raises(StackFailed, match="'worker' did not answer"):
        await Stack(tmp_path, parts={Part.WORKER}).__aenter__()


async def test_a_missing_program_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devstack.parts, "program", lambda _name: None)

    with pytest.raises(StackFailed, match=r"'temporal' is not installed .* run make"):
        await Stack(tmp_path, parts={Part.TEMPORAL}).__aenter__()


async def test_a_port_that_was_taken_meanwhile_is_named(tmp_path: Path) -> None:
    stack = Stack(tmp_path, parts=SIMULATOR)

    with (
        socket.create_server((HOST, stack.ports.simulator)),
        pytest.raises(StackFailed, match="wanted for simulator, is taken"),
    ):
        await stack.__aenter__()


def test_a_wanted_port_is_kept_or_refused() -> None:
    with socket.create_server((HOST, 0)) as listening:
        taken = listening.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {taken}, wanted for temporal ui, is taken"):
            Ports.free(temporal_ui=taken)

    assert Ports.free(temporal_ui=taken).temporal_ui == taken


def test_the_parts_never_see_the_callers_own_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_API_KEY", "canary")
    monkeypatch.setenv("PM_JIRA_TOKEN", "canary")
    stack = Stack(tmp_path)

    environ = stack.environ(Part.WEB)

    assert "canary" not in environ.values()
    assert environ["TEMPORAL_ADDRESS"] == stack.temporal_address
    assert environ["PM_INTERNAL_PORT"] != stack.environ(Part.WORKER)["PM_INTERNAL_PORT"]


def test_each_part_is_told_its_own_secrets_alone(tmp_path: Path) -> None:
    stack = Stack(tmp_path)

    web, worker, temporal = (stack.environ(part) for part in (Part.WEB, Part.WORKER, Part.TEMPORAL))

    assert not {"PM_JIRA_TOKEN", "PM_GOOGLE_TOKEN", "PM_SENDGRID_KEY"} & web.keys()
    assert not {"PM_GENERIC_SECRETS", "PM_JIRA_WEBHOOK_SECRET"} & worker.keys()
    assert {"PM_LINK_KEYS", "PM_JIRA_WEBHOOK_SECRET"} <= web.keys()
    assert {"PM_LINK_KEYS", "PM_JIRA_TOKEN"} <= worker.keys()
    assert not any("SECRET" in name or "KEY" in name for name in temporal if name[:3] == "PM_")


def test_the_settings_of_a_stack_can_be_changed_and_taken_away(tmp_path: Path) -> None:
    mail_only = dict.fromkeys(["PM_GOOGLE_TOKEN", "PM_GOOGLE_BASE_URL", "PM_CALENDAR_ID"])
    settings = Stack(tmp_path, settings=mail_only | {"PM_PROCESS_NAME": "debrief"}).settings

    assert settings.development
    assert settings.has_issues
    assert not settings.has_calendar
    assert settings.process_name == "debrief"
    assert settings.sendgrid_host == settings.jira_url


async def test_temporal_keeps_its_state_in_a_database_when_asked(tmp_path: Path) -> None:
    database = tmp_path / "temporal.db"
    parts = {Part.TEMPORAL}

    async with Stack(tmp_path, parts=parts, temporal_database=database) as stack:
        stack.kill(Part.TEMPORAL)
        await stack.start(Part.TEMPORAL)

    assert database.stat().st_size > 0


RUNS_A_STACK = """
import asyncio, pathlib, sys
from devstack.parts import Part
from devstack.stack import Stack

async def main():
    async with Stack(pathlib.Path(sys.argv[1]), parts={Part.SIMULATOR}) as stack:
        print(stack.process(Part.SIMULATOR).pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@contextmanager
def running_a_stack(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Start a program that runs a stack; yield it, and the process id of the stack's part."""
    command = [sys.executable, "-c", RUNS_A_STACK, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=REPOSITORY
    ) as started:
        try:
            assert started.stdout
            pid = int(started.stdout.readline())
            assert is_alive(pid)
            yield started, pid
        finally:
            started.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's word that a parent is gone")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_a_process_that_is_ended(tmp_path: Path, end: signal.Signals) -> None:
    with heeding_ctrl_c(), running_a_stack(tmp_path) as (started, pid):
        os.kill(started.pid, end)

        assert started.wait(15) != 0
    assert gone_within(10, pid)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
def test_what_a_shell_started_in_the_background_can_be_ended(tmp_path: Path) -> None:
    with ignoring_ctrl_c(), running_a_stack(tmp_path) as (started, pid):
        os.kill(started.pid, signal.SIGTERM)

        assert started.wait(15) != 0
    assert gone_within(10, pid)


async def test_cancelling_while_the_parts_start_stops_them(tmp_path: Path) -> None:
    stack = Stack(tmp_path, parts=SIMULATOR)
    entering = asyncio.create_task(stack.__aenter__())
    await asyncio.sleep(0.2)

    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering

    assert not stack.process(Part.SIMULATOR).is_running


def test_programs_beside_this_python_come_first() -> None:
    assert program("temporal") == str(Path(sys.executable).parent / "temporal")
    assert program("no-such-program") is None
