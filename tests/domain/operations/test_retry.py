"""Retry: operations mended something, and what was parked goes on."""

from domain.engine.act import OPERATIONS
from domain.engine.ledger import Status
from domain.operations.subject import Retry
from domain.preparation.effects import ReserveFolder
from tests.playing import AMARA, RUI, Play
from tests.scenes import owned


def test_operations_retry_only_what_is_parked() -> None:
    play = owned()

    assert "no effect of this case" in play.refusal(Retry(by=OPERATIONS, effect="coffee"))
    assert "Nothing is parked" in play.refusal(Retry(by=OPERATIONS, effect="event"))
    assert "Nothing is parked" in play.refusal(Retry(by=OPERATIONS))


def test_a_retry_settles_what_was_noted_and_keeps_it() -> None:
    play = owned()
    play.signal("hello")
    play.wait(minutes=1)
    noticed = play.stuck

    play.act(Retry(by=OPERATIONS))

    assert noticed == ["signal-unknown"]
    assert not play.attention
    assert [each.settled_at for each in play.case.anomalies] == [play.now]


def test_what_is_settled_once_stays_settled_at_its_time() -> None:
    play = owned()
    play.signal("hello")
    play.act(Retry(by=OPERATIONS))
    settled_at = play.now
    play.wait(hours=1)
    play.signal("hello")

    play.act(Retry(by=AMARA))

    assert [each.settled_at for each in play.case.anomalies] == [settled_at, play.now]


def test_a_bystander_retries_nothing() -> None:
    play = owned()
    play.signal("hello")

    assert "not yours" in play.refusal(Retry(by=RUI))


def test_a_retry_is_offered_while_something_is_refused() -> None:
    play = Play(trouble=lambda e, _: Status.REFUSED if e.key == "folder" else None)

    assert Retry.offered(play.case)
    assert not Retry.offered(owned().case)


def test_a_retry_of_one_effect_leaves_the_others() -> None:
    play = Play(trouble=lambda e, _: Status.REFUSED if e.key in ("folder", "busy") else None)
    play.signal("hello")
    act = Retry(by=OPERATIONS, effect="folder")

    case = act.done(play.case, play.now)

    assert ReserveFolder().key not in case.ledger
    assert "busy" in case.ledger
    assert case.anomalies[0].settled_at is None
