"""Robots on every link of every mail of a whole life: nothing outside changes, nothing inside.

`make robots` does all of it in Chromium as well; without it, the links that decide about the
customer message are enough, at one moment.
"""

import os

import pytest

from domain.case import Case
from domain.customer_message.codes import ReportWrongCode
from domain.policy import Connected
from tests.robots.browsing import scan
from tests.robots.moments import LEVEL_2, MOMENTS, Moment, a_minute_later, links
from tests.robots.scanning import ROBOTS
from tests.scenes import LEVEL_0
from tests.serving import CAN_BROWSE, chromium, serving
from tests.web_cases import House, house
from web.available_actions import actions

ALL = os.environ.get("AFTERMATH_ROBOTS") == "all"
IN_CHROMIUM = MOMENTS if ALL else tuple(each for each in MOMENTS if each.__name__ == "approved")

levels = pytest.mark.parametrize("level", [LEVEL_0, LEVEL_2], ids=["level-0", "level-2"])


@levels
@pytest.mark.parametrize("moment", MOMENTS)
async def test_no_robot_changes_anything_by_any_link(moment: Moment, level: Connected) -> None:
    here = house(moment(level))
    before, done, addresses = here.case, len(here.play.done), links(here.play)
    browser = here.browser(word="")

    for address in addresses:
        for robot in ROBOTS:
            await robot(browser, address)

    assert addresses
    assert_nothing_changed(here, before, done)


@pytest.mark.skipif(not CAN_BROWSE, reason="needs Chromium: on Debian, apt-get install chromium")
@levels
@pytest.mark.parametrize("moment", IN_CHROMIUM)
async def test_no_robot_in_chromium_changes_anything_by_any_link(
    moment: Moment, level: Connected
) -> None:
    here = house(moment(level))
    before, done = here.case, len(here.play.done)
    addresses = [each for each in links(here.play) if ALL or not each.startswith("/s/")]

    async with serving(here) as base, chromium(scripts=True) as browser:
        pressed = [await scan(browser, f"{base}{address}", base) for address in addresses]

    assert any(pressed) is shows_a_form(here)
    assert_nothing_changed(here, before, done)


def assert_nothing_changed(here: House, before: Case, done: int) -> None:
    """All that may be left is the count of wrong codes: nothing was sent, booked or decided."""
    assert {type(each) for each in here.cases.acts} <= {ReportWrongCode}
    counted = here.case.message.wrong_codes
    a_minute_later(here.play)
    assert len(here.play.done) == done
    assert not here.case.message.locked
    assert _but_counts(here.case) == _but_counts(before)
    assert sum(counted.values()) == len(here.cases.acts)


def shows_a_form(here: House) -> bool:
    people = here.case.directory.people if here.case.directory else ()
    return any(actions(here.play.life, person) for person in people)


def _but_counts(case: Case) -> Case:
    approvals = tuple(each.replace(wrong_codes=0) for each in case.message.approvals)
    message = case.message.replace(wrong_codes={}, approvals=approvals)
    return case.replace(message=message, journal=())
