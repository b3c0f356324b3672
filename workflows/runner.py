"""A runner that lets no query work in events before their task.

A query that waits while no worker polls reaches the next one together with events that belong to
a task which is not finished. The SDK (temporalio 1.35) would work them in at once, with the time
of the task before, and report the outcome under the next one: the case could then never be
replayed, and would stand still for ever. Temporal's own pages ask such queries.
"""

from typing import Any

from temporalio import workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

_CHANGES_NOTHING = {"query_workflow", "remove_from_cache"}


class AheadOfItsTask(Exception):
    """What is to be worked in belongs to a task that has not begun: it comes again with that."""


class InTime(WorkflowRunner):
    """Runs workflows as another runner does, each event with the task that it belongs to.

    A query that comes too early fails instead, and may be asked again.
    """

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: workflow._Definition) -> None:
        """Prepare a workflow as the other runner does."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return a workflow that notices what comes before its task."""
        return _InTime(self._inner.create_instance(det))


class _InTime(WorkflowInstance):
    """A workflow that knows the time of the task that it was told of last."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._task_began = 0
        self._was_replaying = False

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Pass on what belongs to a task of its own.

        Raises:
            AheadOfItsTask: it bears the time of the task before, so its own has not begun.
        """
        if any(each.WhichOneof("variant") not in _CHANGES_NOTHING for each in act.jobs):
            began, goes_on = act.timestamp.ToNanoseconds(), not act.is_replaying
            # Only a workflow that was just rebuilt: one that lives is told in time.
            if goes_on and self._was_replaying and began == self._task_began:
                raise AheadOfItsTask("Looked at too early; ask again.")
            self._task_began, self._was_replaying = began, act.is_replaying
        return self._inner.activate(act)

    def get_serialization_context(self, command_info: Any) -> Any:  # noqa: ANN401 - the SDK's own
        """Return what the other runner does."""
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:  # noqa: ANN401 - the SDK's own
        """Return what the other runner does."""
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> workflow.Info:
        """Return what the other runner does."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """Return what the other runner does."""
        return self._inner.get_thread_id()
