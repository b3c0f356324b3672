"""How lives on a real server are hurried: pauses that belong to an attempt take real time."""

import pytest

from workflows import options


@pytest.fixture
def one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the case alone be patient."""
    monkeypatch.setattr(options, "ATTEMPTS", 1)
