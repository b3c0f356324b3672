"""Holding, putting off and cancelling on the page: who sees which form, and what becomes of it."""

from datetime import UTC, datetime

from domain.engine.journal import Door
from domain.steering.acts import Cancel, PutOnHold, SnoozeReminders
from tests.playing import AMARA, JOANA, RUI
from tests.web_cases import house, only_act, opened, owned, posted, received

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
WHEN = {"until": "2027-01-14T12:00", "reason": "An offsite."}


async def test_the_owner_puts_it_on_hold_and_everybody_reads_until_when_and_why() -> None:
    here = house(owned())

    page = await posted(here, AMARA, "hold", WHEN)

    act = only_act(here)
    assert isinstance(act, PutOnHold)
    assert (act.by, act.through, act.until) == (AMARA, Door.PAGE, NOON)
    assert "on hold" in page.text
    assert "until Thu 14 Jan 2027 12:00 (Europe/Lisbon): An offsite." in page.text
    assert "resume" in page.form_names


async def test_who_is_asked_for_something_can_ask_for_time() -> None:
    here = house(received())

    await posted(here, AMARA, "snooze", WHEN)
    others = await opened(house(received()), RUI)

    act = only_act(here)
    assert isinstance(act, SnoozeReminders)
    assert (act.by, act.person, act.until) == (AMARA, "", NOON)
    assert "snooze" not in others.form_names


async def test_the_commander_cancels_it_and_nobody_else_can() -> None:
    here = house(owned())
    owner = await opened(here, AMARA)

    await posted(here, JOANA, "cancel", {"reason": "A drill."})

    assert only_act(here) == Cancel(by=JOANA, through=Door.PAGE, reason="A drill.")
    assert "cancel" not in owner.form_names


async def test_a_hold_without_a_reason_comes_back_with_what_was_typed() -> None:
    here = house(owned())

    page = await posted(here, AMARA, "hold", {**WHEN, "reason": " "})

    assert page.status in (409, 422)
    assert here.cases.acts == []
    assert page.form("hold").filled["until"] == WHEN["until"]
