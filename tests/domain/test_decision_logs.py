"""Today's domain decides every recorded life as the edition did that it was recorded with."""

import pytest

from domain.engine.editions import NEWEST
from tests.domain.decided_lives import STORIES, told
from tests.domain.decision_log import RECORDING, Recorded, difference, recorded, write


@pytest.mark.skipif(not RECORDING, reason="a recording is made by AFTERMATH_RECORD_DECISIONS=1")
@pytest.mark.parametrize("story", STORIES)
def test_what_the_newest_edition_decides_is_written_down(story: str) -> None:
    write(story, told(story))


@pytest.mark.parametrize("known", recorded(), ids=lambda known: known.file.stem)
def test_every_recorded_life_is_decided_as_it_was(known: Recorded) -> None:
    if RECORDING and known.edition == NEWEST:
        pytest.skip("It was written anew.")

    found = difference(known, told(known.story, known.edition))

    assert not found, found


def test_every_story_is_recorded_with_the_newest_edition() -> None:
    assert {known.story for known in recorded() if known.edition == NEWEST} == set(STORIES)
