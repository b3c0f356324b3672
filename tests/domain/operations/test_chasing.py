"""What a reminder and an escalation say: what waits, for whom, since when, about what."""

import pytest

from domain import lifecycle
from domain.engine.waiting import Waiting
from domain.operations.chasing import chase
from domain.operations.notices import Escalation, Reminder
from tests.playing import HELENA, INES
from tests.scenes import decided


@pytest.mark.parametrize("what", lifecycle.waits())
def test_a_reminder_says_what_waits_since_when(what: str) -> None:
    play = decided()
    waiting = Waiting(what=what, person=INES, since=play.now, items=("AI-3",))

    to_her, about_her = chase(play.case, waiting, INES), chase(play.case, waiting, HELENA)

    assert isinstance(to_her, Reminder)
    assert (to_her.wait, to_her.since) == (what, play.now)
    assert [item.text for item in to_her.items] == ["Measure rules before they go out"]
    assert isinstance(about_her, Escalation)
    assert (about_her.wait, about_her.since, about_her.name) == (what, play.now, "Inês Duarte")
    assert about_her.link is not None
    assert (about_her.link.leads_to, about_her.link.url) == ("document", "https://documents/1")


def test_without_a_document_an_escalation_leads_nowhere() -> None:
    play = decided()
    case = play.case.replace(document=play.case.document.replace(url=""))

    told = chase(case, Waiting(what="decisions", person=INES, since=play.now), HELENA)

    assert told.link is None
