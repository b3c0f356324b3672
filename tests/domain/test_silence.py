"""From every reachable state, with nobody acting, a case ends or somebody keeps hearing of it."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.engine.act import OPERATIONS
from domain.engine.ledger import Status
from domain.operations.subject import Retry
from domain.policy import Connected
from domain.preparation.document import ActionRow
from domain.steering.acts import PutOnHold, SnoozeReminders
from tests.playing import JOANA, POLICY, an_incident
from tests.random_life import SECRET, RandomLife, troubled
from tests.scenes import LEVEL_0, ROWS, mailing
from tests.silence import silent, stuck

EFFECTS = ["ReadBusy", "PutEvent", "PutDocument", "OpenIssue", "SendNotice", "WriteRecord"]


@pytest.mark.parametrize("seed", range(36))
def test_whatever_happened_before_sixty_silent_days_leave_nobody_stuck(seed: int) -> None:
    play = _lived(Random(seed))

    assert stuck(silent(play)) == []


def _lived(dice: Random) -> RandomLife:
    """A life of up to sixty steps, after which every system works."""
    away: dict[str, tuple[Status, datetime]] = {}
    resolved = datetime(2027, 3, 22, tzinfo=UTC) + timedelta(hours=dice.randrange(24 * 7))
    play = RandomLife(
        incident=an_incident(resolved),
        policy=mailing() if dice.random() < 0.3 else POLICY,
        trouble=troubled(away),
        rows=ROWS,
        connected=LEVEL_0 if dice.random() < 0.2 else Connected(),
    )
    for _ in range(dice.randrange(60)):
        _step(play, dice, away)
    away.clear()
    return play


def _step(play: RandomLife, dice: Random, away: dict[str, tuple[Status, datetime]]) -> None:
    asked = [each for each in play.waits() if each.since <= play.now]
    match dice.randrange(10):
        case 0 | 1 | 2 | 3 if asked:
            play.try_act(play.answer(dice.choice(asked), yes=dice.random() < 0.8))
        case 4:
            status = dice.choice((Status.UNAVAILABLE, Status.UNAVAILABLE, Status.REFUSED))
            until = play.now + timedelta(hours=dice.randrange(1, 40))
            away[dice.choice(EFFECTS)] = (status, until)
        case 5:
            play.try_act(Retry(by=OPERATIONS))
        case 6 if dice.random() < 0.3:
            until = play.now + timedelta(days=dice.randrange(1, 12))
            act = dice.choice((PutOnHold, SnoozeReminders))
            play.try_act(act(by=JOANA, until=until, reason=SECRET))
        case 6:
            play.rows = (*play.rows, ActionRow(text=f"{SECRET} {dice.randrange(9)}"))
        case 7 if play.events and dice.random() < 0.2:
            play.delete_event()
            play.deletions += 1
        case _:
            play.pass_time(timedelta(hours=dice.choice((1, 3, 9, 20, 24, 50))))
