"""The workflow sandbox: what workflow modules import is passed through, on purpose."""

import sys
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import (
    SandboxedWorkflowRunner,
    SandboxRestrictions,
    UnintentionalPassthroughError,
)

from workflows.postmortem import Postmortem

CARELESS = '''
"""A workflow whose author forgot to pass the domain through."""

from temporalio import workflow

from domain.case import Case


@workflow.defn
class Careless:
    @workflow.run
    async def run(self) -> str:
        return Case().id
'''


def strict() -> SandboxedWorkflowRunner:
    """Return a sandbox that refuses imports which are passed through by accident."""
    policy = workflow.SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    restrictions = SandboxRestrictions.default.with_import_notification_policy(policy)
    return SandboxedWorkflowRunner(restrictions=restrictions)


async def test_the_workflows_import_nothing_into_the_sandbox_by_accident(temporal: Client) -> None:
    Worker(temporal, task_queue="strict", workflows=[Postmortem], workflow_runner=strict())


async def test_a_forgotten_import_is_found(
    temporal: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "careless.py").write_text(CARELESS)
    monkeypatch.syspath_prepend(tmp_path)
    careless = __import__("careless").Careless

    with pytest.raises(RuntimeError) as refused:
        Worker(temporal, task_queue="strict", workflows=[careless], workflow_runner=strict())

    assert isinstance(refused.value.__cause__, UnintentionalPassthroughError)
    del sys.modules["careless"]
