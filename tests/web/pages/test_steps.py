"""The steps page: what a person sees, what is refused, and that looking changes nothing."""

import pytest

from domain.engine.journal import Happening
from domain.policy import Connected
from tests.playing import AMARA, BEATRIZ, INES, JOANA, RUI, Play
from tests.web_cases import (
    approved,
    asked_to_approve,
    chair,
    decided,
    held,
    house,
    opened,
    owned,
    posted,
    received,
)

BY_HAND = Connected(calendar=False, documents=False, issues=False)


async def test_a_page_says_what_it_is_about_and_what_is_waited_for() -> None:
    page = await opened(house(received()), AMARA)

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
    page = await opened(house(received()), BEATRIZ)

    assert "Nothing at the moment, Beatriz Leal. Thank you." in page.text
    assert "Amara Okafor: a yes or no to owning it" in page.text
    assert page.forms == []


async def test_a_double_click_is_one_act() -> None:
    here = house(received())
    browser = here.browser()
    page = await browser.open(here.steps(AMARA))

    for _ in range(2):
        again = await browser.send(page, page.form("accept_ownership"), answer="yes")
        assert again.status == 200

    assert len(here.cases.acts) == 1


async def test_what_the_case_does_by_itself_between_two_clicks_makes_no_second_act() -> None:
    here = house(asked_to_approve())
    page = await opened(here, AMARA)
    noted = here.case.with_line(here.play.now, Happening.OUTCOME, "write_record")
    here.play.case = noted.replace(reminded={AMARA: here.play.now})

    again = await opened(here, AMARA)

    seen = [each.form("draft_external_message").filled["seen"] for each in (page, again)]
    assert seen[0] == seen[1]


async def test_the_liaison_finds_the_review_page_from_the_steps_page() -> None:
    here = house(asked_to_approve())

    page = await opened(here, BEATRIZ)

    assert here.review() in page.links


async def test_what_needs_the_code_of_a_mail_is_no_form_of_this_page() -> None:
    here = house(asked_to_approve())
    asked = here.case.message.approvals[-1]
    typed = {"digest": asked.digest, "decision": "approved", "code": here.code()}

    for act in ("decide_external_message", "report_wrong_code"):
        page = await posted(here, BEATRIZ, act, typed)
        assert (page.status, here.cases.acts) == (404, [])


@pytest.mark.parametrize("form", ["complete_step", "incident_resolved", "nothing"])
async def test_a_form_that_there_is_not_leads_nowhere(form: str) -> None:
    here = house(owned())

    page = await posted(here, AMARA, form, {})

    assert (page.status, here.cases.acts) == (404, [])


async def test_a_form_that_is_not_ones_own_changes_nothing() -> None:
    here = house(held())
    page = await opened(here, chair(here.play))
    form = page.form("decide")
    form.action = f"{here.steps(RUI)}/decide"

    page = await here.browser().send(
        page, form, decided_by=INES, verdict_AI_3="declined", reason_AI_3="r", consequence_AI_3="c"
    )

    assert (page.status, here.cases.acts) == (409, [])
    assert "Only the facilitator, the owner and the incident commander" in page.text


PLAYS = [received, owned, lambda: owned(BY_HAND), held, decided, lambda: approved(and_allowed=True)]


@pytest.mark.parametrize("play", PLAYS)
async def test_every_field_has_a_label_and_every_id_is_one_of_its_kind(play: object) -> None:
    assert callable(play)
    here = house(play())
    for person in (AMARA, INES, BEATRIZ, JOANA, chair(here.play)):
        page = await opened(here, person)

        assert len(page.ids) == len(set(page.ids))
        assert set(page.fields) <= page.labelled
        assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


async def test_addresses_that_people_pasted_become_links_only_when_they_are_web_addresses() -> None:
    play = owned()
    play.case = play.case.replace(document=play.case.document.replace(url="javascript:alert(1)"))

    page = await opened(house(play), AMARA)

    assert not any(link.startswith("javascript") for link in page.links)


async def test_what_people_wrote_stays_text() -> None:
    play = held()
    play.case = play.case.with_item(play.case.items[0].replace(text="<script>alert(1)</script>"))

    page = await opened(house(play), chair(play))

    assert "<script" not in page.html


async def test_a_page_stays_readable_while_temporal_is_away() -> None:
    here = house(owned())
    page = await opened(here, AMARA)
    here.cases.away = True

    sent_away = await here.browser().send(page, page.form("move_meeting"), start="other")
    asked = await here.browser().ask("GET", here.steps(AMARA))

    assert (sent_away.status, asked.status_code) == (503, 503)
    assert asked.headers["Retry-After"] == "60"


async def test_an_address_that_says_something_is_done_says_only_what_there_is() -> None:
    here = house(owned())

    done = await here.browser().open(f"{here.steps(AMARA)}?done=move_meeting")
    made_up = await here.browser().open(f"{here.steps(AMARA)}?done=%3Cb%3Emade+up")

    assert "The meeting has its new time; the invitation follows." in done.text
    assert (made_up.status, "made up" in made_up.text) == (200, False)


async def test_who_answers_for_the_case_reads_what_happened_so_far_the_newest_last() -> None:
    here = house(approved())

    page = await opened(here, AMARA)

    told = page.text.partition("What happened so far")[2]
    story = (
        "Tue 12 Jan 2027 14:53 (Europe/Lisbon) Amara Okafor got the question whether to own it.",
        "Amara Okafor will own it.",
        "noted that the meeting was held.",
        "recorded decisions: AI-1 accepted, AI-2 accepted, AI-3 declined.",
        "Beatriz Leal approved the customer message.",
    )
    places = [told.find(each) for each in story]
    assert -1 not in places
    assert places == sorted(places)


async def test_what_happened_says_through_which_door_somebody_came() -> None:
    here = house(received())
    await posted(here, AMARA, "accept_ownership", {"answer": "yes"})

    page = await opened(here, AMARA)

    assert "· on the page Amara Okafor will own it." in page.text


async def test_who_only_takes_part_reads_no_journal_and_the_commander_does() -> None:
    here = house(approved())

    assert "What happened so far" not in (await opened(here, RUI)).text
    assert "What happened so far" in (await opened(here, JOANA)).text


async def test_a_line_that_has_no_words_any_more_closes_no_page() -> None:
    play = owned()
    line = play.case.journal[-1].replace(name="an-older-release")
    play.case = play.case.replace(journal=(*play.case.journal, line))

    page = await opened(house(play), AMARA)

    assert (page.status, "an-older-release" in page.text) == (200, True)


async def test_a_case_that_has_only_just_begun_says_so() -> None:
    play = Play()
    play.case = play.case.replace(incident=None)

    page = await opened(house(play), AMARA)

    assert "This is still being set up" in page.text
