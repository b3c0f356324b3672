"""Signals as tools send them, well or badly: a case survives everything and says what was wrong."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RawValue

from devstack.processes import program
from domain.case import Case, Phase
from domain.incident import Severity
from domain.operations.subject import Retry
from domain.phases import phase
from tests.lives import PATIENCE, Life, living
from tests.playing import AMARA
from tests.stories import an_incident, somebody_owns_it
from workflows.client import Postmortems
from workflows.names import WORKFLOW
from workflows.search_attributes import NEEDS_ATTENTION, PHASE


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def protobuf() -> RawValue:
    """A message of a type that the SDK knows, which decodes into no JSON of ours."""
    metadata = {"encoding": b"json/protobuf", "messageType": b"temporal.api.common.v1.Payload"}
    return RawValue(Payload(metadata=metadata, data=b"{}"))


async def resolved(life: Life) -> Case:
    await life.resolve(an_incident())
    return await life.case()


async def test_what_makes_no_sense_is_noted_and_the_case_goes_on(
    temporal: Client, tmp_path: Path
) -> None:
    told = an_incident().model_dump(mode="json")
    senseless: list[tuple[str, tuple[object, ...]]] = [
        ("incident_exploded", (told,)),
        ("incident_resolved", ()),
        ("incident_resolved", (told, told)),
        ("incident_resolved", (raw(b"\xff\xfe no JSON"),)),
        ("incident_resolved", (raw(b"\x00\x01", b"binary/encrypted"),)),
        ("incident_resolved", (raw(b'"a text"'),)),
        ("incident_resolved", (raw(b"{}", b"json/protobuf"),)),
        ("incident_resolved", (protobuf(),)),
        ("incident_resolved", (told | {"severity": "worst"},)),
        ("incident_resolved", (told | {"key": "INC-999"},)),
        ("ticket_changed", ({"key": "NOT-1"},)),
        ("ticket_changed", ([1, 2, 3],)),
        ("meeting_changed", ("now",)),
    ]
    async with living(temporal, tmp_path) as life:
        before = await resolved(life)
        assert not await life.shows(NEEDS_ATTENTION)

        for name, args in senseless:
            await life.signal(name, *args)

        after = await life.case()
        assert len(after.anomalies) == len(senseless)
        assert after.replace(anomalies=()) == before
        assert await life.shows(NEEDS_ATTENTION)
        details = await life.details()
        assert "needs attention" in details
        assert "incident_exploded" in details
        assert await somebody_owns_it(life) == AMARA
        await life.act(Retry(by=AMARA))
        assert not await life.shows(NEEDS_ATTENTION)


async def test_a_case_that_only_heard_nonsense_waits_for_a_usable_signal(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[{"key": "INC-204"}],
        )
        heard = await life.case()
        assert phase(heard) is Phase.RECEIVED
        anomaly = heard.anomalies[0]
        assert anomaly.facts["fields"].startswith("title, severity, services")

        now = datetime.now(UTC)
        incident = an_incident().replace(started_at=now, resolved_at=now)
        await life.signal("incident_resolved", incident.replace(key="INC-999"))
        other = (await life.case()).anomalies[-1]
        assert (other.kind, other.facts) == ("another-incident", {"key": "INC-999"})

        await life.signal("incident_resolved", incident)

        assert phase(await life.case()) is Phase.AWAITING_OWNER


@pytest.mark.parametrize("severity", [Severity.SEV3, Severity.SEV5])
async def test_an_incident_that_the_policy_does_not_want_closes_in_silence(
    temporal: Client, tmp_path: Path, severity: Severity
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident(severity))

        closed = await life.closed()
        assert phase(closed) is Phase.NOT_REQUIRED
        assert await life.shows(PHASE) == Phase.NOT_REQUIRED
        assert life.world.all("mails") == life.events() == life.documents() == []
        assert not (tmp_path / "archive").exists()


async def test_the_temporal_command_line_starts_a_case(temporal: Client, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    incident = an_incident(key="INC-CLI").replace(
        started_at=now - timedelta(hours=1), resolved_at=now
    )
    async with living(temporal, tmp_path) as life:
        life.id = "postmortem-INC-CLI"
        command = (
            *("workflow", "signal-with-start", "--workflow-id", life.id, "--type", WORKFLOW),
            *("--task-queue", life.task_queue, "--signal-name", "incident_resolved"),
            *("--signal-input", json.dumps(incident.model_dump(mode="json"))),
        )

        await temporal_says(temporal, *command)
        await temporal_says(temporal, *command)
        await life.settled()

        case = await life.case()
        assert phase(case) is Phase.AWAITING_OWNER
        assert case.anomalies == ()
        assert len(life.mails("nomination")) == len(life.events()) == 1


async def temporal_says(client: Client, *command: str) -> str:
    address = client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        *(str(program("temporal")), *command, "--address", address, "--disable-config-file"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_an_incident_in_the_past_starts_at_once(temporal: Client, tmp_path: Path) -> None:
    async with living(temporal, tmp_path) as life:
        production = Postmortems(temporal, task_queue=life.task_queue)
        yesterday = datetime.now(UTC) - timedelta(days=1)
        incident = an_incident().replace(started_at=None, resolved_at=yesterday)

        life.id = await production.incident_resolved(incident)
        await life.settled()

        assert phase(await life.case()) is Phase.AWAITING_OWNER


@pytest.mark.parametrize(
    "given",
    [
        [an_incident().model_dump(mode="json")],
        ["INC-204"],
        [{}, {}],
        [protobuf()],
        [Case(id="postmortem-INC-1", closed_at=datetime(2027, 1, 1, tzinfo=UTC))],
    ],
    ids=["an incident", "a string", "two arguments", "protobuf", "a case of somebody's making"],
)
async def test_a_case_that_was_started_with_an_input_notes_it_and_waits_for_its_incident(
    temporal: Client, tmp_path: Path, given: list[object]
) -> None:
    async with living(temporal, tmp_path) as life:
        life.id = "postmortem-INC-204"
        queue = life.task_queue
        await temporal.start_workflow(WORKFLOW, args=given, id=life.id, task_queue=queue)

        await life.signal("incident_resolved", an_incident().model_dump(mode="json"))

        case = await life.case()
        assert [each.kind for each in case.anomalies] == ["start-input-ignored"]
        assert case.incident is not None


async def test_a_case_that_nobody_told_an_incident_shows_itself_after_an_hour(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(WORKFLOW, id=life.id, task_queue=life.task_queue)
        await life.forward(timedelta(minutes=59))
        before = (await life.case()).anomalies

        await life.forward(timedelta(minutes=2))

        assert before == ()
        assert [each.kind for each in (await life.case()).anomalies] == ["nobody-told"]
        assert await life.shows(NEEDS_ATTENTION)


async def test_a_workflow_of_another_name_ends_at_once_and_says_which_one_to_start(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        queue = life.task_queue
        handle = await temporal.start_workflow("Postmrtem", id="typo", task_queue=queue)

        with pytest.raises(WorkflowFailureError) as failed:
            await asyncio.wait_for(handle.result(), PATIENCE)

        assert f"start {WORKFLOW}" in str(failed.value.cause)
