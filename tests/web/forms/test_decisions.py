"""The forms about proposals: making them, deciding them, confirming them for a team."""

from datetime import date, timedelta

import pytest

from domain.decisions.acts import ConfirmActionItem, Decide, ItemDecision, ProposeActionItems
from domain.decisions.state import Verdict
from domain.engine.journal import Door
from domain.meeting.acts import RecordMeeting
from domain.preparation.document import ActionRow
from tests.playing import AMARA, INES, JOANA
from tests.web_cases import ROWS, chair, decided, held, house, only_act, opened, owned, posted, sent


async def test_decisions_of_the_meeting_become_one_act() -> None:
    here = house(held())

    await sent(
        here,
        chair(here.play),
        "decide",
        decided_by=INES,
        verdict_AI_1="accepted",
        verdict_AI_2="deferred",
        reason_AI_2="Too big for now",
        consequence_AI_2="A bad rule reaches everybody at once",
        revisit_AI_2="2027-04-01",
        verdict_AI_3="already done",
        reason_AI_3="The status page does it",
        decided_by_AI_3=JOANA,
    )

    act = only_act(here)
    assert isinstance(act, Decide)
    first, second, third = act.decisions
    assert (first.item, first.verdict, first.priority) == ("AI-1", Verdict.ACCEPTED, "P1")
    assert (second.revisit, second.decided_by) == (date(2027, 4, 1), INES)
    assert (third.verdict, third.decided_by) == (Verdict.ALREADY_DONE, JOANA)


async def test_what_a_decision_lacks_is_said_beside_it_all_at_once() -> None:
    here = house(held())

    page = await sent(
        here, chair(here.play), "decide", verdict_AI_1="deferred", verdict_AI_3="accepted"
    )

    assert page.status == 422
    wanted = ("reason-AI-1", "consequence-AI-1", "revisit-AI-1", "decided_by-AI-1", "team-AI-3")
    for field in wanted:
        assert f"#decide-{field}" in page.links
        assert f"decide-{field}" in page.ids


async def test_the_facilitator_is_no_leader_to_choose() -> None:
    here = house(held())

    page = await here.browser().open(here.steps(chair(here.play)))

    leaders = page.form("decide").choices["decided_by"]
    assert INES in leaders
    assert chair(here.play) not in leaders


async def test_a_meeting_without_proposals_is_closed_with_one_explicit_box() -> None:
    play = owned()
    play.case = play.case.replace(items=())
    play.rows = ()
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=5))
    play.act(RecordMeeting(by=chair(play), held=True))
    here = house(play)
    page = await sent(here, chair(play), "decide")
    assert page.status == 422

    await sent(here, chair(play), "decide", none="yes")

    assert only_act(here) == Decide(by=chair(play), through=Door.PAGE, decisions=())


async def test_a_team_confirms_and_takes_back_in_one_form() -> None:
    here = house(decided())

    await sent(
        here,
        INES,
        "confirm_action_item",
        answer_AI_1="confirm",
        answer_AI_2="decline",
        reason_AI_2="Done by the platform",
        consequence_AI_2="None for us",
    )

    act = only_act(here)
    assert isinstance(act, ConfirmActionItem)
    assert [(each.item, each.answer) for each in act.answers] == [
        ("AI-1", "confirm"),
        ("AI-2", "decline"),
    ]


async def test_one_click_takes_up_what_stands_in_the_document() -> None:
    here = house(owned())
    page = await here.browser().open(here.steps(AMARA))
    assert "Missing: a priority (P0 to P3), a team, how one will see that it is done" in page.text

    await sent(here, AMARA, "propose_action_items", text_new="Write the runbook")

    act = only_act(here)
    assert isinstance(act, ProposeActionItems)
    rows = tuple(row.replace(id=f"AI-{number}") for number, row in enumerate(ROWS, start=1))
    assert act.items == (*rows, ActionRow(text="Write the runbook"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("revisit-AI-1", "soon"), ("reason-AI-1", "x" * 501), ("verdict-AI-1", "perhaps")],
)
async def test_a_decision_that_cannot_be_read_is_said_beside_its_item(
    field: str, value: str
) -> None:
    here = house(held())
    typed = {
        "verdict-AI-1": "deferred",
        "reason-AI-1": "r",
        "consequence-AI-1": "c",
        "revisit-AI-1": "2027-04-01",
        "decided_by": INES,
        field: value,
    }

    page = await posted(here, chair(here.play), "decide", typed)

    assert (page.status, here.cases.acts) == (422, [])
    assert f"#decide-{field}" in page.links


async def test_answers_of_a_team_need_their_explanations() -> None:
    here = house(decided())

    empty = await posted(here, INES, "confirm_action_item", {})
    bare = await posted(here, INES, "confirm_action_item", {"answer-AI-1": "defer"})

    assert (empty.status, bare.status, here.cases.acts) == (422, 422, [])
    assert "#confirm_action_item-answer-AI-1" in empty.links
    assert "#confirm_action_item-revisit-AI-1" in bare.links


async def test_items_that_were_accepted_on_different_days_are_answered_together() -> None:
    play = held()
    for number, item in enumerate(play.case.items[:2]):
        play.wait(hours=number)
        verdict = ItemDecision(item=item.id, verdict=Verdict.ACCEPTED, decided_by=INES)
        play.act(Decide(by=chair(play), decisions=(verdict,)))

    page = await opened(house(play), INES)

    assert len([each for each in play.life.asked if each.waiting.what == "confirmation"]) == 2
    assert page.form_names == ["confirm_action_item", "snooze"]
    assert {"answer-AI-1", "answer-AI-2"} <= page.form("confirm_action_item").choices.keys()


async def test_an_answer_that_is_none_of_the_three_is_not_guessed() -> None:
    here = house(decided())

    page = await posted(here, INES, "confirm_action_item", {"answer-AI-1": "perhaps"})

    assert (page.status, here.cases.acts) == (422, [])
    assert "Choose one of the three." in page.text


async def test_a_team_that_nobody_knows_is_said_to_be_missing() -> None:
    play = held()
    play.case = play.case.with_item(play.case.items[0].replace(team="ghosts"))

    page = await opened(house(play), chair(play))

    assert "a team we know (“ghosts” is not one)" in page.text


async def test_a_proposal_needs_words() -> None:
    here = house(owned())

    page = await posted(here, AMARA, "propose_action_items", {})

    assert (page.status, here.cases.acts) == (422, [])
    assert "#propose_action_items-text-new" in page.links


async def test_nothing_is_lost_of_a_proposal_that_is_too_much_for_one_form() -> None:
    here = house(owned())
    typed = {f"text-{number}": "One more" for number in range(61)}

    page = await posted(here, AMARA, "propose_action_items", typed)

    assert (page.status, here.cases.acts) == (422, [])
    assert "These are too many: at most 60." in page.text
