"""What a run plays on: all parts, a proxy before Temporal, and customers who get their mail."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from chaos.proxy import Proxy
from devstack.environment import Environment, reached
from devstack.ports import HOST, Ports
from devstack.stack import Stack
from workflows.search_attributes import SEARCH_ATTRIBUTES

CUSTOMERS = "customers"
CUSTOMERS_ADDRESS = "customers@example.net"
_ROOT = Path(__file__).resolve().parent.parent
_MANUAL = re.compile(r'^channel = "manual".*$', re.MULTILINE)


@asynccontextmanager
async def proxied_environment(folder: Path) -> AsyncIterator[tuple[Environment, Proxy]]:
    """Start everything on a Temporal that keeps its state in a file, and end it on leaving.

    Worker and web reach Temporal through the proxy; whoever holds the environment, directly.
    """
    ports = Ports.free()
    proxy = Proxy(HOST, _another_port(ports), ports.temporal)
    stack = Stack(
        folder,
        ports=ports,
        search_attributes=SEARCH_ATTRIBUTES,
        temporal_database=database(folder),
        settings={
            "TEMPORAL_ADDRESS": proxy.address,
            "PM_POLICY_FILE": str(_policy(folder)),
            "PM_ORGANISATION_FILE": str(_organisation(folder)),
        },
    )
    async with proxy, reached(stack) as here:
        yield here, proxy


def database(folder: Path) -> Path:
    """Return where Temporal keeps its state."""
    return folder / "temporal.db"


def _another_port(ports: Ports) -> int:
    taken = set(vars(ports).values())
    while (port := Ports.free().temporal) in taken:
        pass
    return port


def _policy(folder: Path) -> Path:
    """Write the policy that ships, with customers who get their message by mail."""
    shipped = (_ROOT / "policy.toml").read_text(encoding="utf-8")
    mailed, found = _MANUAL.subn(f'channel = "mail"\nmailing_list = "{CUSTOMERS}"', shipped)
    if found != 1:
        raise LookupError("The policy that ships does not say channel = manual once.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policy.toml"
    path.write_text(mailed, encoding="utf-8")
    return path


def _organisation(folder: Path) -> Path:
    """Write the organisation that ships, with a mailing list of customers."""
    shipped = (_ROOT / "organisation.toml").read_text(encoding="utf-8")
    added = f'\n[lists.{CUSTOMERS}]\nname = "Customers"\nemail = "{CUSTOMERS_ADDRESS}"\n'
    path = folder / "organisation.toml"
    path.write_text(shipped + added, encoding="utf-8")
    return path
