"""What a case costs must not grow; the README shows these figures."""

import json
from pathlib import Path

import pytest

from bench.cost import Measured, measured

ROOT = Path(__file__).parents[2]
KEPT = json.loads((ROOT / "docs" / "cost.json").read_text())
SLACK = {"actions": 0, "events": 12, "bytes": 6_000, "requests": 3}
"""How workflow tasks happen to fall together differs a little from run to run."""


@pytest.fixture(scope="module")
async def found(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return await measured(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("figure", SLACK)
async def test_the_happy_path_costs_no_more_than_the_readme_says(
    found: Measured, figure: str
) -> None:
    assert found.publication.figures()[figure] <= KEPT[figure] + SLACK[figure]


@pytest.mark.parametrize("figure", SLACK)
async def test_a_later_week_costs_no_more_than_the_readme_says(
    found: Measured, figure: str
) -> None:
    kept = KEPT["per_later_week"]

    assert found.per_later_week[figure] <= kept[figure] + SLACK[figure]


def test_the_readme_stays_within_the_first_marks() -> None:
    assert KEPT["actions"] <= 60
    assert KEPT["events"] <= 300
    assert KEPT["per_later_week"]["actions"] <= 3
