"""Everything of ours on one machine: Temporal's server, the simulator, the pages and a worker."""

import asyncio
import os
import secrets
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from console.running import CannotRun
from devstack.ports import HOST, Ports, PortTaken
from devstack.processes import Process, program, stop
from settings import Settings, read_settings

NAMESPACE = "default"
CALENDAR = "postmortems@group.calendar.example.com"
WORKER_READY = "worker ready"
"""The line by which `aftermath worker` says that it polls."""
JIRA_WEBHOOK_PATH = "/webhooks/jira"

_PATIENCE = 60.0
_GRACE = 10.0
_POLL = 0.05
# Sends each skip on its way at once; by default a skip takes about a second of real time.
_DYNAMIC_CONFIG = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="20ms"',
)
# A client whose process ends at once can take the process down with it (sdk-python issue 300).
_CLIENT_REST = 0.1


class StackFailed(CannotRun):
    """The stack does not stand; the text says which part, why, and what to do."""


class Part(StrEnum):
    """What a stack can be made of; the value names the log file."""

    TEMPORAL = "temporal"
    SIMULATOR = "simulator"
    WEB = "web"
    WORKER = "worker"


_ROUNDS = ((Part.TEMPORAL, Part.SIMULATOR), (Part.WEB, Part.WORKER))
"""What is started together; the later need the earlier. Stopped the other way round."""

_LISTENS_ON = {
    Part.TEMPORAL: ("temporal", "temporal_http", "temporal_ui"),
    Part.SIMULATOR: ("simulator",),
    Part.WEB: ("web", "web_internal"),
    Part.WORKER: ("worker_internal",),
}


class Stack:
    """The parts, started on entering and gone on leaving, however one leaves.

    Time is skipped only by request, per case. `settings` changes what the parts are told: a value
    replaces, None removes, as in `{"PM_CALENDAR_ID": None}`. Database and logs stay in the folder.
    """

    def __init__(  # noqa: PLR0913  each has a use of its own, and all but one a default
        self,
        folder: Path,
        *,
        search_attributes: Mapping[str, str] | None = None,
        parts: Collection[Part] = tuple(Part),
        ports: Ports | None = None,
        settings: Mapping[str, str | None] | None = None,
        temporal_database: Path | None = None,
        record: Path | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.parts = frozenset(parts)
        self.ports = ports or Ports.free()
        self._search_attributes = dict(search_attributes or {})
        self._temporal_database = temporal_database
        self._record = record
        changed = self._own_settings() | dict(settings or {})
        self._variables = {name: value for name, value in changed.items() if value is not None}
        self._processes: dict[Part, Process] = {}
        self._sigterm_is_ours = False

    @property
    def temporal_address(self) -> str:
        """Where Temporal's server answers gRPC."""
        return f"{HOST}:{self.ports.temporal}"

    @property
    def temporal_http_url(self) -> str:
        """Where Temporal's server answers HTTP."""
        return _url(self.ports.temporal_http)

    @property
    def temporal_ui_url(self) -> str:
        """Where Temporal's pages are."""
        return _url(self.ports.temporal_ui)

    @property
    def simulator_url(self) -> str:
        """Where the simulator answers, and shows what it holds."""
        return _url(self.ports.simulator)

    @property
    def web_url(self) -> str:
        """Where our pages are and webhooks arrive."""
        return _url(self.ports.web)

    @property
    def settings(self) -> Settings:
        """What the parts are told, for whoever runs a part in this process."""
        return read_settings(self._variables)

    def environ(self, part: Part = Part.WORKER) -> dict[str, str]:
        """Return the environment of a part, or of a command that should meet this stack."""
        # Nothing of the caller's own connection: a demo must never reach a real cluster.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PM_", "TEMPORAL_"))
        }
        internal = self.ports.worker_internal if part is Part.WORKER else self.ports.web_internal
        return (
            inherited
            | {"NO_PROXY": "*", "no_proxy": "*", "PYTHONUNBUFFERED": "1"}
            | {"TEMPORAL_ADDRESS": self.temporal_address, "TEMPORAL_NAMESPACE": NAMESPACE}
            | {"TEMPORAL_CONFIG_FILE": os.devnull}
            | self._variables
            | {"PM_INTERNAL_PORT": str(internal)}
        )

    def log(self, part: Part) -> Path:
        """Return where a part writes what it says."""
        return self.folder / "logs" / f"{part}.log"

    def process(self, part: Part) -> Process:
        """Return the process of a part that has been started."""
        return self._processes[part]

    async def __aenter__(self) -> Self:
        """Start the parts; they answer when this returns."""
        self._treat_sigterm_as_ctrl_c()
        try:
            self.settings  # noqa: B018  wrong settings are told before anything is started
            for together in _ROUNDS:
                async with asyncio.TaskGroup() as starting:
                    for part in self.parts.intersection(together):
                        starting.create_task(self.start(part))
        except BaseException as failed:
            await self._stop()
            if isinstance(failed, BaseExceptionGroup):
                raise failed.exceptions[0] from None
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop every part."""
        await self._stop()

    async def start(self, part: Part) -> None:
        """Start a part and return when it answers; nothing happens if it runs.

        Raises:
            StackFailed: it ended or kept silent, and the text shows what it said last; or
                somebody else listens where it should.
        """
        if part in self._processes and self._processes[part].is_running:
            return
        try:
            self.ports.refuse_taken(*_LISTENS_ON[part])
        except PortTaken as taken:
            raise StackFailed(str(taken)) from None
        process = self._processes[part] = Process(part, self._command(part), self.log(part))
        process.start(self.environ(part))
        await self._answering(process, self._readiness(part, process))
        if part is Part.SIMULATOR:
            await self._furnish_simulator()

    def kill(self, part: Part) -> None:
        """End a part as a power cut would."""
        self._processes[part].kill()

    async def start_worker(self) -> None:
        """Start the worker, again if need be."""
        await self.start(Part.WORKER)

    def kill_worker(self) -> None:
        """End the worker in the middle of whatever it does."""
        self.kill(Part.WORKER)

    def _own_settings(self) -> dict[str, str | None]:
        return {
            "PM_PUBLIC_URL": self.web_url,
            "PM_LINK_KEYS": secrets.token_urlsafe(48),
            "PM_ARCHIVE_FOLDER": str(self.folder / "archive"),
            "PM_SENDGRID_KEY": "SG.simulator",
            "PM_SENDGRID_HOST": self.simulator_url,
            "PM_SENDER": "postmortems@example.com",
            "PM_GOOGLE_TOKEN": "simulator",
            "PM_GOOGLE_BASE_URL": self.simulator_url,
            "PM_CALENDAR_ID": CALENDAR,
            "PM_JIRA_URL": self.simulator_url,
            "PM_JIRA_USER": "aftermath@example.com",
            "PM_JIRA_TOKEN": "simulator",
            "PM_JIRA_WEBHOOK_SECRET": secrets.token_urlsafe(24),
            "PM_PAGERDUTY_SECRETS": secrets.token_urlsafe(24),
            "PM_GENERIC_SECRETS": secrets.token_urlsafe(24),
            "PM_WEB_HOST": HOST,
            "PM_WEB_PORT": str(self.ports.web),
            "PM_INTERNAL_PORT": str(self.ports.web_internal),
            "PM_DEVELOPMENT": "true",
        }

    def _command(self, part: Part) -> list[str]:
        match part:
            case Part.TEMPORAL:
                return self._temporal_command()
            case Part.SIMULATOR:
                return self._simulator_command()
            case Part.WEB | Part.WORKER:
                return [_needed("aftermath"), part]

    def _temporal_command(self) -> list[str]:
        command = [_needed("temporal"), "server", "start-dev", "--ip", HOST]
        command += [
            "--port",
            str(self.ports.temporal),
            "--http-port",
            str(self.ports.temporal_http),
        ]
        command += ["--ui-port", str(self.ports.temporal_ui), "--log-level", "warn"]
        for value in _DYNAMIC_CONFIG:
            command += ["--dynamic-config-value", value]
        for name, kind in self._search_attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        if self._temporal_database:
            command += ["--db-filename", str(self._temporal_database)]
        return command

    def _simulator_command(self) -> list[str]:
        command = [sys.executable, "-m", "simulator", "--port", str(self.ports.simulator)]
        command += ["--database", str(self.folder / "simulator.db")]
        if self._record:
            command += ["--record", str(self._record)]
        return command

    def _readiness(self, part: Part, process: Process) -> Callable[[], Awaitable[bool]]:
        match part:
            case Part.TEMPORAL:
                return self._temporal_answers
            case Part.SIMULATOR:
                return lambda: _answers(f"{self.simulator_url}/simulator/clock")
            case Part.WEB:
                return lambda: _answers(f"{_url(self.ports.web_internal)}/livez")
            case Part.WORKER:
                return lambda: _said(process)

    async def _temporal_answers(self) -> bool:
        try:
            client = await Client.connect(self.temporal_address, namespace=NAMESPACE)
            known = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=NAMESPACE)
            )
        except (RPCError, RuntimeError):
            return False
        return self._search_attributes.keys() <= known.custom_attributes.keys()

    async def _answering(self, process: Process, is_ready: Callable[[], Awaitable[bool]]) -> None:
        until = asyncio.get_running_loop().time() + _PATIENCE
        while not await is_ready():
            if not process.is_running:
                why = f"ended while starting (exit code {process.exit_code})"
                raise StackFailed(self._told(process, why))
            if asyncio.get_running_loop().time() > until:
                raise StackFailed(self._told(process, f"did not answer for {_PATIENCE:.0f} s"))
            await asyncio.sleep(_POLL)

    def _told(self, process: Process, why: str) -> str:
        said = process.last_lines() or "(nothing)"
        return (
            f"The part '{process.name}' {why}, so nothing can run; its last words are below, "
            f"all of them in {process.log}.\n{said}"
        )

    async def _furnish_simulator(self) -> None:
        """Give the simulated Google the shared calendar, and the simulated Jira our webhook."""
        variables = self._variables
        async with httpx.AsyncClient(base_url=self.simulator_url, trust_env=False) as simulator:
            if calendar := variables.get("PM_CALENDAR_ID"):
                added = {"id": calendar, "name": "Postmortems"}
                (await simulator.post("/simulator/calendars", json=added)).raise_for_status()
            if Part.WEB in self.parts and (secret := variables.get("PM_JIRA_WEBHOOK_SECRET")):
                webhook = {
                    "jira_webhook_url": self.web_url + JIRA_WEBHOOK_PATH,
                    "jira_webhook_secret": secret,
                }
                (await simulator.put("/simulator/settings", json=webhook)).raise_for_status()

    def _treat_sigterm_as_ctrl_c(self) -> None:
        """Leave by the one path that stops the parts, also when we are told to end."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _press_ctrl_c)
            self._sigterm_is_ours = True

    async def _stop(self) -> None:
        try:
            for together in reversed(_ROUNDS):
                await self._stop_together(together)
            await asyncio.sleep(_CLIENT_REST)
        finally:
            for process in self._processes.values():
                process.kill()
            if self._sigterm_is_ours:
                asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
                self._sigterm_is_ours = False

    async def _stop_together(self, parts: Collection[Part]) -> None:
        processes = [self._processes[part] for part in parts if part in self._processes]
        forgetful = [process for process in processes if self._has_nothing_to_lose(process)]
        async with asyncio.TaskGroup() as stopping:
            stopping.create_task(stop(forgetful, seconds=0))
            kept = [process for process in processes if process not in forgetful]
            stopping.create_task(stop(kept, seconds=_GRACE))

    def _has_nothing_to_lose(self, process: Process) -> bool:
        # A server that keeps its state in memory takes three seconds to put nothing away.
        return process.name == Part.TEMPORAL and self._temporal_database is None


def _press_ctrl_c() -> None:
    # A shell lets what it starts in the background ignore Ctrl-C, and then nobody could end it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"


def _needed(name: str) -> str:
    found = program(name)
    if found is None:
        raise StackFailed(
            f"The program '{name}' is not installed beside {sys.executable}, so nothing can be "
            "started: run make, which installs it, or uv sync."
        )
    return found


async def _answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            return (await client.get(url)).is_success
    return False


async def _said(process: Process) -> bool:
    return process.said(WORKER_READY)
