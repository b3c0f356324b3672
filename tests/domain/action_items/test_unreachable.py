"""A ticket that can no longer be seen stays open and is asked about (defect 2)."""

from datetime import timedelta

from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.notices import UnreachableTicket
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.case import Phase
from domain.phases import phase
from tests.playing import INES, RUI, Play
from tests.scenes import followed


def lost(key: str = "WAF-1") -> Play:
    """The tracker answers 404 for one ticket, and the case has read it."""
    play = followed()
    play.take(key, IssueState.UNREACHABLE)
    play.signal("ticket_changed", play.issues[key].model_dump(mode="json"))
    return play


def test_its_team_is_asked_what_became_of_it() -> None:
    play = lost()

    play.wait(days=1)

    assert [each.item.ticket for each in play.told(UnreachableTicket)] == ["WAF-1"]
    assert [(each.person, each.about) for each in play.waits("unreachable-ticket")] == [
        (INES, "AI-1")
    ]


def test_it_is_read_again_before_anybody_is_asked() -> None:
    play = followed()
    told = play.issues["WAF-1"].replace(state=IssueState.UNREACHABLE, touched_at=None)

    play.signal("ticket_changed", told.model_dump(mode="json"))

    assert play.told(UnreachableTicket) == []
    assert play.item("AI-1").unreachable_at is None
    issue = play.item("AI-1").issue
    assert issue is not None
    assert issue.state is IssueState.OPEN


def test_it_keeps_the_case_open_however_long_nobody_answers() -> None:
    play = lost()
    for key in play.issues:
        if key != "WAF-1":
            play.take(key)

    play.wait(days=90)

    assert phase(play.case) is Phase.FOLLOWING_THROUGH
    assert play.item("AI-1").open
    assert play.item("AI-1").done_at is None


def test_what_was_known_of_it_is_kept() -> None:
    play = lost()

    before, now = play.item("AI-1"), play.item("AI-1").issue
    assert now is not None
    assert (now.key, now.due) == ("WAF-1", before.due)


def test_a_ticket_that_is_seen_again_is_not_asked_about_any_more() -> None:
    play = lost()
    play.wait(days=1)

    play.take("WAF-1", IssueState.OPEN)
    play.signal("ticket_changed", play.issues["WAF-1"].model_dump(mode="json"))

    assert play.waits("unreachable-ticket") == []
    assert play.item("AI-1").unreachable_at is None


def test_its_leader_says_that_it_is_done() -> None:
    play = lost()

    play.act(RecordDone(by=INES, item="AI-1"))

    assert play.item("AI-1").done_at == play.now
    assert play.waits("unreachable-ticket") == []


def test_its_leader_says_why_it_will_not_be_done() -> None:
    play = lost()
    act = RecordDone(by=INES, item="AI-1", outcome="won't do")

    assert "Say why" in play.refusal(act)
    assert "not yours" in play.refusal(act.replace(by=RUI, reason="x"))
    play.act(act.replace(reason="The project was closed."))

    assert play.item("AI-1").done_at is None
    assert play.item("AI-1").dropped_because == "The project was closed."


def test_its_leader_says_where_it_stands_now() -> None:
    play = lost()

    play.act(RecordTicket(by=INES, item="AI-1", reference="https://tracker/browse/NEW-5"))

    issue = play.item("AI-1").issue
    assert issue is not None
    assert (issue.key, issue.state) == ("NEW-5", IssueState.OPEN)
    assert play.waits("unreachable-ticket") == []


def test_a_telling_about_an_earlier_moment_loses() -> None:
    play = followed()
    late, early = play.now + timedelta(hours=2), play.now + timedelta(hours=1)
    play.wait(hours=3)
    done = ObservedIssue(key="WAF-1", state=IssueState.DONE, touched_at=late)
    still_open = ObservedIssue(key="WAF-1", state=IssueState.OPEN, touched_at=early)
    play.issues["WAF-1"] = done

    play.signal("ticket_changed", done.model_dump(mode="json"))
    finished = play.item("AI-1")
    play.signal("ticket_changed", still_open.model_dump(mode="json"))

    assert finished.done_at == play.now
    assert play.item("AI-1") == finished


def test_what_is_finished_stays_finished_when_its_ticket_is_deleted() -> None:
    play = lost()
    play.act(RecordDone(by=INES, item="AI-1", outcome="won't do", reason="Nobody needs it."))
    before = play.item("AI-1")

    play.signal("ticket_changed", play.issues["WAF-1"].model_dump(mode="json"))

    assert play.item("AI-1") == before
