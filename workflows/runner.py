"""A runner that goes on with no workflow that was brought ahead of its tasks by a query.

A query that waits while no worker polls reaches the next one together with events that belong to
a task which is not finished. The SDK (temporalio 1.35) works them in at once, at a time that is
not that task's or by a start of it that times out, answers the query, and keeps the workflow as
if the task were done: what it decides from then on could never be replayed, and it would stand
still for ever. Temporal's own pages ask such queries.
"""

from typing import Any

from temporalio import workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

_CHANGES_NOTHING = {"query_workflow", "remove_from_cache"}

_FOR_ITSELF = "legacy_query"
"""The id of a query that came by itself, as the SDK's core calls it; others came with a task."""


class AheadOfItsTask(Exception):
    """The workflow may be ahead of its tasks: it is forgotten, and rebuilt from its history."""


class InTime(WorkflowRunner):
    """Runs workflows as another runner does, each event with the task that it belongs to.

    A query that may have brought its workflow ahead fails instead, and may be asked again.
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
    """A workflow that knows whether it has lived since it was rebuilt, or only caught up."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._is_rebuilding = True
        self._caught_up_with = 0

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Pass on what comes, and remember whether it was replayed.

        Raises:
            AheadOfItsTask: a query follows what caught up with the history. It may have come with
                that, or a moment after its task was done: nobody here can tell.
        """
        if any(each.WhichOneof("variant") not in _CHANGES_NOTHING for each in act.jobs):
            self._note(act)
        elif self._caught_up_with and _is_a_query_by_itself(act):
            raise AheadOfItsTask("Looked at too early; ask again.")
        return self._inner.activate(act)

    def _note(self, act: WorkflowActivation) -> None:
        """Note how long the history was that the first task after the rebuilding brought."""
        if self._is_rebuilding and not act.is_replaying:
            self._caught_up_with = act.history_length
        elif self._caught_up_with != act.history_length:
            self._caught_up_with = 0
        self._is_rebuilding = act.is_replaying

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


def _is_a_query_by_itself(act: WorkflowActivation) -> bool:
    return any(each.query_workflow.query_id == _FOR_ITSELF for each in act.jobs)
