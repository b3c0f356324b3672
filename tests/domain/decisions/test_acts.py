"""Acts about proposals: verdicts and the teams' answers, and the sentences that say why not."""

from datetime import date

import pytest

from domain.case import Case
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.preparation.document import ActionRow
from tests.playing import AMARA, BEATRIZ, INES, JOANA, OLIVER, RUI
from tests.scenes import confirm, decide, decided, met, no, owned, settled, yes


def verdict(item: str = "AI-2", **fields: object) -> Decide:
    told = {"item": item, "decided_by": OLIVER, **fields}
    return Decide(by=AMARA, decisions=(ItemDecision.model_validate(told),))


def answer(by: str = INES, item: str = "AI-3", **fields: object) -> ConfirmActionItem:
    told = {"item": item, **fields}
    return ConfirmActionItem(by=by, answers=(ItemAnswer.model_validate(told),))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (verdict("AI-9", verdict="accepted"), "There is no action item AI-9"),
        (verdict(verdict="declined", consequence="Risk"), "say why"),
        (verdict(verdict="declined", reason="No"), "say what follows"),
        (verdict(verdict="deferred", reason="Later", consequence="Risk"), "on which date"),
        (verdict(verdict="accepted", priority="urgent"), "needs a priority"),
        (verdict(verdict="accepted", team="unheard-of"), "needs a team"),
        (Decide(by=AMARA, decisions=(yes("AI-1"), no("AI-1"))), "AI-1 has two verdicts"),
        (verdict(verdict="accepted", decided_by=INES), "Oliver Hartley or Priya Raman"),
        (verdict(verdict="accepted", decided_by=JOANA), "by a leader of its team"),
        (verdict(verdict="accepted", team="edge-firewall"), "Inês Duarte or Kwame Mensah"),
        (verdict(verdict="declined", reason="r", consequence="c", decided_by=RUI), "leader"),
        (ProposeActionItems(by=AMARA, items=(ActionRow(text=" "),)), "has no text"),
        (ProposeActionItems(by=AMARA, items=(ActionRow(id="AI-7", text="x"),)), "no action item"),
    ],
)
def test_a_verdict_or_proposal_is_refused(act: Act[Case], said: str) -> None:
    assert said in met().refusal(act)


def test_a_facilitator_takes_no_decisions() -> None:
    play = met()
    chair = play.case.meeting.facilitator or ""

    assert "takes no decisions" in play.refusal(decide(play.case, yes("AI-1", chair)))


def test_already_done_needs_a_reason_only() -> None:
    play = met()

    play.act(verdict("AI-2", verdict=Verdict.ALREADY_DONE, reason="Done on the night."))

    assert play.item("AI-2").state == "already done"


def test_verdicts_come_after_the_meeting_and_before_the_report() -> None:
    early, late = owned(), settled()
    act = Decide(by=AMARA, decisions=())

    assert "Record first" in early.refusal(act)
    assert "published" in late.refusal(act)
    assert "published" in late.refusal(ProposeActionItems(by=AMARA, items=(ActionRow(text="x"),)))


def test_while_the_report_is_published_no_verdict_changes() -> None:
    play = decided()
    play.case = play.case.replace(under_way=("notice:published:edge-firewall",))

    assert "published" in play.refusal(decide(play.case, no("AI-2")))


def test_a_confirmed_item_keeps_its_verdict() -> None:
    play = decided()

    assert "confirmed already" in play.refusal(decide(play.case, no("AI-1")))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (answer(item="AI-9", answer="confirm"), "There is no action item"),
        (answer(by=OLIVER, answer="confirm"), "only that team confirms it"),
        (answer(item="AI-1", answer="confirm"), "is not waiting for a confirmation"),
        (answer(answer="decline", reason="No one is free"), "say why it is taken back"),
        (answer(answer="defer", reason="Later", consequence="Risk"), "on which date"),
    ],
)
def test_a_teams_answer_is_refused(act: Act[Case], said: str) -> None:
    assert said in decided().refusal(act)


def test_of_two_answers_for_one_item_the_first_counts() -> None:
    play = decided()
    yes_, no_ = (
        ItemAnswer(item="AI-3", answer="confirm"),
        ItemAnswer(item="AI-3", answer="decline", reason="No", consequence="Risk"),
    )

    play.act(ConfirmActionItem(by=INES, answers=(yes_, no_)))

    assert play.item("AI-3").confirmation is not None


def test_an_answer_for_several_items_may_be_partial() -> None:
    play = decided()

    play.act(confirm(INES, "AI-3"))

    assert [item.id for item in play.case.items if item.unconfirmed] == ["AI-2", "AI-4"]


def test_a_day_to_look_again_is_kept() -> None:
    play = decided()

    play.act(answer(answer="defer", reason="Later", consequence="Risk", revisit=date(2027, 4, 1)))

    decision = play.item("AI-3").decision
    assert decision is not None
    assert decision.revisit == date(2027, 4, 1)


@pytest.mark.parametrize("by", [RUI, BEATRIZ, "who-is-this"])
def test_a_bystander_decides_and_proposes_nothing(by: str) -> None:
    play = met()

    proposed = ProposeActionItems(by=by, items=(ActionRow(text="Something"),))
    assert "Only the owner does this here" in play.refusal(proposed)
    assert "Only the facilitator, the owner" in play.refusal(Decide(by=by, decisions=()))


def test_a_stranger_confirms_nothing_for_a_team() -> None:
    play = decided()

    assert "Only the team" in play.refusal(ConfirmActionItem(by="x", answers=()))
    assert "only that team confirms it" in play.refusal(answer(by="x", answer="confirm"))


def test_an_item_whose_team_is_gone_is_confirmed_by_the_commander_alone() -> None:
    play = decided()
    known = play.case.directory
    assert known is not None
    teams = {name: team for name, team in known.teams.items() if name != "edge-firewall"}
    play.case = play.case.replace(directory=known.replace(teams=teams))

    assert "only that team confirms it" in play.refusal(answer(by=OLIVER, answer="confirm"))
    assert not play.refusal(answer(by=JOANA, answer="confirm"))


def test_what_may_be_done_about_proposals_is_offered_as_long_as_it_may() -> None:
    assert ProposeActionItems.offered(met().case)
    assert not ProposeActionItems.offered(settled().case)
    assert Decide.offered(met().case)
    assert not Decide.offered(owned().case)
    assert not Decide.offered(settled().case)
