"""Recorded histories: every one must replay, and yield the case that it yielded then.

Replay alone does not notice a changed limit, version or fact: the case beside each history does,
and so does what every activity was given. `tests/histories_kept.py` says how they are recorded.
"""

import base64
import json
import re
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from domain.case import Case
from domain.engine.editions import NEWEST
from tests.histories_kept import HISTORIES, file_name
from workflows.postmortem import Postmortem

NAMES = sorted(each.name.removesuffix(".case.json") for each in HISTORIES.glob("*.case.json"))


Asked = list[tuple[str, Any]]
"""Activities in the order of their start: what each is called, and what it was given."""


class Remembering(Interceptor):
    """Remembers the workflow that was replayed, and what it asked of its activities."""

    def __init__(self) -> None:
        self.replayed: list[Postmortem] = []
        self.asked: Asked = []

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        replayed, asked = self.replayed, self.asked

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
                (given,) = input.args
                asked.append((input.activity, given.model_dump(mode="json")))
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

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


def asked_then(name: str) -> Asked:
    """Return what the recorded run asked of its activities."""
    scheduled = (
        each.activity_task_scheduled_event_attributes
        for each in recorded(name).events
        if each.HasField("activity_task_scheduled_event_attributes")
    )
    return [
        (each.activity_type.name, json.loads(each.input.payloads[0].data)) for each in scheduled
    ]


async def replayed(name: str) -> tuple[Case, Asked]:
    """Replay a history outside the sandbox; return the case at its end, and what it asked."""
    remembering = Remembering()
    replayer = Replayer(
        workflows=[Postmortem],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
        interceptors=[remembering],
    )
    await replayer.replay_workflow(recorded(name))
    (found,) = remembering.replayed
    return found.case, remembering.asked


def test_there_are_histories_of_whole_lives() -> None:
    lives = (("happy-life", 1), ("happy-life", 2), ("nothing-but-mail", 1), ("refused-ticket", 1))
    editions = range(1, NEWEST + 1)

    assert {file_name(*each, edition) for each in lives for edition in editions} <= set(NAMES)
    assert all((HISTORIES / f"{name}.json").exists() for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_history_asks_and_yields_what_it_did_then(name: str) -> None:
    case, asked = await replayed(name)

    assert asked == asked_then(name)
    assert case.model_dump(mode="json") == expected(name).model_dump(mode="json")


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
