"""A pause that a system asked for is kept by everything that one worker does."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

import worker
from activities.pauses import Pause
from domain.meeting.effects import ReadEvent
from domain.preparation.effects import ReserveFolder
from domain.publication.effects import RecordOf
from integrations.errors import Throttled
from integrations.ports import Address, Mail
from integrations.request_gate import gated, pass_gate
from settings import Settings, read_settings
from tests.lives import environment
from tests.simulated import World

NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


class Ticking:
    """A clock that runs only when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def asked_at(instant: datetime, pause: Pause, does: Callable[[], object]) -> None:
    def activity() -> None:
        with pause.kept():
            does()

    environment = ActivityEnvironment()
    info = ActivityEnvironment.default_info()
    environment.info = replace(info, started_time=instant, task_token=uuid.uuid4().bytes)
    environment.run(activity)


def throttling() -> None:
    raise Throttled("It asks for a pause.", retry_after=AN_HOUR)


def paused_at_noon(ticking: Ticking | None = None, does: Callable[[], None] = throttling) -> Pause:
    pause = Pause(ticking or Ticking())
    with pytest.raises(Throttled):
        asked_at(NOON, pause, does)
    return pause


def test_nothing_is_asked_while_the_pause_lasts_and_the_rest_of_it_is_told() -> None:
    pause, asked = paused_at_noon(), []

    with pytest.raises(Throttled) as told:
        asked_at(NOON + timedelta(minutes=20), pause, lambda: asked.append("again"))

    assert not asked
    assert told.value.retry_after == timedelta(minutes=40)


def test_when_the_pause_is_over_one_may_ask_again() -> None:
    pause, asked = paused_at_noon(), []

    asked_at(NOON + AN_HOUR, pause, lambda: asked.append("again"))

    assert asked == ["again"]


def test_a_pause_of_another_time_is_no_reason_to_wait() -> None:
    pause, asked = paused_at_noon(), []

    asked_at(NOON - timedelta(days=3), pause, lambda: asked.append("earlier"))

    assert asked == ["earlier"]


def test_a_pause_counts_from_the_answer_however_long_that_took() -> None:
    ticking = Ticking()

    def throttling_slowly() -> None:
        ticking.seconds += 20
        throttling()

    pause = paused_at_noon(ticking, throttling_slowly)

    with pytest.raises(Throttled) as told:
        asked_at(NOON + AN_HOUR, pause, lambda: None)
    assert told.value.retry_after == timedelta(seconds=20)


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    pause = Pause(Ticking())

    def throttling_after_another() -> None:
        with pytest.raises(Throttled):
            asked_at(NOON, pause, throttling)
        raise Throttled("It asks for a pause.", retry_after=timedelta(minutes=1))

    with pytest.raises(Throttled):
        asked_at(NOON, pause, throttling_after_another)

    with pytest.raises(Throttled):
        asked_at(NOON + timedelta(minutes=2), pause, lambda: None)


def test_clocks_of_cases_that_differ_by_seconds_keep_one_pause() -> None:
    pause = paused_at_noon()

    with pytest.raises(Throttled):
        asked_at(NOON - timedelta(seconds=5), pause, lambda: None)


def test_an_operation_under_way_stops_before_its_next_request() -> None:
    pause, sent = Pause(Ticking()), []

    def two_requests() -> None:
        pass_gate()
        sent.append("first")
        with pytest.raises(Throttled):
            asked_at(NOON, pause, throttling)
        pass_gate()
        sent.append("second")

    with pytest.raises(Throttled):
        asked_at(NOON, pause, two_requests)

    assert sent == ["first"]


ADA = Address(email="ada@example.com")
A_MAIL = Mail(key="k", to=ADA, subject="s", text="t", html="t", at=NOON, kind="k", case="c")
REQUESTS: dict[str, Callable[[worker.Outside], object]] = {
    "calendar": lambda to: to.calendar and to.calendar.read_event("key", {}),
    "documents": lambda to: to.documents and to.documents.reserve_folder(),
    "export": lambda to: to.documents and to.documents.export("document"),
    "issues": lambda to: to.issues and to.issues.read(["OPS-1"]),
    "mail": lambda to: to.notifier.send(A_MAIL),
}


@pytest.mark.parametrize("request_of", REQUESTS.values(), ids=REQUESTS)
def test_every_adapter_passes_the_gate_before_it_sends(
    world: World, tmp_path: Path, request_of: Callable[[worker.Outside], object]
) -> None:
    to = everything(world, tmp_path)

    with gated(throttling), pytest.raises(Throttled):
        request_of(to)

    assert world.asked(path="^/(calendar|drive|v1|rest|v3)/") == 0


EVENT = ReadEvent(event_key="key", people=())
RECORD = RecordOf(case="c", revision=1, record="{}", document_id="d")
USES: dict[str, tuple[object, ...]] = {
    "reserve_folder": (ReserveFolder(),),
    "write_record": (RECORD,),
    "read_event": (EVENT,),
}
"""An activity of each of Google's services, and what it is asked."""


def throttled(world: World, folder: Path, service: str) -> set[str]:
    """Throttle a service of Google's, and return the activities that it holds up."""
    does = {each.__name__: each for each in worker.activities(everything(world, folder))}
    world.set("settings", {"throttled_until": {service: "2100-01-01T00:00:00Z"}})
    held_up = set()
    for name, wanted in USES.items():
        try:
            ActivityEnvironment().run(does[name], *wanted)
        except ApplicationError as told:
            if told.type == "Throttled":
                held_up.add(name)
    return held_up


def test_a_pause_that_drive_asked_for_holds_up_all_that_documents_need_and_no_meeting(
    world: World, tmp_path: Path
) -> None:
    assert throttled(world, tmp_path, "google-drive") == {"reserve_folder", "write_record"}
    # The second use did not ask.
    assert world.asked(path="^/drive/") == 1


def test_a_pause_that_the_calendar_asked_for_holds_up_no_document(
    world: World, tmp_path: Path
) -> None:
    assert throttled(world, tmp_path, "google-calendar") == {"read_event"}


@pytest.fixture(autouse=True)
def _as_new(world: World) -> None:
    world.tell("reset", {})


def everything(world: World, folder: Path) -> worker.Outside:
    return worker.outside(read_settings(environment(world, folder), Settings))
