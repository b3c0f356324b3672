"""What operations say about a case becomes the same acts as on the page, theirs, by their door."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cyclopts import App

from console import steering
from console.showing import page
from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.journal import Door
from domain.meeting.acts import Waive
from domain.steering.acts import Cancel, Extend, PutOnHold, Resume, SnoozeReminders
from tests.scenes import owned

NINE = datetime(2027, 1, 20, 9, tzinfo=UTC)


Said = Callable[..., Act[Case]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """Return what a command would do to a case."""
    acts: list[Act[Case]] = []
    monkeypatch.setattr(steering, "perform", lambda _case, act, **_how: acts.append(act))

    def told(*words: str) -> Act[Case]:
        app = App(result_action="return_value")
        for each in steering.COMMANDS:
            app.command(each)
        app([*words, "--reason", "Why not"], exit_on_error=False)
        return acts.pop()

    return told


def test_each_command_becomes_its_act(said: Said) -> None:
    until = ("--until", "2027-01-20T09:00")

    assert [
        type(said("hold", "INC-204", *until)),
        type(said("resume", "INC-204")),
        type(said("extend", "INC-204", "meeting", *until)),
        type(said("waive", "INC-204")),
        type(said("snooze", "INC-204", "amara-okafor", *until)),
        type(said("cancel", "INC-204")),
    ] == [PutOnHold, Resume, Extend, Waive, SnoozeReminders, Cancel]


def test_it_is_the_word_of_operations_with_a_reason_and_a_limit_in_utc(said: Said) -> None:
    act = said("hold", "INC-204", "--until", "2027-01-20T09:00")

    assert isinstance(act, PutOnHold)
    assert (act.by, act.through) == (OPERATIONS, Door.COMMAND_LINE)
    assert (act.reason, act.until) == ("Why not", NINE)


def test_an_offset_is_believed(said: Said) -> None:
    act = said("hold", "INC-204", "--until", "2027-01-20T10:00:00+01:00")

    assert isinstance(act, PutOnHold)
    assert act.until == NINE


def test_a_case_on_hold_says_until_when_and_why() -> None:
    play = owned()
    play.act(PutOnHold(by=OPERATIONS, reason="An offsite.", until=NINE))

    assert "until Wed 20 Jan 2027 09:00 (Europe/Lisbon): An offsite." in page(play.case, play.now)
