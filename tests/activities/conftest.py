"""How tests of activities are impatient where an attempt is patient."""

import pytest

from activities import pool


@pytest.fixture
def short_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "BEGIN_WITHIN", 0.3)
    monkeypatch.setattr(pool, "END_WITHIN", 0.6)
