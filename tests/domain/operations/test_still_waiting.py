"""After a ladder: one message a week to the process owner, until somebody acts."""

from datetime import datetime, timedelta
from itertools import pairwise

from domain.customer_message.acts import WithdrawMessage
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.operations.notices import StillWaiting
from domain.operations.subject import Retry
from domain.preparation.effects import PutDocument
from domain.preparation.subject import RecordDocument
from tests.playing import HELENA, NADIA, Play, snapshot
from tests.scenes import LEVEL_0, followed, met, owned, settled
from tests.silence import silent, stuck


def words(play: Play) -> list[tuple[datetime, str]]:
    return play.sent(StillWaiting.kind)


def test_in_sixty_silent_days_the_process_owner_hears_at_most_weekly() -> None:
    play = silent(settled())

    told = [at for at, _ in words(play)]
    assert stuck(play) == []
    assert {to for _, to in words(play)} == {NADIA}
    assert 4 <= len(told) <= 8
    assert min(b - a for a, b in pairwise(told)) >= timedelta(days=6.5)


def test_all_that_a_case_waits_for_stands_in_one_message() -> None:
    play = silent(settled())

    last = play.told(StillWaiting)[-1]
    assert {each.wait for each in last.waits} == {each.what for each in play.waits()}
    assert len({at for at, _ in words(play)}) == len(words(play))


def test_who_acts_is_no_more_spoken_of() -> None:
    play = silent(followed())
    for key in list(play.issues):
        play.take(key)
    play.until(play.now + timedelta(days=9))

    assert play.case.closed_at is not None


def test_when_everybody_acts_on_the_way_the_process_owner_hears_nothing() -> None:
    play = owned()
    play.until(play.case.meeting.end)

    assert not words(play)


def test_a_word_that_could_not_leave_leaves_as_soon_as_it_can() -> None:
    away = [True]

    def trouble(effect: AnyEffect, _: datetime) -> Status | None:
        about = isinstance(effect, SendNotice) and isinstance(effect.notice, StillWaiting)
        return Status.UNAVAILABLE if away and about else None

    play = settled(trouble=trouble)
    play.wait(days=25)
    unheard = words(play)
    away.clear()
    play.wait(days=3)

    assert not unheard
    assert len(words(play)) == 1


def test_of_what_waits_for_the_process_owner_their_manager_hears() -> None:
    refused = [True]

    def trouble(effect: AnyEffect, _: datetime) -> Status | None:
        return Status.REFUSED if refused and isinstance(effect, PutDocument) else None

    play = silent(met(trouble=trouble))
    heard = {to for _, to in words(play)}
    (mending,) = play.waits("mending")
    refused.clear()
    play.act(Retry(by=NADIA))

    assert mending.person == NADIA
    assert heard == {NADIA, HELENA}
    assert not play.waits("mending")


def test_a_process_owner_at_the_top_has_nobody_above() -> None:
    known = snapshot(owned().case.incident.resolved_at)  # type: ignore[union-attr]
    play = silent(owned(connected=LEVEL_0, directory=known.replace(process_owner=HELENA)))

    assert {to for _, to in words(play)} == {HELENA}
    assert play.refusal(RecordDocument(by="amara-okafor", reference="https://x.example.com")) == ""


def test_a_message_that_is_given_up_lets_the_case_close() -> None:
    play = silent(settled())
    for key in list(play.issues):
        play.take(key)
    play.act(WithdrawMessage(by="amara-okafor", reason="Nobody was affected.", for_good=True))
    play.wait(days=9)

    assert play.case.closed_at is not None
