"""What operations read of a case in Temporal's own pages."""

from datetime import timedelta

from domain import lifecycle
from domain.case import Case
from domain.engine.subject import Attention
from domain.views.details import details
from domain.views.summary import summary
from tests.playing import Play
from tests.scenes import asked, met


def shown(case: Case, play: Play, *attention: Attention) -> str:
    life = lifecycle.life(case)
    return details(life, attention, summary(life, attention, play.now), play.now)


def test_a_case_that_knows_nothing_says_so() -> None:
    play = Play()

    assert shown(Case(id="postmortem-INC-1"), play).startswith("nothing known yet\n\n**received**")


def test_a_case_says_on_whom_it_waits_when_it_looks_again_and_what_is_open() -> None:
    play = asked()

    text = shown(play.case, play, Attention("event-deleted", {}))

    assert text.startswith("sev1: Web requests answered with errors\n\n**")
    assert "- waits for approval from beatriz-leal since " in text
    assert "- next look " in text
    assert "- AI-2 open: " in text
    assert text.endswith("- attention: event deleted")


def test_nobody_is_waited_for_before_the_time() -> None:
    play = met()
    play.now -= timedelta(days=30)

    assert "waits for" not in shown(play.case, play)
