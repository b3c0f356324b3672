"""Having tried again what another system refused."""

from datetime import datetime

from domain.engine.entry import AnyEffect
from domain.engine.journal import Door
from domain.engine.ledger import Status
from domain.meeting.effects import PutEvent
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership
from tests.playing import AMARA, Play
from tests.web_cases import house, only_act, opened, owned, sent


def no_event(effect: AnyEffect, _: datetime) -> Status | None:
    return Status.REFUSED if isinstance(effect, PutEvent) else None


async def test_the_owner_has_tried_again_what_another_system_refused() -> None:
    play = Play(trouble=no_event)
    play.act(AcceptOwnership(by=AMARA))
    here = house(play)
    page = await opened(here, AMARA)
    assert "Something was refused" in page.text
    assert "trouble" in page.text

    await sent(here, AMARA, "retry")

    assert only_act(here) == Retry(by=AMARA, through=Door.PAGE)


async def test_nobody_is_offered_to_try_again_while_nothing_is_refused() -> None:
    page = await opened(house(owned()), AMARA)

    assert "Something was refused" not in page.text
