"""The simulated world as the adapters' tests see it: set it up, break it, look at it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from simulator.server import running_simulator


class World:
    """One simulator and its control API."""

    def __init__(self, url: str, control: httpx.Client) -> None:
        self.url = url
        self._control = control

    def tell(self, what: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return self._json(self._control.post(f"/simulator/{what}", json=body))

    def set(self, what: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return self._json(self._control.put(f"/simulator/{what}", json=body))

    def all(self, what: str, **query: str) -> Any:  # noqa: ANN401 - JSON
        return self._json(self._control.get(f"/simulator/{what}", params=query))

    def break_next(self, method: str, path: str, kind: str, **more: object) -> None:
        rule = {"kind": kind, "method": method, "path_regex": path, **more}
        self.tell("faults", [rule])

    def forget(self) -> None:
        self._control.delete("/simulator/faults").raise_for_status()
        self._control.delete("/simulator/requests").raise_for_status()

    def asked(self, method: str = "", path: str = "") -> int:
        requests = self.all("requests")["requests"]
        return sum(
            method in {"", each["method"]} and bool(re.search(path, each["path"]))
            for each in requests
        )

    def vendor(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """Do what a person does in the vendor's own product."""
        return self._json(self._control.request(method, path, **more))

    @staticmethod
    def _json(answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
        answer.raise_for_status()
        return answer.json() if answer.content else None


@contextmanager
def simulated_world() -> Iterator[World]:
    with running_simulator() as running, httpx.Client(base_url=running.url) as control:
        yield World(running.url, control)
