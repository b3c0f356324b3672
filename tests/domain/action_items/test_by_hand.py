"""Tickets where no tracker is connected: leaders open and close them, and say so here."""

from datetime import timedelta
from typing import Any

import pytest

from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.notices import ItemDone, TicketByHand
from domain.action_items.ticket import IssueState
from domain.decisions.acts import ProposeActionItems
from domain.engine.act import OPERATIONS
from domain.policy import Connected
from tests.playing import AMARA, HELENA, INES, OLIVER, RUI, Play
from tests.scenes import ROWS, confirm, decide, followed, met, no, yes

NO_TRACKER = Connected(issues=False)


def waiting() -> Play:
    """Two items wait for the tickets that their teams' leaders open."""
    play = met(connected=NO_TRACKER)
    play.act(decide(play.case, yes("AI-1"), yes("AI-2", OLIVER), no("AI-3"), no("AI-4")))
    play.act(confirm(OLIVER, "AI-2"))
    play.act(confirm(INES, "AI-1"))
    return play


def opened() -> Play:
    play = waiting()
    play.act(RecordTicket(by=INES, item="AI-1", reference="https://tracker/browse/WAF-7"))
    play.act(RecordTicket(by=OLIVER, item="AI-2", reference=" EDGE-9 "))
    return play


def test_the_leader_of_each_team_is_asked_for_its_ticket() -> None:
    play = waiting()

    asked = [(each.what, each.person, each.about) for each in play.waits()]
    assert ("ticket-by-hand", INES, "AI-1") in asked
    assert ("ticket-by-hand", OLIVER, "AI-2") in asked
    assert {each.item.id for each in play.told(TicketByHand)} == {"AI-1", "AI-2"}


def test_a_ticket_opened_by_hand_is_followed_from_then_on() -> None:
    play = opened()

    first, second = play.item("AI-1"), play.item("AI-2")
    assert first.issue is not None
    assert second.issue is not None
    assert (first.issue.key, first.issue.url) == ("WAF-7", "https://tracker/browse/WAF-7")
    assert (second.issue.key, second.issue.url) == ("EDGE-9", "")
    assert first.issue.due == first.due is not None
    assert play.waits("ticket-by-hand") == []


def test_after_its_due_day_the_leader_is_asked_whether_it_is_done() -> None:
    play = opened()

    play.wait(days=20)

    assert {each.item.id for each in play.told(ItemDone)} == {"AI-1", "AI-2"}
    play.act(RecordDone(by=INES, item="AI-1"))
    assert play.item("AI-1").done_at == play.now
    assert [each.about for each in play.waits("item-done")] == ["AI-2"]


def test_what_will_not_be_done_needs_a_reason_and_is_not_done() -> None:
    play = opened()
    silent = RecordDone(by=OLIVER, item="AI-2", outcome="won't do", reason=" ")

    assert "Say why AI-2 will not be done" in play.refusal(silent)
    play.act(silent.replace(reason="The proxy goes away."))

    item = play.item("AI-2")
    assert item.issue is not None
    assert item.issue.state is IssueState.WONT_DO
    assert item.done_at is None
    assert item.dropped_because == "The proxy goes away."
    assert not item.open


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"item": "AI-9"}, "needs no ticket"),
        ({"item": "AI-3"}, "needs no ticket"),
        ({"reference": " "}, "Paste the key"),
        ({"by": RUI}, "not yours"),
        ({"by": HELENA}, "not yours"),
    ],
)
def test_a_ticket_is_recorded_where_one_is_wanted(fields: dict[str, Any], said: str) -> None:
    act = RecordTicket(by=INES, item="AI-1", reference="WAF-7").replace(**fields)

    assert said in waiting().refusal(act)


def test_who_could_answer_for_the_team_may_record_its_ticket() -> None:
    play = waiting()

    for by in (AMARA, OPERATIONS, "joana-neves"):
        assert not play.refusal(RecordTicket(by=by, item="AI-1", reference="WAF-7"))


def test_one_ticket_is_enough() -> None:
    again = RecordTicket(by=INES, item="AI-1", reference="WAF-8")

    assert "has its ticket: WAF-7" in opened().refusal(again)


def test_what_is_not_open_is_not_done() -> None:
    play = opened()
    act = RecordDone(by=INES, item="AI-1")
    play.act(act)

    assert "AI-1 is not open" in play.refusal(act)
    assert "AI-9 is not open" in play.refusal(act.replace(item="AI-9"))
    assert "AI-2 is not open" in waiting().refusal(act.replace(item="AI-2"))


def test_where_a_tracker_is_connected_it_opens_and_closes_tickets_by_itself() -> None:
    play = followed()
    play.case = play.case.with_item(play.item("AI-2").replace(issue=None))

    assert "opened by itself" in play.refusal(RecordTicket(by=OLIVER, item="AI-2", reference="X"))
    assert "in the tracker" in play.refusal(RecordDone(by=INES, item="AI-1"))


def test_a_row_of_an_undecided_case_changes_nothing_by_hand() -> None:
    play = met(connected=NO_TRACKER)
    play.act(ProposeActionItems(by=AMARA, items=ROWS))

    assert RecordTicket(by=INES, item="AI-1", reference="x").applied(play.case, play.now) == (
        play.case
    )
    assert RecordDone(by=INES, item="AI-1").applied(play.case, play.now) == play.case


def test_the_weekly_message_is_not_sent_where_nothing_can_be_read() -> None:
    play = opened()

    play.wait(days=30)

    assert play.sent("still-open") == []
    assert play.now - timedelta(days=30) <= play.sent("item-done")[0][0]
