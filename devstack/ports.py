"""The ports that the parts of a stack listen on: free ones, unless one is asked for."""

import random
import socket
from dataclasses import asdict, dataclass
from typing import Self

from console.running import CannotRun

HOST = "127.0.0.1"
# Below the range that the kernel gives to outgoing connections, which could take a port meanwhile.
_RANGE = range(20000, 30000)
_ATTEMPTS = 1000


class PortTaken(CannotRun):
    """Somebody listens where a part should; the text says where and what to do."""


@dataclass(frozen=True)
class Ports:
    """Who listens where, on this machine alone."""

    temporal: int
    temporal_http: int
    temporal_ui: int
    simulator: int
    web: int
    web_internal: int
    worker_internal: int

    @classmethod
    def free(cls, **wanted: int) -> Self:
        """Return ports that nobody listens on, those wanted among them.

        Raises:
            PortTaken: somebody listens on one that is wanted, or on nearly all.
        """
        for name, port in wanted.items():
            _refuse_taken(name, port)
        ports = dict(wanted)
        for name in cls.__dataclass_fields__:
            ports.setdefault(name, _another(set(ports.values())))
        return cls(**ports)

    def refuse_taken(self, *names: str) -> None:
        """Do nothing while these are free.

        Raises:
            PortTaken: somebody listens on one of them.
        """
        for name in names:
            _refuse_taken(name, asdict(self)[name])


def url(port: int) -> str:
    """Return the address of what listens on a port."""
    return f"http://{HOST}:{port}"


def _refuse_taken(name: str, port: int) -> None:
    if not _is_free(port):
        raise PortTaken(
            f"Port {port}, wanted for {name.replace('_', ' ')}, is taken: "
            "stop what listens there, or choose another."
        )


def _another(taken: set[int]) -> int:
    for _ in range(_ATTEMPTS):
        port = random.choice(_RANGE)
        if port not in taken and _is_free(port):
            return port
    raise PortTaken(
        f"Nearly all ports from {_RANGE.start} to {_RANGE.stop} are taken: stop something."
    )


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        # As servers do: a port whose last connections are still closing can be listened on.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True
