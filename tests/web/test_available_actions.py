"""What is shown is what is accepted: the forms of a page against the acts of the core."""

from collections.abc import Callable

import pytest

from domain import lifecycle
from domain.case import Case
from domain.decisions.acts import ConfirmActionItem
from domain.engine.act import Act
from domain.engine.journal import Door
from domain.policy import Connected
from tests.playing import RUI, Play
from tests.web_cases import (
    approved,
    asked_to_approve,
    decided,
    held,
    house,
    opened,
    owned,
    posted,
    received,
)
from web.available_actions import actions, asked_of
from web.forms import FORMS, form_of

BY_HAND = Connected(calendar=False, documents=False, issues=False)
PLAYS = [
    received,
    owned,
    lambda: owned(BY_HAND),
    held,
    decided,
    lambda: decided(Connected(calendar=False, issues=False)),
    asked_to_approve,
    approved,
    lambda: approved(and_allowed=True),
]
everywhere = pytest.mark.parametrize("play", PLAYS)


def everybody(case: Case) -> tuple[str, ...]:
    assert case.directory is not None
    return tuple(case.directory.people)


@everywhere
async def test_the_page_shows_nobody_a_form_that_the_case_would_refuse_them(
    play: Callable[[], Play],
) -> None:
    here = house(play())
    for person in everybody(here.case):
        page = await opened(here, person)

        for name in page.form_names:
            form = form_of(lifecycle.acts()[name])
            assert any(person in act.allowed_for(here.case) for act in form.acts)


@everywhere
async def test_what_is_not_shown_is_not_accepted_either(play: Callable[[], Play]) -> None:
    here = house(play())
    for person in everybody(here.case):
        shown = {act for each in actions(here.play.life, person) for act in each.form.acts}

        accepted = {
            act
            for act in lifecycle.acts().values()
            if lifecycle.open_to(here.play.life, act, person)
        }

        assert {act for act in accepted if Door.PAGE in form_of(act).doors} <= shown


async def test_a_form_that_was_never_shown_is_refused_though_its_person_may_do_the_act() -> None:
    here = house(decided())
    member = RUI
    assert member in ConfirmActionItem.allowed_for(here.case)
    assert "confirm_action_item" not in (await opened(here, member)).form_names

    page = await posted(here, member, "confirm_action_item", {"answer-AI-1": "confirm"})

    assert (page.status, here.cases.acts) == (409, [])
    assert "Nobody asks this of you" in page.text


@everywhere
async def test_no_form_acts_without_a_word_or_a_code(play: Callable[[], Play]) -> None:
    here = house(play())
    for person in everybody(here.case):
        page = await opened(here, person)

        assert all({"word", "code"} & each.filled.keys() for each in page.forms)


@everywhere
def test_whoever_is_waited_for_may_answer_and_has_the_form_for_it(
    play: Callable[[], Play],
) -> None:
    life = play().life
    for asked in life.asked:
        person, answers = asked.waiting.person, asked.spec.answered_by
        shown = {act for each in actions(life, person) for act in each.form.acts}
        on_page = {act for act in answers if Door.PAGE in form_of(act).doors}

        assert not answers or any(person in act.allowed_for(life.case) for act in answers)
        assert not on_page or on_page & shown


@everywhere
def test_what_is_offered_is_there_once_and_only_for_who_may(play: Callable[[], Play]) -> None:
    life = play().life
    for person in everybody(life.case):
        found = actions(life, person)

        assert len({each.id for each in found}) == len(found)
        offered = {act for act in lifecycle.acts().values() if act.offered(life.case)}
        on_page = {act for act in offered if Door.PAGE in form_of(act).doors}
        mine = {act for act in on_page if person in act.allowed_for(life.case)}
        if not asked_of(life, person):
            mine = {act for act in mine if not act.while_asked}
        shown = {act for each in found for act in each.form.acts}
        assert mine <= shown
        allowed = {act for act in shown if person in act.allowed_for(life.case)}
        assert all(allowed.intersection(each.form.acts) for each in found)


def test_every_act_of_a_person_has_one_form_of_its_own_or_one_made_from_its_fields() -> None:
    kinds: list[type[Act[Case]]] = [act for form in FORMS for act in form.acts]

    assert len(set(kinds)) == len(kinds)
    for act in lifecycle.acts().values():
        assert act in form_of(act).acts
        assert form_of(act).doors


def test_nobody_has_a_form_in_a_case_that_is_closed() -> None:
    play = approved()
    play.case = play.case.replace(closed_at=play.now)

    assert not any(actions(play.life, person) for person in everybody(play.case))
