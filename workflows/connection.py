"""How worker, web and command line reach Temporal, and how what they tell it is written."""

import asyncio
from datetime import timedelta
from typing import cast

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    PayloadConverter,
)
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from workflows.client import OutOfReach

LOCAL = "localhost:7233"

_CONNECTING = timedelta(seconds=10)


class WrongConnection(Exception):
    """The connection to Temporal is set wrongly; the text says what to check."""


async def connect(
    identity: str, codec: PayloadCodec | None = None, runtime: Runtime | None = None
) -> Client:
    """Connect to Temporal as the SDK's own environment configuration says.

    Without a codec, what Temporal keeps is in clear.

    Raises:
        WrongConnection: what is set cannot be used.
        OutOfReach: nobody answers there.
    """
    try:
        config = ClientConfig.load_client_connect_config()
    except (RuntimeError, ValueError, OSError) as error:
        raise WrongConnection(f"The TEMPORAL_… settings cannot be used: {error}.") from None
    config.setdefault("target_host", LOCAL)
    address = config["target_host"]
    if "://" in address:
        raise WrongConnection(f"TEMPORAL_ADDRESS={address} cannot be used: write host:port.")
    try:
        connecting = Client.connect(
            **config, data_converter=data_converter(codec), identity=identity, runtime=runtime
        )
        client = await asyncio.wait_for(connecting, _CONNECTING.total_seconds())
        namespace = DescribeNamespaceRequest(namespace=client.namespace)
        await client.workflow_service.describe_namespace(namespace, timeout=_CONNECTING)
    except ValueError as error:
        raise WrongConnection(f"TEMPORAL_ADDRESS={address} cannot be used: {error}.") from None
    except RPCError as error:
        raise _unconnected(error, address, config.get("namespace", "default")) from None
    except (RuntimeError, OSError, TimeoutError):
        raise _nobody(address) from None
    return client


def data_converter(codec: PayloadCodec | None = None) -> DataConverter:
    """Return the SDK's converter for pydantic, which is then made once.

    The SDK makes a new one with each activation, and forgets what it knows of our types. With a
    codec, the texts and traces of failures are payloads, too.
    """
    once = PydanticPayloadConverter()
    return DataConverter(
        payload_converter_class=cast("type[PayloadConverter]", lambda: once),
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes
        if codec
        else DefaultFailureConverter,
    )


def _unconnected(error: RPCError, address: str, namespace: str) -> Exception:
    match error.status:
        case RPCStatusCode.NOT_FOUND:
            return WrongConnection(
                f"Temporal at {address} has no namespace '{namespace}': check TEMPORAL_NAMESPACE."
            )
        case RPCStatusCode.UNAUTHENTICATED | RPCStatusCode.PERMISSION_DENIED:
            return WrongConnection(
                f"Temporal at {address} does not let us into namespace '{namespace}': check "
                "TEMPORAL_API_KEY or the certificates."
            )
        case _:
            return _nobody(address)


def _nobody(address: str) -> OutOfReach:
    return OutOfReach(
        f"Temporal does not answer at {address}. Start it (`aftermath dev` starts everything), or "
        "set TEMPORAL_ADDRESS."
    )
