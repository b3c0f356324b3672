"""Sample facts, made from a notice's fields: for the trial at start, previews and tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from domain.calendar.spans import Span
from domain.engine.value import Value

V = TypeVar("V", bound=Value)
Text = Callable[[str], str]
"""What a field of this name holds."""

_TEXTS = {
    "key": "INC-204",
    "title": "Checkout answered slowly",
    "summary": "For 37 minutes about 4% of checkouts timed out; no order was lost.",
    "url": "https://incidents.example.com/INC-204",
    "document_url": "https://docs.example.com/INC-204",
    "process_name": "postmortem",
    "id": "AI-1",
    "text": "Limit the size of the connection pool to 200",
    "ticket": "PAY-12",
    "ticket_url": "https://tickets.example.com/PAY-12",
    "wait": "approval",
    "name": "Maya Okafor",
    "digest": "3f1c9a7be2" + "0" * 54,
    "subject": "Slow checkouts on 9 July",
    "what_happened": "A batch job took most of the database's connections.\n\nCheckouts waited.",
    "what_we_do": "We have limited how many connections one job can take.",
    "comment": "Say how many customers saw it.",
    "empty_sections": "Timeline",
    "person": "maya",
    "editors": "maya",
    "phase": "drafting",
    "zone": "Europe/Lisbon",
    "code_for": "",
}

_KNOWN: dict[Any, Any] = {
    bool: True,
    int: 2,
    AwareDatetime: datetime(2026, 7, 9, 8, tzinfo=UTC),
    date: date(2026, 7, 24),
    Span: Span.model_validate("1bd"),
}


def nice(field: str) -> str:
    """Return what a field of this name might hold."""
    return _TEXTS.get(field, f"some {field.replace('_', ' ')}")


def sample(kind: type[V], text: Text = nice) -> V:
    """Return a value with every field filled, tuples with two of a kind."""
    fields = kind.model_fields.items()
    return _made(kind, {name: _example(field.annotation, name, text) for name, field in fields})


def bare(kind: type[V]) -> V:
    """Return a value with nothing in it that may be left out: no link, no items, no options."""
    fields = kind.model_fields.items()
    return _made(kind, {name: _least(field, name) for name, field in fields})


def _made(kind: type[V], fields: dict[str, Any]) -> V:
    """Return a value of these fields unchecked: a sample text may be longer than a real one."""
    return cast(V, kind.model_construct(**fields))


def _least(field: FieldInfo, name: str) -> Any:  # noqa: ANN401 - of any type
    kind = field.annotation
    if get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind):
        return None
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        return ()
    if isinstance(kind, type) and issubclass(kind, Value) and kind not in _KNOWN:
        return bare(kind)
    return _example(kind, name, nice) if field.is_required() else field.default


def _example(kind: Any, name: str, text: Text) -> Any:  # noqa: ANN401 - of any type
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _example(inner[0], name, text)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _example(next(each for each in inner if each is not NoneType), name, text)
    if origin is tuple:
        kinds = (inner[0], inner[0]) if inner[-1] is Ellipsis else inner
        return tuple(_example(each, name, text) for each in kinds)
    return _plain(kind, name, text)


def _plain(kind: Any, name: str, text: Text) -> Any:  # noqa: ANN401 - of any type
    if kind in _KNOWN:
        return _KNOWN[kind]
    if issubclass(kind, Value):
        return sample(kind, text)
    return next(iter(kind)) if issubclass(kind, Enum) else text(name)
