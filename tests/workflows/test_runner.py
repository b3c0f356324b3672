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


def told(kind: str, events: int, *, replaying: bool = False) -> WorkflowActivation:
    act = WorkflowActivation(is_replaying=replaying, history_length=events)
    getattr(act.jobs.add(), kind).SetInParent()
    return act


def asked(query: str = "legacy_query") -> WorkflowActivation:
    act = WorkflowActivation(is_replaying=True)
    act.jobs.add().query_workflow.query_id = query
    return act


@pytest.fixture
def inner() -> Remembering:
    return Remembering()


@pytest.fixture
def instance(inner: Remembering) -> WorkflowInstance:
    return InTime(inner).create_instance(cast("WorkflowInstanceDetails", None))


def test_a_query_that_follows_what_caught_up_with_the_history_is_refused(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 4, replaying=True))
    instance.activate(told("resolve_activity", 9))

    with pytest.raises(AheadOfItsTask):
        instance.activate(asked())

    assert len(inner.reached) == 2


def test_so_is_one_that_follows_a_local_activity_of_the_same_task(
    instance: WorkflowInstance,
) -> None:
    instance.activate(told("initialize_workflow", 4))
    instance.activate(told("resolve_activity", 4))

    with pytest.raises(AheadOfItsTask):
        instance.activate(asked())


def test_a_query_is_answered_by_a_workflow_that_was_rebuilt_for_it(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 4, replaying=True))
    instance.activate(told("resolve_activity", 9, replaying=True))
    instance.activate(asked())

    assert len(inner.reached) == 3


def test_a_query_is_answered_by_a_workflow_that_has_lived_since_it_was_rebuilt(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 4, replaying=True))
    instance.activate(told("resolve_activity", 9))
    instance.activate(told("do_update", 14))
    instance.activate(asked())

    assert len(inner.reached) == 4


def test_a_query_that_comes_with_a_task_is_answered(
    inner: Remembering, instance: WorkflowInstance
) -> None:
    instance.activate(told("initialize_workflow", 4))
    instance.activate(asked("0d35d042"))

    assert len(inner.reached) == 2


def test_all_else_is_the_other_runners(inner: Remembering, instance: WorkflowInstance) -> None:
    InTime(inner).prepare_workflow(cast("Any", "defn"))

    assert inner.reached == ["defn"]
    assert instance.get_serialization_context(None) is None
    assert instance.get_external_store_context(None) is None
    assert cast("str", instance.get_info()) == "info"
    assert instance.get_thread_id() is None
