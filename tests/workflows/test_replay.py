"""Recorded histories: every one must replay, and yield the case that it yielded then.

Replay alone does not notice a changed limit or a changed word; the case beside each history
does. `tests/histories_kept.py` says how histories are recorded.
"""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)
from temporalio.workflow import NondeterminismError

from domain import invitation
from domain.calendar.interval import Interval
from domain.case import Case
from domain.engine.editions import NEWEST
from tests.histories_kept import HISTORIES, file_name
from workflows.postmortem import Postmortem

NAMES = sorted(each.name.removesuffix(".case.json") for each in HISTORIES.glob("*.case.json"))

HAPPY = file_name("happy-life", 1)


class Remembering(Interceptor):
    """Remembers the workflow that was replayed, so that a test can look at its case."""

    def __init__(self) -> None:
        self.replayed: list[Postmortem] = []

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        replayed = self.replayed

        class Inbound(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002, ANN401
                instance = workflow.instance()
                assert isinstance(instance, Postmortem)
                replayed.append(instance)
                return await super().execute_workflow(input)

        return Inbound


def recorded(name: str) -> WorkflowHistory:
    text = (HISTORIES / f"{name}.json").read_text(encoding="utf-8")
    return WorkflowHistory.from_json("postmortem-INC-204", text)


def expected(name: str) -> Case:
    return Case.model_validate_json((HISTORIES / f"{name}.case.json").read_text(encoding="utf-8"))


async def yielded(name: str) -> Case:
    """Replay a history outside the sandbox; return the case at its end."""
    remembering = Remembering()
    replayer = Replayer(
        workflows=[Postmortem],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
        interceptors=[remembering],
    )
    await replayer.replay_workflow(recorded(name))
    (replayed,) = remembering.replayed
    return replayed.case


def test_there_are_histories_of_whole_lives() -> None:
    lives = (("happy-life", 1), ("happy-life", 2), ("nothing-but-mail", 1), ("refused-ticket", 1))
    editions = range(1, NEWEST + 1)

    assert {file_name(*each, edition) for each in lives for edition in editions} <= set(NAMES)
    assert all((HISTORIES / f"{name}.json").exists() for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_history_yields_the_case_that_it_yielded_then(name: str) -> None:
    case = await yielded(name)

    assert case.model_dump(mode="json") == expected(name).model_dump(mode="json")


async def test_a_patience_that_begins_before_the_asking_does_not_replay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.lifecycle.asked_at", lambda _, waiting: waiting.since)

    with pytest.raises(NondeterminismError):
        await yielded(file_name("asked-late", 1, edition=2))


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_history_replays_in_the_sandbox(name: str) -> None:
    replayer = Replayer(workflows=[Postmortem], data_converter=pydantic_data_converter)

    await replayer.replay_workflow(recorded(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_history_holds_no_mail_address(name: str) -> None:
    data = re.findall(r'"data": ?"([^"]+)"', (HISTORIES / f"{name}.json").read_text())
    payloads = [base64.b64decode(each) for each in data]

    assert payloads
    assert not [each for each in payloads if re.search(rb"[\w.]+@[\w.]+", each)]


async def test_a_changed_limit_replays_and_is_noticed_by_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = invitation.meeting_limit

    def later(case: Case) -> Interval | None:
        limit = right(case)
        return limit and limit.model_copy(update={"end": limit.end + timedelta(days=1)})

    monkeypatch.setattr("domain.outcomes.meeting_limit", later)

    case = await yielded(HAPPY)

    assert case.meeting.limit != expected(HAPPY).meeting.limit
