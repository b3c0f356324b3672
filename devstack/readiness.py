"""How one sees from outside that a part answers."""

from collections.abc import Collection
from contextlib import suppress

import httpx
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

WORKER_READY = "worker ready"
"""The line by which `aftermath worker` says that it polls."""


async def temporal_answers(
    address: str, namespace: str, search_attributes: Collection[str]
) -> bool:
    """Tell whether Temporal answers, and knows these search attributes."""
    try:
        client = await Client.connect(address, namespace=namespace)
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=namespace)
        )
    except (RPCError, RuntimeError):
        return False
    return set(search_attributes) <= known.custom_attributes.keys()


async def page_answers(url: str) -> bool:
    """Tell whether a page is there."""
    with suppress(httpx.TransportError):
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            return (await client.get(url)).is_success
    return False
