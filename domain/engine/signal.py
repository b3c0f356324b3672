"""Signals: facts that tools tell. Whatever makes no sense is noted on the case, never raised."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from pydantic import ValidationError

from domain.engine.ledger import C
from domain.engine.value import Value

FIELDS_NAMED = 5


@dataclass(frozen=True)
class SignalSpec(Generic[C]):
    """One fact that tools tell: its name, the shape of its one argument (None: it has none)."""

    name: str
    payload: type[Value] | None
    taken_in: Callable[[C, Any, datetime], C]


def told(
    case: C,
    specs: Mapping[str, SignalSpec[C]],
    name: str,
    args: Sequence[object],
    now: datetime,
) -> C:
    """Return the case after a signal with its decoded arguments, whatever they are."""
    spec = specs.get(name)
    if spec is None:
        return case.with_anomaly(now, "signal-unknown", signal=name[:60])
    if len(args) != (0 if spec.payload is None else 1):
        count = str(len(args))
        return case.with_anomaly(now, "signal-arguments", signal=name, count=count)
    try:
        payload = spec.payload.model_validate(args[0]) if spec.payload is not None else None
    except ValidationError as error:
        fields = _fields(error)
        return case.with_anomaly(now, "signal-not-understood", signal=name, fields=fields)
    return spec.taken_in(case, payload, now)


def _fields(error: ValidationError) -> str:
    """Name what is wrong, without what was sent."""
    named = (".".join(map(str, each["loc"])) or "all of it" for each in error.errors())
    return ", ".join(list(dict.fromkeys(named))[:FIELDS_NAMED])
