"""Verdicts, the teams' answers, and what silence means."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.action_items.effects import OpenIssue
from domain.case import Phase
from domain.decisions.acts import ConfirmActionItem, Decide, ItemAnswer, ItemDecision
from domain.decisions.notices import ConfirmationWanted, DecisionRecorded
from domain.decisions.state import Verdict
from domain.incident import Role
from domain.phases import phase
from domain.preparation.document import ActionRow
from domain.preparation.effects import PutDocument
from domain.preparation.facts import DecisionFacts
from domain.proposals import decision_facts
from tests.playing import (
    AMARA,
    HELENA,
    INES,
    KWAME,
    OLIVER,
    PRIYA,
    an_incident,
    snapshot,
)
from tests.scenes import (
    confirm,
    decide,
    decided,
    leads_no_more,
    met,
    no,
    owned,
    record,
    settled,
    yes,
)

LATE = ActionRow(text="Think about rules", priority="p1 ", team="Edge-Firewall")


# --- verdicts -------------------------------------------------------------------------------


def test_every_verdict_stands_in_the_document_with_reason_and_consequence() -> None:
    play = met()
    later = ItemDecision(
        item="AI-2",
        verdict=Verdict.DEFERRED,
        decided_by=OLIVER,
        reason="The proxy moves first.",
        consequence="Rules go out at once until then.",
        revisit=date(2027, 3, 1),
    )
    already = ItemDecision(
        item="AI-4", verdict=Verdict.ALREADY_DONE, decided_by=INES, reason="Done on the night."
    )

    play.act(decide(play.case, yes("AI-1"), later, no("AI-3"), already))

    first, second, third, fourth = decision_facts(play.case)
    assert (first.text, first.verdict, first.by) == (
        "Refuse rules that backtrack",
        Verdict.ACCEPTED,
        "Inês Duarte",
    )
    assert second == DecisionFacts(
        item="AI-2",
        text="Roll rules out in stages",
        verdict=Verdict.DEFERRED,
        by="Oliver Hartley",
        reason="The proxy moves first.",
        consequence="Rules go out at once until then.",
        revisit=date(2027, 3, 1),
    )
    assert third.consequence == "It may happen again."
    assert (fourth.verdict, fourth.reason) == (Verdict.ALREADY_DONE, "Done on the night.")
    assert play.case.decided_at == play.now
    assert play.kinds(PutDocument)[-1].document.decisions == decision_facts(play.case)


def test_decisions_may_come_in_parts() -> None:
    play = met()

    play.act(decide(play.case, no("AI-1"), no("AI-2", OLIVER)))
    halfway = play.case.decided_at
    play.wait(hours=1)
    play.act(decide(play.case, no("AI-3"), no("AI-4")))

    assert halfway is None
    assert play.case.decided_at == play.now


def test_a_meeting_without_proposals_is_decided_by_saying_so() -> None:
    play = owned()
    play.until(play.case.meeting.end)
    play.act(record(play.case))
    waiting = phase(play.case)

    play.act(decide(play.case))

    assert waiting is Phase.DECIDING
    assert play.case.published_at == play.now


def test_what_nobody_decides_is_deferred_visibly_after_three_business_days() -> None:
    play = met()
    play.act(decide(play.case, no("AI-1")))

    play.until(datetime(2027, 1, 19, 16, 0, tzinfo=UTC))

    dropped = play.item("AI-2").decision
    assert dropped is not None
    assert (dropped.verdict, dropped.reason) == (Verdict.DEFERRED, "no decision taken")
    assert play.item("AI-1").decision is not None
    assert play.case.published_at == play.now


def test_a_proposal_typed_after_the_verdicts_opens_them_again() -> None:
    play = decided()
    play.rows = (*play.rows, LATE)

    play.act(confirm(INES, "AI-3", "AI-4"))
    reopened = phase(play.case)
    play.act(confirm(OLIVER, "AI-2"))
    play.until(play.now + timedelta(days=7))

    assert reopened is Phase.DECIDING
    dropped = play.item("AI-5").decision
    assert dropped is not None
    assert dropped.reason == "no decision taken"
    assert play.case.published_at is not None


def test_a_late_proposal_that_is_deleted_again_closes_the_decisions() -> None:
    play = decided()
    play.rows = (*play.rows, LATE)
    play.act(confirm(INES, "AI-3"))
    play.rows = play.rows[:-1]

    play.act(confirm(INES, "AI-4"))

    assert len(play.case.items) == 4
    assert play.case.decided_at == play.now


def test_rows_typed_after_publication_are_no_proposals() -> None:
    play = settled()
    play.rows = (*play.rows, LATE)

    play.take("WAF-1")
    play.signal("ticket_changed", play.issues["WAF-1"].model_dump(mode="json"))

    assert play.case.published_at is not None
    assert len(play.case.items) == 4
    assert phase(play.case) is Phase.FOLLOWING_THROUGH


def test_the_same_verdict_again_does_not_prolong_the_wait() -> None:
    play = met()
    act = decide(play.case, yes("AI-3"), no("AI-4"))
    play.act(act)
    before = play.case
    play.now += timedelta(minutes=30)

    play.act(act)

    assert play.case == before


# --- the owning teams -----------------------------------------------------------------------


def test_a_recorded_decision_is_no_teams_yes_for_a_p0_neither_which_is_asked_at_once() -> None:
    play = met()

    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER)))

    assert play.kinds(OpenIssue) == []
    assert play.sent("confirmation") == [(play.now, INES), (play.now, OLIVER)]
    play.act(confirm(INES, "AI-1"))
    assert [e.item for e in play.kinds(OpenIssue)] == ["AI-1"]


def test_whose_decision_was_recorded_hears_of_it_unless_they_are_asked_about_it() -> None:
    play = met()
    chair = play.case.meeting.facilitator or ""

    play.act(decide(play.case, yes("AI-1"), no("AI-2", PRIYA), yes("AI-3", KWAME)))
    play.wait(hours=1)
    play.act(Decide(by=AMARA, decisions=(no("AI-4", KWAME),)))

    told = {to: effect.notice for _, effect in play.notices() for to in effect.reached()}
    assert {to for _, to in play.sent("decision-recorded")} == {PRIYA, KWAME}
    recorded = told[PRIYA]
    assert isinstance(recorded, DecisionRecorded)
    assert (recorded.recorded_by, chair) == ("Hannah Lindqvist", "hannah-lindqvist")
    assert [(each.id, each.verdict) for each in recorded.verdicts] == [("AI-2", Verdict.DECLINED)]


def test_who_writes_down_their_own_decision_is_not_told_of_it() -> None:
    incident = an_incident()
    responders = tuple(each for each in incident.participants if each.role is Role.RESPONDER)
    play = met(incident=incident.replace(participants=responders))

    play.act(Decide(by=INES, decisions=(no("AI-1"),)))

    assert not play.sent("decision-recorded")


def test_a_confirmed_item_is_ticketed_and_a_p2_stays_a_note() -> None:
    play = settled()

    assert [e.item for e in play.kinds(OpenIssue)] == ["AI-1", "AI-3", "AI-2"]
    assert play.item("AI-4").state == "accepted"


def test_silence_confirms_where_a_leader_of_the_team_committed() -> None:
    play = decided()

    play.until(datetime(2027, 1, 15, 16, 0, tzinfo=UTC))

    confirmed = play.item("AI-2").confirmation
    assert confirmed is not None
    assert confirmed.by is None


def test_silence_defers_what_nobody_accepted_who_leads_the_team_still() -> None:
    play = decided()
    leads_no_more(play, KWAME)

    play.until(datetime(2027, 1, 18, 16, 0, tzinfo=UTC))

    dropped = play.item("AI-3").decision
    assert dropped is not None
    assert dropped.verdict is Verdict.DEFERRED
    assert dropped.reason == "not confirmed by the owning team"
    assert dropped.by != play.case.meeting.facilitator


@pytest.mark.parametrize(
    ("answer", "verdict"), [("defer", Verdict.DEFERRED), ("decline", Verdict.DECLINED)]
)
def test_a_team_may_take_an_item_back(answer: str, verdict: Verdict) -> None:
    play = decided()
    told = {"item": "AI-3", "answer": answer, "reason": "No one is free", "consequence": "Risk"}
    back = ItemAnswer.model_validate({**told, "revisit": "2027-04-01"})

    play.act(ConfirmActionItem(by=INES, answers=(back,)))

    assert play.item("AI-3").decision is not None
    assert play.item("AI-3").state.value == verdict.value


def test_an_item_accepted_again_waits_for_its_team_again() -> None:
    play = met()
    play.act(decide(play.case, yes("AI-3", KWAME)))
    leads_no_more(play, KWAME)
    play.wait(days=1)
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER)))
    play.until(datetime(2027, 1, 18, 16, 0, tzinfo=UTC))
    dropped = play.item("AI-3").state

    play.act(decide(play.case, yes("AI-3")))
    again = play.item("AI-3").state
    play.wait(days=5)

    assert (dropped, again) == ("deferred", "confirming with the team")
    assert play.item("AI-3").state == "ticketed"
    assert play.case.published_at is not None


def test_items_accepted_later_are_announced_too_and_earlier_ones_only_once() -> None:
    play = met()
    play.act(decide(play.case, yes("AI-3", KWAME)))
    play.wait(minutes=30)

    play.act(decide(play.case, yes("AI-4", KWAME)))
    play.act(confirm(INES, "AI-3"))

    announced = [[item.id for item in each.items] for each in play.told(ConfirmationWanted)]
    assert announced == [["AI-3"], ["AI-4"]]


def test_two_late_teams_under_one_manager_reach_that_manager() -> None:
    play = met()
    play.act(decide(play.case, yes("AI-2", PRIYA), yes("AI-3", KWAME)))
    leads_no_more(play, PRIYA)
    leads_no_more(play, KWAME)

    play.until(datetime(2027, 1, 15, 18, 0, tzinfo=UTC))

    told = [mail.kinds for mail in play.mails if mail.to == HELENA]
    assert told == [("escalation", "escalation")]


def test_an_item_of_a_lost_team_goes_to_the_commander() -> None:
    play = decided()
    known = play.case.directory
    assert known is not None
    teams = {name: team for name, team in known.teams.items() if name != "edge-platform"}
    play.case = play.case.replace(directory=known.replace(teams=teams))

    play.act(confirm("joana-neves", "AI-2"))

    assert play.kinds(OpenIssue)[-1].ticket.project == "WAF"


def test_an_item_that_nobody_could_be_asked_about_is_dropped_after_twice_the_cool_down() -> None:
    everybody = snapshot(an_incident().resolved_at)
    known = everybody.replace(incident_commanders=(), process_owner=None)
    incident = an_incident()
    responders = tuple(each for each in incident.participants if each.role is Role.RESPONDER)
    play = met(incident=incident.replace(participants=responders), directory=known)
    play.act(decide(play.case, yes("AI-3", KWAME)))
    play.directory = known.replace(teams={})
    play.case = play.case.carried()
    play.settle()
    waiting = play.waits("confirmation")

    play.wait(days=5)

    dropped = play.item("AI-3").decision
    assert waiting == []
    assert dropped is not None
    assert (dropped.verdict, dropped.by) == (Verdict.DEFERRED, AMARA)
