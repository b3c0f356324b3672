"""The runner: what a query brings before its task is not worked in; all else passes."""

from typing import Any, cast

import pytest
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from workflows.runner import AheadOfItsTask, InTime


class Remembering(WorkflowInstance, WorkflowRunner):
    """A runner, and the one workflow that it runs: both remember what reaches them."""

    def __init__(self) -> None:
        self.reached: list[WorkflowActivation] = []

    def prepare_workflow(self, defn: Any) -> None:  # noqa: ANN401 - the SDK's own
        self.reached.append(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:  # noqa: ARG002
        return self

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.reached.append(act)
        return WorkflowActivationCompletion()

    def get_serialization_context(self, command_info: Any) -> Any:  # noqa: ANN401 - the SDK's own
        return command_info

    def get_external_store_context(self, command_info: Any) -> Any:  # noqa: ANN401 - the SDK's own
        return command_info

    def get_info(self) -> Any:  # noqa: ANN401 - the SDK's own
        return "info"


def told(kind: str, second: int, *, replaying: bool) -> WorkflowActivation:
    act = WorkflowActivation(is_replaying=replaying)
    act.timestamp.seconds = second
    getattr(act.jobs.add(), kind).SetInParent()
    return act


@pytest.fixture
def inner() -> Remembering:
    return Remembering()


@pytest.fixture
def instance(inner: Remembering) -> WorkflowInstance:
    return InTime(inner).create_instance(cast("WorkflowInstanceDetails", None))


def test_what_comes_before_its_task_to_a_workflow_that_was_just_rebuilt_is_not_worked_in(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 1, replaying=True))
    instance.activate(told("resolve_activity", 2, replaying=True))

    with pytest.raises(AheadOfItsTask):
        instance.activate(told("resolve_activity", 2, replaying=False))

    assert len(inner.reached) == 2


def test_what_comes_with_its_task_is_worked_in(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 1, replaying=True))
    instance.activate(told("resolve_activity", 2, replaying=False))
    instance.activate(told("do_update", 2, replaying=False))

    assert len(inner.reached) == 3


def test_queries_are_answered_whenever_they_come(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 1, replaying=True))
    instance.activate(told("query_workflow", 1, replaying=False))

    assert len(inner.reached) == 2


def test_all_else_is_the_other_runners(inner: Remembering, instance: WorkflowInstance) -> None:
    InTime(inner).prepare_workflow(cast("Any", "defn"))

    assert inner.reached == ["defn"]
    assert instance.get_serialization_context(None) is None
    assert instance.get_external_store_context(None) is None
    assert cast("str", instance.get_info()) == "info"
    assert instance.get_thread_id() is None
