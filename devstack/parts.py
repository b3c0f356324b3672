"""The parts of a stack: which there are, what needs what, and the command that starts each."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from console.running import CannotRun
from devstack.ports import HOST, Ports
from devstack.processes import program


class StackFailed(CannotRun):
    """The stack does not stand; the text says which part, why, and what to do."""


class Part(StrEnum):
    """What a stack can be made of; the value names the log file."""

    TEMPORAL = "temporal"
    SIMULATOR = "simulator"
    WEB = "web"
    WORKER = "worker"


ROUNDS = ((Part.TEMPORAL, Part.SIMULATOR), (Part.WEB, Part.WORKER))
"""What is started together; the later need the earlier. Stopped the other way round."""

LISTENS_ON = {
    Part.TEMPORAL: ("temporal", "temporal_http", "temporal_ui"),
    Part.SIMULATOR: ("simulator",),
    Part.WEB: ("web", "web_internal"),
    Part.WORKER: ("worker_internal",),
}

# Sends each skip on its way at once; by default a skip takes about a second of real time.
_DYNAMIC_CONFIG = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="20ms"',
)


@dataclass(frozen=True)
class Commands:
    """How each part is started; the simulator's database lies in the folder."""

    folder: Path
    ports: Ports
    search_attributes: Mapping[str, str]
    temporal_database: Path | None
    record: Path | None

    def of(self, part: Part) -> list[str]:
        """Return the command that starts a part.

        Raises:
            StackFailed: a program is not installed; the text names it, and the remedy.
        """
        match part:
            case Part.TEMPORAL:
                return self._temporal()
            case Part.SIMULATOR:
                return self._simulator()
            case Part.WEB | Part.WORKER:
                return [_needed("aftermath"), part]

    def _temporal(self) -> list[str]:
        command = [_needed("temporal"), "server", "start-dev", "--ip", HOST]
        command += ["--port", str(self.ports.temporal)]
        command += ["--http-port", str(self.ports.temporal_http)]
        command += ["--ui-port", str(self.ports.temporal_ui), "--log-level", "warn"]
        for value in _DYNAMIC_CONFIG:
            command += ["--dynamic-config-value", value]
        for name, kind in self.search_attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        if self.temporal_database:
            command += ["--db-filename", str(self.temporal_database)]
        return command

    def _simulator(self) -> list[str]:
        command = [sys.executable, "-m", "simulator", "--port", str(self.ports.simulator)]
        command += ["--database", str(self.folder / "simulator.db")]
        if self.record:
            command += ["--record", str(self.record)]
        return command


def _needed(name: str) -> str:
    found = program(name)
    if found is None:
        raise StackFailed(
            f"The program '{name}' is not installed beside {sys.executable}, so nothing can be "
            "started: run make, which installs it, or uv sync."
        )
    return found
