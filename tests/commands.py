"""The command line as tests use it: in this process, without any setting but those it is given."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import cli

NOBODY_LISTENS = "127.0.0.1:9"


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Said]


def command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run it; a command that shows a traceback fails the test."""
    for name in os.environ:
        if name.startswith(("PM_", "TEMPORAL_", "AFTERMATH_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("TEMPORAL_ADDRESS", NOBODY_LISTENS)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str, **environ: str) -> Said:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        code = 0
        try:
            cli.main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Said(code, told.out, told.err)

    return run
