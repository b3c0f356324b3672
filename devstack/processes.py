"""Programs that run beside us, write a log, and never outlive us."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_POLL = 0.05
# Linux tells a child when its parent is gone, however it went; elsewhere only a clean stop helps.
_TIED_TO_US = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("The one who started this is gone.")
os.execv(sys.argv[2], sys.argv[2:])
"""


def program(name: str) -> str | None:
    """Return where a program of this environment is, or of the machine; None if nowhere."""
    beside_python = Path(sys.executable).parent / name
    return str(beside_python) if beside_python.is_file() else shutil.which(name)


class Process:
    """One program, in a process group of its own so that Ctrl-C reaches it through us alone."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        return self._process.pid if self._process and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended; negative for the signal that ended it."""
        return self._process.poll() if self._process else None

    def start(self, environ: Mapping[str, str]) -> None:
        """Start it, its output appended to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        tied = [sys.executable, "-I", "-S", "-c", _TIED_TO_US, str(os.getpid()), *self._command]
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603  the commands are ours
                tied,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self, text: str) -> bool:
        """Tell whether a text stands in what it wrote since its last start."""
        return text in self._written()

    def last_lines(self, count: int = 15) -> str:
        """Return the end of what it wrote since its last start."""
        return "\n".join(self._written().splitlines()[-count:])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to whatever it started, if it still runs."""
        if self._process and self.is_running:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def _written(self) -> str:
        if not self.log.is_file():
            return ""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")


async def stop(processes: Iterable[Process], seconds: float) -> None:
    """Ask processes to end, wait so long for all of them, then end them."""
    running = [process for process in processes if process.is_running]
    try:
        for process in running:
            process.signal(signal.SIGTERM)
        until = asyncio.get_running_loop().time() + seconds
        while any(process.is_running for process in running):
            if asyncio.get_running_loop().time() >= until:
                break
            await asyncio.sleep(_POLL)
    finally:
        for process in running:
            process.kill()
