"""Today's domain decides every recorded life as the edition did that it was recorded with."""

import pytest

from domain.engine.editions import NEWEST
from tests.domain.decided_lives import STORIES, told
from tests.domain.decision_log import RECORDING, Recorded, difference, recorded, write

TODAY = [Recorded(story, NEWEST) for story in STORIES]


@pytest.mark.parametrize(
    "known", {*recorded(), *TODAY} if RECORDING else recorded(), ids=lambda known: known.file.stem
)
def test_every_recorded_life_is_decided_as_it_was(known: Recorded) -> None:
    log = told(known.story, known.edition)
    if RECORDING and known in TODAY:
        write(known, log)

    found = difference(known, log)

    assert not found, found


def test_every_story_is_recorded_with_the_newest_edition() -> None:
    assert set(TODAY) <= set(recorded())
