"""A subject: everything that one part of the process adds to a case, listed in `lifecycle.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic

from domain.engine.act import Act
from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.ledger import C
from domain.engine.notice import Notice
from domain.engine.signal import SignalSpec
from domain.engine.value import Value
from domain.engine.waiting import WaitSpec


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that operations must look at: its kind, and the facts that its words need."""

    kind: str
    facts: dict[str, str]


def _nothing(_case: Any) -> Iterable[Any]:  # noqa: ANN401 - of any case
    return ()


@dataclass(frozen=True)
class Subject(Generic[C]):
    """One part of the process, whole.

    `entries` yields what it wants done, and when; `ending` what is left of that when the case is
    cancelled; `readings` what can be read again before somebody is told something; `attention`
    what cannot go on without a person. `state` names what it keeps on a case that has no field of
    its own for it (`Case.added`).
    """

    name: str
    entries: Callable[[C], Iterable[Entry]] = _nothing
    ending: Callable[[C], Iterable[Entry]] = _nothing
    waits: tuple[WaitSpec[C], ...] = ()
    acts: tuple[type[Act[C]], ...] = ()
    effects: tuple[type[Effect[C, Any]], ...] = ()
    notices: tuple[type[Notice], ...] = ()
    signals: tuple[SignalSpec[C], ...] = ()
    readings: Callable[[C], Iterable[Effect[C, Any]]] = _nothing
    attention: Callable[[C], Iterable[Attention]] = _nothing
    state: type[Value] | None = None
