"""The steps page: what a person sees, and the one act that each form becomes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from domain.acts.operations import CompleteStep

from domain.customer_message.acts import DraftExternalMessage, MarkPosted, WithdrawMessage
from domain.decisions.acts import ConfirmActionItem, Decide, ItemAnswer, ProposeActionItems
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.engine.effect import Effect
from domain.engine.ledger import Outcome, Status
from domain.lifecycle import waits
from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.meeting.effects import PutEvent
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.policy import Connected
from domain.preparation.document import ActionRow
from tests.playing import AMARA, BEATRIZ, INES, JOANA, RUI, Play
from tests.web_cases import (
    ROWS,
    TEXT,
    House,
    Page,
    approved,
    asked_to_approve,
    chair,
    decided,
    do,
    held,
    house,
    owned,
    received,
)

BY_HAND = Connected(calendar=False, documents=False, issues=False)


async def sent(here: House, person: str, form: str, **typed: str) -> Page:
    return await here.browser().answer(here.steps(person), form, **typed)


def only_act(here: House) -> Act:
    (act,) = here.cases.acts
    return act


async def test_a_page_says_what_it_is_about_and_what_is_waited_for() -> None:
    here = house(received())

    page = await here.browser().open(here.steps(AMARA))

    assert page.headings == [""]
    for words in (
        "Web requests answered with errors",
        "sev1",
        "awaiting an owner",
        "Thu 14 Jan 2027 15:00 (Europe/Lisbon)",
        "Say whether you will own it since Tue 12 Jan 2027 14:53 (Europe/Lisbon)",
        "What happens next",
    ):
        assert words in page.text


async def test_who_is_not_asked_for_anything_sees_so_and_gets_no_form() -> None:
    here = house(received())

    page = await here.browser().open(here.steps(BEATRIZ))

    assert "Nothing at the moment, Beatriz Leal. Thank you." in page.text
    assert page.forms == []


async def test_a_yes_is_an_acceptance_and_leads_back_to_the_page() -> None:
    here = house(received())

    page = await sent(here, AMARA, "accept_ownership", answer="yes")

    assert only_act(here) == AcceptOwnership(by=AMARA)
    assert (page.status, page.url) == (200, f"{here.steps(AMARA)}?done=accept_ownership")
    assert "Thank you: your answer is noted." in page.text


async def test_a_no_keeps_its_reason() -> None:
    here = house(received())

    page = await sent(here, AMARA, "accept_ownership", answer="no", reason="On leave")

    assert only_act(here) == DeclineOwnership(by=AMARA, reason="On leave")
    assert "the next person is asked" in page.text


async def test_no_choice_is_made_beforehand_and_none_is_guessed() -> None:
    here = house(received())
    browser = here.browser()
    page = await browser.open(here.steps(AMARA))
    form = page.form("accept_ownership")
    assert "answer" not in form.filled

    page = await browser.send(page, form, reason="Perhaps")

    assert here.cases.acts == []
    assert page.status == 422
    assert "#accept_ownership-answer" in page.links
    assert page.form("accept_ownership").filled["reason"] == "Perhaps"


async def test_a_refusal_is_shown_with_its_sentence() -> None:
    here = house(owned())

    page = await sent_late(here, RUI)

    assert page.status == 409
    assert "Amara Okafor owns this postmortem already. Nothing to do." in page.text


async def sent_late(here: House, person: str) -> Page:
    """Send a yes from a page that was opened when one was still asked."""
    early = house(received())
    page = await early.browser().open(early.steps(AMARA))
    form = page.form("accept_ownership")
    form.action = here.steps(person).removeprefix("https://postmortems.example.com")
    form.action += "/accept_ownership"
    return await here.browser().send(page, form, answer="yes")


async def test_a_leader_appoints_when_nobody_is_left_to_ask() -> None:
    play = received()
    while play.case.ownership.nominee:
        do(play, DeclineOwnership(by=play.case.ownership.nominee))
    here = house(play)
    leader = waits(play.case)[0].person

    await sent(here, leader, "appoint_owner", owner=RUI)

    assert only_act(here) == AppointOwner(by=leader, owner=RUI)


async def test_the_owner_takes_another_time_that_was_found() -> None:
    here = house(owned())
    page = await here.browser().open(here.steps(AMARA))
    offered = page.form("move_meeting").choices["start"][0]
    limit = here.case.meeting.limit
    assert limit is not None

    await sent(here, AMARA, "move_meeting", start=offered, reason="Two of us are away")

    act = only_act(here)
    assert isinstance(act, MoveMeeting)
    assert act.start == datetime.fromisoformat(offered)


async def test_a_typed_time_is_on_the_home_teams_clocks() -> None:
    here = house(owned())

    await sent(here, AMARA, "move_meeting", start="other", other="2027-07-14T11:00", reason="r")

    act = only_act(here)
    assert isinstance(act, MoveMeeting)
    assert act.start == datetime(2027, 7, 14, 10, tzinfo=UTC)


async def test_giving_the_meeting_its_former_time_again_is_a_new_act() -> None:
    here = house(owned())
    for time in ("2027-01-15T11:00", "2027-01-15T12:00", "2027-01-15T11:00"):
        page = await sent(here, AMARA, "move_meeting", start="other", other=time, reason="r")
        assert page.status == 200

    assert len(here.cases.acts) == 3
    assert here.case.meeting.start == datetime(2027, 1, 15, 11, tzinfo=UTC)


async def test_a_double_click_is_one_act() -> None:
    here = house(received())
    browser = here.browser()
    page = await browser.open(here.steps(AMARA))

    for _ in range(2):
        again = await browser.send(page, page.form("accept_ownership"), answer="yes")
        assert again.status == 200

    assert len(here.cases.acts) == 1


async def test_the_facilitator_records_the_meeting() -> None:
    play = owned()
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=1))
    here = house(play)

    await sent(
        here, chair(play), "record_meeting", held="yes", facts_agreed="no", note="One\r\ntwo"
    )

    assert only_act(here) == RecordMeeting(
        by=chair(play), held=True, facts_agreed=False, note="One\ntwo"
    )


async def test_recording_too_early_is_refused_with_what_was_typed_kept() -> None:
    here = house(owned())

    page = await sent(here, chair(here.play), "record_meeting", held="no", note="Nobody came")

    assert (page.status, here.cases.acts) == (409, [])
    assert "The meeting has not begun yet." in page.text
    assert page.form("record_meeting").filled["note"] == "Nobody came"


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
    do(play, RecordMeeting(by=chair(play), held=True))
    here = house(play)
    page = await sent(here, chair(play), "decide")
    assert page.status == 422

    await sent(here, chair(play), "decide", none="yes")

    assert only_act(here) == Decide(by=chair(play), decisions=())


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


async def test_the_owner_writes_the_customer_message_line_ends_and_marks_kept() -> None:
    here = house(held())
    typed = TEXT.model_dump() | {"what_happened": "A new rule used up all.\r\n\r\nWe took it back."}

    await sent(here, AMARA, "draft_external_message", **typed)

    text = TEXT.replace(what_happened="A new rule used up all.\n\nWe took it back.")
    assert only_act(here) == DraftExternalMessage(by=AMARA, text=text)


async def test_a_revision_begins_with_the_text_and_the_liaisons_comment() -> None:
    play = approved()
    do(play, WithdrawMessage(by=BEATRIZ, reason="It blames a customer"))
    here = house(play)

    page = await here.browser().open(here.steps(AMARA))

    assert "It blames a customer" in page.text
    filled = page.form("draft_external_message").filled
    assert {name: filled[name] for name in TEXT.model_dump()} == TEXT.model_dump()


async def test_the_liaison_says_where_the_message_was_posted() -> None:
    here = house(approved(and_allowed=True))
    page = await here.browser().open(here.steps(BEATRIZ))
    assert TEXT.what_we_do in page.text

    await sent(here, BEATRIZ, "mark_posted", url="https://status.example.com/1")

    assert only_act(here) == MarkPosted(by=BEATRIZ, url="https://status.example.com/1")


async def test_an_approved_message_can_be_stopped_from_the_steps_page() -> None:
    here = house(approved())

    await sent(here, JOANA, "withdraw_message", answer="never", reason="The customer asked us to")

    assert only_act(here) == WithdrawMessage(
        by=JOANA, reason="The customer asked us to", for_good=True
    )


async def test_a_step_without_an_integration_is_done_by_hand() -> None:
    here = house(owned(BY_HAND))
    browser = here.browser()
    page = await browser.open(here.steps(AMARA))
    document, event = (form for form in page.forms if "step" in form.filled)
    assert (document.filled["step"], event.filled["step"]) == ("document", "event")

    await browser.send(page, document, reference="https://wiki.example.com/1")

    assert only_act(here) == CompleteStep(
        by=AMARA, step="document", reference="https://wiki.example.com/1"
    )


async def test_that_an_action_item_is_done_takes_one_click_and_no_address() -> None:
    here = house(late_without_a_tracker())
    page = await here.browser().open(here.steps(INES))
    form = next(each for each in page.forms if each.filled.get("step") == "done:AI-1")
    assert form.texts == []

    page = await here.browser().send(page, form)

    assert page.status == 200
    assert only_act(here) == CompleteStep(by=INES, step="done:AI-1")
    assert here.case.items[0].done_at is not None


def late_without_a_tracker() -> Play:
    """The items' tickets were opened by hand, and their due day is over."""
    play = decided(Connected(issues=False))
    answers = tuple(ItemAnswer(item=f"AI-{n}", answer="confirm") for n in (1, 2))
    do(play, ConfirmActionItem(by=INES, answers=answers))
    for item in ("AI-1", "AI-2"):
        do(play, CompleteStep(by=INES, step=f"issue:{item}", reference="EDGE-1"))
    play.wait(days=30)
    return play


@pytest.mark.parametrize(
    ("answer", "act"),
    [
        ("arrived", CompleteStep(by=AMARA, step="customers")),
        ("again", Retry(by=AMARA, effect="customers")),
    ],
)
async def test_a_delivery_of_unknown_fate_has_two_explicit_answers(answer: str, act: Act) -> None:
    here = house(unknown_delivery())
    page = await sent(here, AMARA, "complete_step")
    assert (page.status, here.cases.acts) == (422, [])

    await sent(here, AMARA, "complete_step", answer=answer)

    assert only_act(here) == act


def unknown_delivery() -> Play:
    play = approved()
    assert play.case.rules is not None
    message = play.case.rules.message.replace(channel="mail")
    fate = Outcome(version="1", status=Status.UNKNOWN, at=play.now, reason="no answer")
    play.case = play.case.replace(
        rules=play.case.rules.replace(message=message),
        ledger={**play.case.ledger, "customers": fate},
    )
    return play


async def test_the_liaison_finds_the_review_page_from_the_steps_page() -> None:
    here = house(asked_to_approve())

    page = await here.browser().open(here.steps(BEATRIZ))

    assert here.review() in page.links


async def test_a_form_that_is_not_ones_own_changes_nothing() -> None:
    here = house(held())
    page = await here.browser().open(here.steps(chair(here.play)))
    form = page.form("decide")
    form.action = here.steps(RUI).removeprefix("https://postmortems.example.com") + "/decide"

    page = await here.browser().send(
        page, form, decided_by=INES, verdict_AI_3="declined", reason_AI_3="r", consequence_AI_3="c"
    )

    assert (page.status, here.cases.acts) == (409, [])
    assert "This is for somebody else to do; nothing was changed." in page.text


async def test_every_field_has_a_label_and_every_id_is_one_of_its_kind() -> None:
    plays = (received(), owned(), owned(BY_HAND), held(), decided(), approved(and_allowed=True))
    for play in plays:
        here = house(play)
        for person in (AMARA, INES, BEATRIZ, JOANA, chair(play)):
            page = await here.browser().open(here.steps(person))

            assert len(page.ids) == len(set(page.ids))
            assert set(page.fields) <= page.labelled
            assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


async def test_addresses_that_people_pasted_become_links_only_when_they_are_web_addresses() -> None:
    play = owned()
    play.case = play.case.replace(document=play.case.document.replace(url="javascript:alert(1)"))
    here = house(play)

    page = await here.browser().open(here.steps(AMARA))

    assert not any(link.startswith("javascript") for link in page.links)


async def test_what_people_wrote_stays_text() -> None:
    play = held()
    play.case = play.case.with_item(play.case.items[0].replace(text="<script>alert(1)</script>"))
    here = house(play)

    page = await here.browser().open(here.steps(chair(play)))

    assert "<script" not in page.html


@pytest.mark.parametrize(
    ("form", "typed", "field"),
    [
        ("move_meeting", {}, "start"),
        ("move_meeting", {"start": "other", "other": "soon"}, "other"),
        ("move_meeting", {"start": "never"}, "start"),
        ("propose_action_items", {}, "text-new"),
        ("draft_external_message", {"subject": "Only this"}, "what_we_do"),
        ("accept_ownership", {"answer": "no", "reason": "x" * 501}, "reason"),
        ("complete_step", {"step": "document"}, "reference"),
        ("complete_step", {}, "step"),
    ],
)
async def test_what_cannot_be_understood_is_said_beside_its_field(
    form: str, typed: dict[str, str], field: str
) -> None:
    here = house(owned())

    page = await posted(here, AMARA, form, typed)

    assert (page.status, here.cases.acts) == (422, [])
    about = "-document" if typed.get("step") else ""
    assert f"#{form}{about}-{field}" in page.links


async def posted(here: House, person: str, form: str, typed: dict[str, str]) -> Page:
    """Send a form as it may be sent without its page."""
    headers = {"Origin": "https://postmortems.example.com"}
    address = f"{here.steps(person)}/{form}"
    return Page(await here.browser().ask("POST", address, data=typed, headers=headers))


async def test_an_owner_who_is_no_id_of_anybody_is_refused_beside_the_field() -> None:
    here = house(owned())

    page = await posted(here, INES, "appoint_owner", {"owner": "Someone Else"})
    without = await posted(here, INES, "appoint_owner", {})

    assert (page.status, without.status, here.cases.acts) == (422, 422, [])
    assert "Choose one of the list." in page.text


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


async def test_a_page_stays_readable_while_temporal_is_away() -> None:
    here = house(owned())
    page = await here.browser().open(here.steps(AMARA))
    here.cases.away = True

    sent_away = await here.browser().send(page, page.form("move_meeting"), start="other")
    opened = await here.browser().ask("GET", here.steps(AMARA))

    assert (sent_away.status, opened.status_code) == (503, 503)
    assert opened.headers["Retry-After"] == "60"


async def test_the_owner_has_tried_again_what_another_system_refused() -> None:
    def no_project(effect: Effect, now: datetime) -> Status | None:  # noqa: ARG001
        return Status.REFUSED if isinstance(effect, PutEvent) else None

    play = Play(trouble=no_project)
    do(play, AcceptOwnership(by=AMARA))
    here = house(play)
    page = await here.browser().open(here.steps(AMARA))
    assert "Something was refused" in page.text

    await sent(here, AMARA, "retry")

    assert only_act(here) == Retry(by=AMARA)


async def test_nobody_is_offered_to_try_again_while_nothing_is_refused() -> None:
    here = house(owned())

    page = await here.browser().open(here.steps(AMARA))

    assert "Something was refused" not in page.text
