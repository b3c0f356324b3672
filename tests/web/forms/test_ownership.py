"""The forms about who owns it: yes or no in one form, and naming somebody."""

from domain.engine.journal import Door
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from tests.browser import Page
from tests.playing import AMARA, INES, JOANA, RUI, Play
from tests.web_cases import House, house, only_act, owned, posted, received, sent


async def test_a_yes_is_an_acceptance_and_leads_back_to_the_page() -> None:
    here = house(received())

    page = await sent(here, AMARA, "accept_ownership", answer="yes")

    assert only_act(here) == AcceptOwnership(by=AMARA, through=Door.PAGE)
    assert (page.status, page.url) == (200, f"{here.steps(AMARA)}?done=accept_ownership")
    assert "Thank you: your answer is noted." in page.text


async def test_a_no_keeps_its_reason() -> None:
    here = house(received())

    page = await sent(here, AMARA, "accept_ownership", answer="no", reason="On leave")

    assert only_act(here) == DeclineOwnership(by=AMARA, through=Door.PAGE, reason="On leave")
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


async def test_a_reason_that_is_too_long_is_said_beside_it() -> None:
    here = house(received())

    page = await sent(here, AMARA, "accept_ownership", answer="no", reason="x" * 501)

    assert (page.status, here.cases.acts) == (422, [])
    assert "#accept_ownership-reason" in page.links


async def test_a_yes_that_comes_too_late_is_refused_with_its_sentence() -> None:
    here = house(owned())

    page = await sent_late(here, RUI)

    assert page.status == 409
    assert "Amara Okafor owns this postmortem already. Nothing to do." in page.text


async def sent_late(here: House, person: str) -> Page:
    """Send a yes from a page that was opened when one was still asked."""
    early = house(received())
    page = await early.browser().open(early.steps(AMARA))
    form = page.form("accept_ownership")
    form.action = f"{here.steps(person)}/accept_ownership"
    return await here.browser().send(page, form, answer="yes")


def unowned() -> Play:
    """Everybody who was asked said no."""
    play = received()
    while play.case.ownership.nominee:
        play.act(DeclineOwnership(by=play.case.ownership.nominee))
    return play


async def test_a_leader_appoints_when_nobody_is_left_to_ask() -> None:
    here = house(unowned())

    await sent(here, JOANA, "appoint_owner", owner=RUI)

    assert only_act(here) == AppointOwner(by=JOANA, through=Door.PAGE, owner=RUI)
    assert here.case.ownership.owner == RUI


async def test_somebody_whom_the_case_does_not_know_yet_is_appointed_by_id() -> None:
    here = house(unowned())
    page = await here.browser().open(here.steps(JOANA))
    assert "maya-cohen" not in page.form("appoint_owner").choices["owner"]

    await sent(here, JOANA, "appoint_owner", other="maya-cohen")

    assert only_act(here) == AppointOwner(by=JOANA, through=Door.PAGE, owner="maya-cohen")


async def test_an_owner_who_is_no_id_of_anybody_is_refused_beside_the_field() -> None:
    here = house(owned())

    without = await posted(here, INES, "appoint_owner", {})
    listed = await posted(here, INES, "appoint_owner", {"owner": "Someone Else"})
    other = await posted(here, INES, "appoint_owner", {"other": "Someone Else"})

    assert [without.status, listed.status, other.status] == [422, 422, 422]
    assert here.cases.acts == []
    assert "#appoint_owner-owner" in listed.links
    assert "#appoint_owner-other" in other.links
