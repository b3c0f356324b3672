"""Whatever a case is told from outside, on a real server: it lives, and its people go on."""

import json
from pathlib import Path

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import RawValue

from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from tests.lives import Life, living
from tests.playing import AMARA
from tests.stories import an_incident, somebody_owns_it
from workflows.names import WORKFLOW

LONG = tuple(f"{number:02d}-{'s' * 117}" for number in range(19))


async def lives(life: Life) -> bool:
    return (await life.described()).status is WorkflowExecutionStatus.RUNNING


async def events(life: Life, kind: int) -> int:
    """Count the events of one kind in the present run."""
    return len(
        [each async for each in life.handle.fetch_history_events() if each.event_type == kind]
    )


async def test_nineteen_long_service_ids_by_signal_do_not_end_a_case(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        told = an_incident().model_dump(mode="json")
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[told | {"services": [*LONG, "edge-firewall"]}],
        )
        await life.settled()

        assert await lives(life)
        assert (await life.case()).anomalies


async def test_a_service_id_of_2100_characters_by_signal_does_not_end_a_case(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        told = an_incident().model_dump(mode="json")
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[told | {"services": ["s" * 2100]}],
        )
        await life.settled()

        assert await lives(life)


async def test_a_repeated_yes_never_reaches_the_history(temporal: Client, tmp_path: Path) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        before = len(await life.updates())

        for number in range(30):
            answer = await life.cases.act(life.id, AcceptOwnership(by=AMARA), link=f"link {number}")
            assert answer.phase is phase(await life.case())

        assert len(await life.updates()) == before


async def test_an_incident_told_again_and_again_never_reaches_the_history(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())

        for _ in range(30):
            assert await life.cases.incident_resolved(an_incident()) == life.id

        assert await events(life, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) == 1


async def test_a_signal_of_nearly_two_megabytes_costs_the_case_nothing_but_a_note(
    temporal: Client, tmp_path: Path
) -> None:
    strange = json.dumps({f"{number:x}": number for number in range(100_000)}).encode()
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())

        payload = Payload(metadata={"encoding": b"json/plain"}, data=strange)
        await life.signal("incident_resolved", RawValue(payload))

        case = await life.case()
        assert [each.kind for each in case.anomalies] == ["signal-too-large"]
        assert await somebody_owns_it(life) == AMARA
