"""The forms of steps that no integration does: the document, tickets, and what became of them."""

import pytest

from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.ticket import IssueState
from domain.decisions.acts import ConfirmActionItem, ItemAnswer
from domain.engine.journal import Door
from domain.policy import Connected
from domain.preparation.subject import RecordDocument
from tests.browser import Form, Page
from tests.playing import AMARA, INES, Play
from tests.web_cases import decided, house, only_act, opened, owned, posted, sent

BY_HAND = Connected(calendar=False, documents=False, issues=False)
WIKI = "https://wiki.example.com/1"


def about(page: Page, act: str, item: str) -> Form:
    """Return the form about one item."""
    forms = (each for each in page.forms if each.action.endswith(f"/{act}"))
    return next(each for each in forms if each.filled["item"] == item)


def confirmed() -> Play:
    """The team confirmed two items, and no tracker opens their tickets."""
    play = decided(Connected(issues=False))
    answers = tuple(ItemAnswer(item=f"AI-{n}", answer="confirm") for n in (1, 2))
    play.act(ConfirmActionItem(by=INES, answers=answers))
    return play


def late() -> Play:
    """Their tickets were opened by hand, and their due day is over."""
    play = confirmed()
    for item in ("AI-1", "AI-2"):
        play.act(RecordTicket(by=INES, item=item, reference="EDGE-1"))
    play.wait(days=30)
    return play


def lost() -> Play:
    """The tracker shows a ticket no more."""
    play = decided()
    answers = tuple(ItemAnswer(item=f"AI-{n}", answer="confirm") for n in (1, 2))
    play.act(ConfirmActionItem(by=INES, answers=answers))
    issue = play.item("AI-1").issue
    assert issue is not None
    play.take(issue.key, IssueState.UNREACHABLE)
    play.signal("ticket_changed", play.issues[issue.key].model_dump(mode="json"))
    assert play.item("AI-1").unreachable_at is not None
    return play


async def test_the_document_is_made_by_hand_where_no_store_is_connected() -> None:
    here = house(owned(BY_HAND))
    assert (await sent(here, AMARA, "record_document")).status == 422

    await sent(here, AMARA, "record_document", reference=WIKI)

    assert only_act(here) == RecordDocument(by=AMARA, through=Door.PAGE, reference=WIKI)


async def test_each_item_has_its_own_form_for_its_ticket() -> None:
    here = house(confirmed())
    page = await opened(here, INES)
    forms = [about(page, "record_ticket", item) for item in ("AI-1", "AI-2")]

    page = await here.browser().send(page, forms[1], reference="EDGE-7")

    assert page.status == 200
    assert only_act(here) == RecordTicket(
        by=INES, through=Door.PAGE, item="AI-2", reference="EDGE-7"
    )


async def test_what_is_wrong_is_said_in_the_form_of_its_item() -> None:
    here = house(confirmed())
    page = await opened(here, INES)

    page = await here.browser().send(page, about(page, "record_ticket", "AI-2"))

    assert (page.status, here.cases.acts) == (422, [])
    assert "#record_ticket-AI-2-reference" in page.links
    assert "record_ticket-AI-2-reference-error" in page.ids
    assert "record_ticket-AI-1-reference-error" not in page.ids


async def test_that_an_action_item_is_done_takes_a_word_and_a_click_and_no_address() -> None:
    here = house(late())
    page = await opened(here, INES)
    form = about(page, "record_done", "AI-1")
    assert form.buttons == {"outcome": ["done", "won't do"]}
    assert form.texts == ["word", "reason"]

    page = await here.browser().send(page, form, outcome="done")

    assert page.status == 200
    assert only_act(here) == RecordDone(by=INES, through=Door.PAGE, item="AI-1", outcome="done")
    assert here.case.items[0].done_at is not None


async def test_what_will_not_be_done_needs_a_reason_and_never_counts_as_done() -> None:
    here = house(late())
    page = await opened(here, INES)
    form = about(page, "record_done", "AI-1")
    silent = await here.browser().send(page, form, outcome="won't do")
    assert (silent.status, here.cases.acts) == (422, [])
    assert "#record_done-AI-1-reason" in silent.links

    await here.browser().send(page, form, outcome="won't do", reason="The service is gone")

    item = here.case.items[0]
    assert (item.done_at, item.dropped_because) == (None, "The service is gone")


async def test_neither_button_pressed_says_nothing() -> None:
    here = house(late())
    page = await opened(here, INES)

    page = await here.browser().send(page, about(page, "record_done", "AI-1"))

    assert (page.status, here.cases.acts) == (422, [])


async def test_a_ticket_that_cannot_be_seen_is_asked_about_in_both_ways() -> None:
    here = house(lost())

    page = await opened(here, INES)

    assert "#record_ticket-AI-1" in page.links
    for act in ("record_ticket", "record_done"):
        assert "AI-1" in about(page, act, "AI-1").filled["item"]
    assert "cannot be seen any more" in page.text
    assert "Where is the ticket now?" in page.text
    await here.browser().send(page, about(page, "record_ticket", "AI-1"), reference="NEW-1")
    issue = here.case.items[0].issue
    assert issue is not None
    assert issue.key == "NEW-1"


@pytest.mark.parametrize("act", ["record_ticket", "record_done"])
async def test_a_form_that_says_no_item_is_not_guessed(act: str) -> None:
    here = house(late())

    page = await posted(here, INES, act, {"outcome": "done", "reference": "EDGE-1"})

    assert (page.status, here.cases.acts) == (422, [])
