"""Cancelled, terminated or reset in Temporal's own pages: what then stands outside stands once."""

import uuid
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError

from domain.case import Phase
from domain.engine.journal import Door
from domain.phases import phase
from tests.lives import Life, living
from tests.playing import AMARA, JOANA
from tests.stories import an_incident, somebody_owns_it


async def test_a_requested_cancellation_ends_the_case_in_good_order(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        assert len(life.events()) == 1

        await life.handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await life.closed()

        case = await life.case()
        (line,) = (each for each in case.journal if each.name == "cancel")
        assert phase(case) is Phase.CANCELLED
        assert line.through is Door.TEMPORAL
        assert (await life.described()).status is WorkflowExecutionStatus.CANCELED
        assert life.events() == []
        assert "cancelled" in str(life.documents()).lower()
        assert len(life.mails("cancelled", AMARA)) == len(life.mails("cancelled", JOANA)) == 1
        assert list((tmp_path / "archive").rglob("*.json"))


async def test_a_case_that_is_terminated_leaves_all_as_it_is_and_a_new_one_adopts_the_event(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        incident = an_incident()
        await life.resolve(incident)
        await somebody_owns_it(life)
        before = life.events()

        await life.handle.terminate("by mistake")
        left = life.events()
        await life.resolve(incident)

        assert left == before
        assert not life.mails("cancelled")
        assert (await life.case()).ownership.owner is None
        assert len(life.events()) == 1
        assert len(life.documents()) == 2


async def test_a_case_that_is_reset_to_its_last_task_loses_and_doubles_nothing(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        mails = len(life.world.all("mails"))

        await _reset(life, to=-1)
        await life.settled()

        assert (await life.case()).ownership.owner == AMARA
        assert len(life.events()) == len(life.documents()) == 1
        assert len(life.world.all("mails")) == mails


async def test_a_case_that_is_reset_to_its_beginning_forgets_people_and_keeps_one_event(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)

        await _reset(life, to=0)
        await life.settled()

        # The yes comes again before anybody is known, and is refused.
        assert (await life.case()).ownership.owner is None
        assert len(life.events()) == 1
        assert len(life.documents()) == 2


async def _reset(life: Life, to: int) -> None:
    """Reset as the button does: to a task, with what people did applied again."""
    described = await life.described()
    finished = [
        event.event_id
        async for event in life.handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    ]
    await life.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=life.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=life.id, run_id=described.run_id),
            reason="a test",
            workflow_task_finish_event_id=finished[to],
            request_id=str(uuid.uuid4()),
            reset_reapply_type=ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
        )
    )
