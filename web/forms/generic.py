"""The form of an act that has no module here: one field for each of the act's own.

So a subject that brings an act along is on the page without an edit in `web/`. Its words stand in
the catalogue: title, button and, where a field's description will not do, its label. An act with
a field that is no text, choice, day or time is on no page until somebody writes its form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from domain.case import Case
from domain.engine.act import Act
from domain.engine.journal import Door
from web.form_data import Wrong
from web.forms.choices import YES_OR_NO
from web.forms.form import Form, Occasion, Sent, Shown

_ONE_LINE = 200
"""A longer text gets a field of several lines."""


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    CHOICE = "choice"
    DAY = "date"
    TIME = "datetime-local"


@dataclass(frozen=True)
class Field:
    """One field of an act as a form shows it."""

    name: str
    kind: Kind
    description: str
    required: bool
    longest: int
    among: tuple[str, ...] = ()

    def label(self, on: Occasion, act: str) -> str:
        """Return its label: the catalogue's, its description, or its name in words."""
        said = on.words.act(act).labels.get(self.name) or self.description
        return said or self.name.replace("_", " ").capitalize()

    def read(self, sent: Sent) -> object:
        """Return what was sent in this field.

        Raises:
            Wrong: it is not of this kind.
        """
        match self.kind:
            case Kind.TIME:
                return sent.instant(self.name)
            case Kind.DAY:
                return sent.data.day(self.name)
            case Kind.CHOICE:
                return sent.data.chosen(self.name, self.among, "Choose one of the list.")
            case Kind.TEXT:
                return sent.data[self.name]


@lru_cache
def generic_form(act: type[Act[Case]]) -> Form:
    """Return the form that an act's own fields make; it is for no door where they cannot."""
    own = {name: each for name, each in act.model_fields.items() if name not in Act.model_fields}
    fields = tuple(filter(None, (_field(name, each) for name, each in own.items())))
    return Form(
        acts=(act,),
        template="generic.html",
        read=_reading(act, fields),
        shows=_showing(act, fields),
        doors=frozenset({Door.PAGE} if len(fields) == len(own) else ()),
    )


def _reading(act: type[Act[Case]], fields: tuple[Field, ...]) -> Callable[[Sent], Act[Case]]:
    def read(sent: Sent) -> Act[Case]:
        filled = [each for each in fields if each.name in sent.data]
        missing = (each for each in fields if each.required and each not in filled)
        wrong = {each.name: "Please fill this in." for each in missing}
        if wrong:
            raise Wrong(wrong)
        return sent.act(act, **{each.name: each.read(sent) for each in filled})

    return read


def _showing(act: type[Act[Case]], fields: tuple[Field, ...]) -> Callable[[Occasion], Shown]:
    def shows(on: Occasion) -> Shown:
        return {
            "fields": tuple(
                {
                    "name": each.name,
                    "kind": each.kind.value,
                    "label": each.label(on, act.name),
                    "options": tuple((value, value.capitalize()) for value in each.among),
                    "hint": f"On the clocks of {on.zone}." if each.kind is Kind.TIME else "",
                    "lines": each.longest > _ONE_LINE,
                    "longest": each.longest,
                }
                for each in fields
            )
        }

    return shows


def _field(name: str, field: FieldInfo) -> Field | None:
    kind, among = _kind(_without_none(field.annotation))
    if kind is None:
        return None
    return Field(
        name=name,
        kind=kind,
        description=field.description or "",
        required=field.is_required(),
        longest=_longest(field),
        among=among,
    )


def _kind(of: Any) -> tuple[Kind | None, tuple[str, ...]]:  # noqa: ANN401 - any annotation
    """Return how a field of a type is filled in, and among what; None where no field can."""
    if get_origin(of) is Literal:
        return Kind.CHOICE, tuple(map(str, get_args(of)))
    if of is bool:
        return Kind.CHOICE, YES_OR_NO
    if isinstance(of, type) and issubclass(of, Enum):
        return Kind.CHOICE, tuple(str(each.value) for each in of)
    return _PLAIN.get(of), ()


_PLAIN = {
    str: Kind.TEXT,
    int: Kind.TEXT,
    date: Kind.DAY,
    datetime: Kind.TIME,
    AwareDatetime: Kind.TIME,
}


def _without_none(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    others = [each for each in get_args(annotation) if each is not NoneType]
    return others[0] if len(others) == 1 else annotation


def _longest(field: FieldInfo) -> int:
    return next((each.max_length for each in field.metadata if isinstance(each, MaxLen)), _ONE_LINE)
