"""What runs on one machine: Temporal's server, the simulator, the pages and a worker."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from devstack.furnishing import add_calendar, point_jira_at
from devstack.interruption import sigterm_as_ctrl_c
from devstack.parts import LISTENS_ON, ROUNDS, Commands, Part, StackFailed
from devstack.ports import HOST, Ports, PortTaken, url
from devstack.processes import Process, stop
from devstack.readiness import WORKER_READY, page_answers, temporal_answers
from devstack.variables import NAMESPACE, own_settings, variables
from settings import PROGRAMS, Settings, read_settings, without_others

JIRA_WEBHOOK_PATH = "/webhooks/jira"

_PATIENCE = 60.0
_GRACE = 10.0
_POLL = 0.05
# A client whose process ends at once can take the process down with it (sdk-python issue 300).
_CLIENT_REST = 0.1


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
        self._commands = Commands(
            self.folder, self.ports, dict(search_attributes or {}), temporal_database, record
        )
        changed = {**own_settings(self.folder, self.ports), **(settings or {})}
        self._told = {name: value for name, value in changed.items() if value is not None}
        self._processes: dict[Part, Process] = {}
        self._leaving = ExitStack()

    @property
    def temporal_address(self) -> str:
        """Where Temporal's server answers gRPC."""
        return f"{HOST}:{self.ports.temporal}"

    @property
    def temporal_http_url(self) -> str:
        """Where Temporal's server answers HTTP."""
        return url(self.ports.temporal_http)

    @property
    def temporal_ui_url(self) -> str:
        """Where Temporal's pages are."""
        return url(self.ports.temporal_ui)

    @property
    def simulator_url(self) -> str:
        """Where the simulator answers, and shows what it holds."""
        return url(self.ports.simulator)

    @property
    def web_url(self) -> str:
        """Where our pages are and webhooks arrive."""
        return url(self.ports.web)

    @property
    def settings(self) -> Settings:
        """What the parts are told, for whoever runs a part in this process."""
        return read_settings(self._told, Settings)

    def environ(self, part: Part = Part.WORKER) -> dict[str, str]:
        """Return the environment of a part, or of a command that should meet this stack."""
        internal = self.ports.worker_internal if part is Part.WORKER else self.ports.web_internal
        kind = PROGRAMS.get(part)
        told = without_others(self._told, kind) if kind else {}
        return variables(told, self.ports, internal)

    def log(self, part: Part) -> Path:
        """Return where a part writes what it says."""
        return self.folder / "logs" / f"{part}.log"

    def process(self, part: Part) -> Process:
        """Return the process of a part that has been started."""
        return self._processes[part]

    async def __aenter__(self) -> Self:
        """Start the parts; they answer when this returns."""
        self._leaving.enter_context(sigterm_as_ctrl_c())
        try:
            self.settings  # noqa: B018  wrong settings are told before anything is started
            for together in ROUNDS:
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
            self.ports.refuse_taken(*LISTENS_ON[part])
        except PortTaken as taken:
            raise StackFailed(str(taken)) from None
        process = Process(part, self._commands.of(part), self.log(part))
        self._processes[part] = process
        process.start(self.environ(part))
        await self._until_it_answers(part, process)
        if part is Part.SIMULATOR:
            await self._furnish_simulator()

    async def answers(self, part: Part) -> bool:
        """Tell whether a part that was started does its work."""
        match part:
            case Part.TEMPORAL:
                known = self._commands.search_attributes
                return await temporal_answers(self.temporal_address, NAMESPACE, known)
            case Part.SIMULATOR:
                return await page_answers(f"{self.simulator_url}/simulator/clock")
            case Part.WEB:
                return await page_answers(f"{url(self.ports.web_internal)}/livez")
            case Part.WORKER:
                return self._processes[part].said(WORKER_READY)

    def kill(self, part: Part) -> None:
        """End a part as a power cut would."""
        self._processes[part].kill()

    async def start_worker(self) -> None:
        """Start the worker, again if need be."""
        await self.start(Part.WORKER)

    def kill_worker(self) -> None:
        """End the worker in the middle of whatever it does."""
        self.kill(Part.WORKER)

    async def _until_it_answers(self, part: Part, process: Process) -> None:
        until = asyncio.get_running_loop().time() + _PATIENCE
        while not await self.answers(part):
            if not process.is_running:
                why = f"ended while starting (exit code {process.exit_code})"
                raise StackFailed(_failure(process, why))
            if asyncio.get_running_loop().time() > until:
                raise StackFailed(_failure(process, f"did not answer for {_PATIENCE:.0f} s"))
            await asyncio.sleep(_POLL)

    async def _furnish_simulator(self) -> None:
        """Give the simulated Google the shared calendar, and the simulated Jira our webhook."""
        calendar = self._told.get("PM_CALENDAR_ID")
        secret = self._told.get("PM_JIRA_WEBHOOK_SECRET")
        async with httpx.AsyncClient(base_url=self.simulator_url, trust_env=False) as simulator:
            if calendar:
                await add_calendar(simulator, calendar)
            if secret and Part.WEB in self.parts:
                await point_jira_at(simulator, self.web_url + JIRA_WEBHOOK_PATH, secret)

    async def _stop(self) -> None:
        try:
            for together in reversed(ROUNDS):
                await self._stop_together(together)
            await asyncio.sleep(_CLIENT_REST)
        finally:
            for process in self._processes.values():
                process.kill()
            self._leaving.close()

    async def _stop_together(self, parts: Collection[Part]) -> None:
        processes = [self._processes[part] for part in parts if part in self._processes]
        forgetful = [process for process in processes if self._has_nothing_to_lose(process)]
        async with asyncio.TaskGroup() as stopping:
            stopping.create_task(stop(forgetful, seconds=0))
            kept = [process for process in processes if process not in forgetful]
            stopping.create_task(stop(kept, seconds=_GRACE))

    def _has_nothing_to_lose(self, process: Process) -> bool:
        # A server that keeps its state in memory takes three seconds to put nothing away.
        return process.name == Part.TEMPORAL and self._commands.temporal_database is None


def _failure(process: Process, why: str) -> str:
    said = process.last_lines() or "(nothing)"
    return (
        f"The part '{process.name}' {why}, so nothing can run; its last words are below, "
        f"all of them in {process.log}.\n{said}"
    )
