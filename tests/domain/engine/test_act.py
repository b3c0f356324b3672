"""What every act has in common: when it is refused, what it leaves in the journal."""

from datetime import UTC, datetime

import pytest

from domain import lifecycle
from domain.case import Case
from tests.playing import AMARA

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(set(lifecycle.acts()) - {"retry"}))
def test_nothing_can_be_done_before_a_case_is_set_up(name: str) -> None:
    act = lifecycle.acts()[name].model_construct(by=AMARA)

    assert "set up" in (act.refusal(Case(), NOW) or "")


@pytest.mark.parametrize("name", sorted(lifecycle.acts()))
def test_nothing_can_be_done_after_the_end(name: str) -> None:
    act = lifecycle.acts()[name].model_construct(by=AMARA)

    assert "closed" in (act.refusal(Case(closed_at=NOW), NOW) or "")
