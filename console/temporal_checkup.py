"""Whether Temporal would run our cases: it answers, knows our search attributes, has a worker."""

import asyncio
from collections.abc import Mapping

from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from integrations.checks.examination import PATIENCE_SECONDS, Finding, fail, ok, warn
from workflows.client import OutOfReach
from workflows.connection import WrongConnection, connect
from workflows.names import TASK_QUEUE
from workflows.search_attributes import SEARCH_ATTRIBUTES

ABOUT = "Temporal"


async def temporal_findings(patience: float = PATIENCE_SECONDS) -> tuple[Finding, ...]:
    """Return what Temporal would refuse; nothing is started or registered."""
    try:
        return await asyncio.wait_for(_looked(), patience)
    except (OutOfReach, WrongConnection) as wrong:
        return (fail(ABOUT, str(wrong)),)
    except RPCError as error:
        told = f"it refused a question ({error.status.name})."
        return (fail(ABOUT, told, "Check what our key or certificate may do."),)
    except TimeoutError:
        told = f"no answer within {patience:.0f} seconds."
        return (fail(ABOUT, told, "Check TEMPORAL_ADDRESS and the network; then try again."),)


async def _looked() -> tuple[Finding, ...]:
    client = await connect("doctor")
    reached = ok(ABOUT, "it answers, and has the namespace.")
    return (reached, *await _attributes(client), await _worker(client))


async def _attributes(client: Client) -> tuple[Finding, ...]:
    asked = ListSearchAttributesRequest(namespace=client.namespace)
    told = await client.operator_service.list_search_attributes(asked)
    return attribute_findings(
        {name: IndexedValueType.Name(kind) for name, kind in told.custom_attributes.items()}
    )


def attribute_findings(registered: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return whether what operations filter by is registered, each with its type."""
    known = {name: _folded(kind) for name, kind in registered.items()}
    missing = [name for name in SEARCH_ATTRIBUTES if name not in known]
    other = [
        name
        for name, kind in SEARCH_ATTRIBUTES.items()
        if name in known and known[name] != _folded(kind)
    ]
    found = []
    if missing:
        add = " ".join(f"--name {name} --type {SEARCH_ATTRIBUTES[name]}" for name in missing)
        register = f"Register them: temporal operator search-attribute create {add}"
        found.append(fail(ABOUT, f"{len(missing)} search attributes are missing.", register))
    if other:
        told = f"search attributes of another type: {', '.join(other)}."
        found.append(fail(ABOUT, told, "Remove them, and create them as the README says."))
    return tuple(found) or (ok(ABOUT, "all search attributes are registered."),)


async def _worker(client: Client) -> Finding:
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    told = await client.workflow_service.describe_task_queue(asked)
    if told.pollers:
        return ok(ABOUT, "a worker is there.")
    return warn(ABOUT, "no worker asks for work.", "Start one: aftermath worker")


def _folded(kind: str) -> str:
    return kind.removeprefix("INDEXED_VALUE_TYPE_").replace("_", "").casefold()
