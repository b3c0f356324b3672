"""A case with 50 items, 25 of them with tickets, and what its workflow asks of it all the time.

Run as a program, it measures one round for each line that it gets, for `bench.deciding` to
compare. The case is played in the tests' pretended world: this runs in the repository only.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bench.stopwatch import serve
from domain.case import Case
from domain.customer_message.acts import DraftExternalMessage, MarkPosted
from domain.engine.agenda import due, wake_at
from domain.lifecycle import attention, life
from domain.preparation.document import ActionRow
from domain.views.details import details
from domain.views.summary import summary
from tests.playing import AMARA, BEATRIZ, INES, Play
from tests.scenes import TEXT, approve, confirm, decide, met, yes

ITEMS, TICKETS = 50, 25


def questions(now: datetime) -> Mapping[str, Callable[[Case], object]]:
    """Return what is asked of the case; the last asks everything, as each wake-up does."""
    return {
        "due": lambda case: due(life(case), now),
        "wake_at": lambda case: wake_at(life(case), now),
        "summary": lambda case: summary(life(case), attention(life(case)), now),
        "details": lambda case: _details(case, now),
        "all four": lambda case: (
            due(life(case), now),
            wake_at(life(case), now),
            _details(case, now),
        ),
    }


def _details(case: Case, now: datetime) -> str:
    ahead = life(case)
    stuck = attention(ahead)
    return details(ahead, stuck, summary(ahead, stuck, now), now)


def played() -> Play:
    """Play a case to some days after its publication, while all tickets are open."""
    play = met(rows=tuple(_row(number) for number in range(ITEMS)))
    ids = [item.id for item in play.case.items]
    play.act(decide(play.case, *map(yes, ids)))
    play.wait(hours=1)
    play.act(confirm(INES, *ids))
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.act(approve(play.case))
    play.wait(minutes=15)
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    play.wait(days=5)
    return play


def _row(number: int) -> ActionRow:
    priority = "P1" if number < TICKETS else "P2"
    return ActionRow(text=f"Do thing {number}", priority=priority, team="edge-firewall")


def main() -> None:
    """Measure whenever asked."""
    play = played()
    serve(questions(play.now), play.case.replace)


if __name__ == "__main__":
    main()
