"""The contract of incident_resolved: its schema is current, and its worked examples work."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from console.contract import EXAMPLE, FIELDS, ROOT, SCHEMA, schema, text
from console.reading import incident_in
from devstack.parts import Part
from devstack.processes import program
from devstack.stack import Stack
from domain.incident import Incident
from workflows.client import case_id
from workflows.names import TASK_QUEUE, WORKFLOW
from workflows.search_attributes import SEARCH_ATTRIBUTES

PAGE = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```bash\n(.*?)```", PAGE, flags=re.DOTALL)
SECRET = "a secret of the tests"
PROGRAMS = ("bash", "curl", "openssl")
CASE = "postmortem-INC-204"


def told() -> dict[str, Any]:
    """Return the example as data, to be spoilt by a test."""
    incident: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return incident


def is_valid(incident: dict[str, Any]) -> bool:
    return Draft202012Validator(schema(), format_checker=FormatChecker()).is_valid(incident)


def test_the_schema_in_docs_is_what_the_code_takes() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == text(), "run: python -m console.contract"


def test_every_field_is_explained() -> None:
    assert set(FIELDS) == set(Incident.model_fields)


def test_the_example_fits_the_schema_and_the_code() -> None:
    Draft202012Validator.check_schema(schema())

    assert is_valid(told())
    assert incident_in(EXAMPLE).key == "INC-204"


def test_the_example_uses_every_field_but_what_is_said_of_a_cut_one() -> None:
    assert set(told()) == set(Incident.model_fields) - {"shortened"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("key", "INC 204"),
        ("severity", "P1"),
        ("services", []),
        ("resolved_at", None),
        ("participants", [{"person": "joana-neves", "role": "boss"}]),
        ("unknown", "field"),
    ],
)
def test_schema_and_code_refuse_the_same(field: str, wrong: object) -> None:
    spoilt = deepcopy(told()) | {field: wrong}

    assert not is_valid(spoilt)
    with pytest.raises(ValueError, match=field):
        Incident.model_validate_json(json.dumps(spoilt))


def test_the_page_names_what_the_code_uses() -> None:
    example = incident_in(EXAMPLE)

    assert case_id(example.key) == CASE
    assert f"--type {WORKFLOW}" in PAGE
    assert f"--task-queue {TASK_QUEUE}" in PAGE
    assert PAGE.count(CASE) >= 3


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Return Temporal and the web part: nothing else is needed to tell of an incident."""
    folder = tmp_path_factory.mktemp("contract")
    parts = (Part.TEMPORAL, Part.WEB)
    settings = {"PM_GENERIC_SECRETS": SECRET}
    async with Stack(
        folder, parts=parts, search_attributes=SEARCH_ATTRIBUTES, settings=settings
    ) as stack:
        yield stack


@pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason="needs bash, curl and openssl")
@pytest.mark.parametrize("example", EXAMPLES, ids=["webhook", "command-line", "http"])
async def test_each_worked_example_opens_the_case(stack: Stack, example: str) -> None:
    client = await Client.connect(stack.temporal_address, data_converter=pydantic_data_converter)

    first = await ran(example, stack)
    again = await ran(example, stack)

    handle = client.get_workflow_handle(CASE)
    try:
        signals = [each async for each in signalled(handle)]
        assert signals
        assert all(each == incident_in(EXAMPLE) for each in signals)
        assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
        if "webhooks" in example:
            assert json.loads(first.stdout) == json.loads(answer_on_the_page())
    finally:
        await handle.terminate("the test is over")


def answer_on_the_page() -> str:
    found = re.search(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert found is not None
    return found[1]


async def signalled(handle: WorkflowHandle[Any, Any]) -> AsyncIterator[Incident]:
    """Yield what each incident_resolved of a history carried."""
    async for event in handle.fetch_history_events():
        if event.HasField("workflow_execution_signaled_event_attributes"):
            attributes = event.workflow_execution_signaled_event_attributes
            assert attributes.signal_name == "incident_resolved"
            (payload,) = attributes.input.payloads
            yield Incident.model_validate_json(payload.data)


async def ran(example: str, stack: Stack) -> "subprocess.CompletedProcess[str]":
    """Run an example as the page has it."""
    temporal = program("temporal")
    assert temporal is not None
    environ = {
        **stack.environ(Part.WEB),
        "PATH": f"{Path(temporal).parent}:{os.environ['PATH']}",
        "AFTERMATH_URL": stack.web_url,
        "TEMPORAL_HTTP": stack.temporal_http_url,
        "SECRET": SECRET,
    }
    return await asyncio.to_thread(
        subprocess.run,
        ["bash", "-euo", "pipefail", "-c", example],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
