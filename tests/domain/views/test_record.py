"""The record: what is promised beside what happened, and everything worth keeping."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from domain.action_items.ticket import IssueState
from domain.case import Case
from domain.engine.act import OPERATIONS
from domain.incident import Severity
from domain.operations.subject import Retry
from domain.views.record import Record, promises, record
from tests.playing import Play, an_incident
from tests.scenes import approved, decided, followed, met, owned, settled

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
EMPTY = Case(id="postmortem-INC-204")


def test_the_record_holds_promises_beside_what_happened() -> None:
    play = followed()

    kept = {f"{each.what} {each.item}".strip(): each for each in promises(play.case)}

    assert list(kept) == [
        "meeting held",
        "pre-read sent",
        "action items confirmed",
        "report published",
        "customer message sent",
        "item done AI-1",
        "item done AI-2",
        "item done AI-3",
    ]
    late = [
        what for what, each in kept.items() if each.done_at and each.by and each.done_at > each.by
    ]
    assert late == []
    assert kept["item done AI-1"].by is not None


def test_where_no_message_is_wanted_none_is_promised() -> None:
    play = owned(incident=an_incident(severity=Severity.SEV2))

    assert [each.what for each in promises(play.case)] == [
        "meeting held",
        "pre-read sent",
        "action items confirmed",
        "report published",
    ]


@pytest.mark.parametrize("scene", [owned, met, decided, settled, approved])
def test_the_record_can_be_written_at_any_moment(scene: Callable[[], Play]) -> None:
    play = scene()

    kept = Record.model_validate_json(record(play.case))

    assert kept.case == play.case.id
    assert kept.journal == play.case.journal


def test_an_item_that_will_not_be_done_is_no_promise_kept() -> None:
    play = followed()
    item = play.item("AI-1")
    assert item.issue is not None
    dropped = item.issue.replace(state=IssueState.WONT_DO)

    kept = promises(play.case.with_item(item.replace(issue=dropped)))

    assert [each.done_at for each in kept if each.item == "AI-1"] == [None]


def test_the_record_keeps_anomalies_that_are_settled() -> None:
    play = owned()
    play.signal("hello")
    play.act(Retry(by=OPERATIONS))

    kept = Record.model_validate_json(record(play.case))

    assert [each.kind for each in kept.anomalies] == ["signal-unknown"]


def test_a_case_without_an_incident_leaves_no_record() -> None:
    with pytest.raises(LookupError):
        record(EMPTY)
