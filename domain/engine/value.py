"""The base of every value in the domain: immutable, strict about its fields."""

import hashlib
from typing import Annotated, Any, Self, final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.plain_text import plain

PersonId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""An opaque name for a person, a team's list or a mailing list; never an address."""


class Value(BaseModel):
    """A value that never changes; a changed case is a new case.

    Unknown fields are refused, so that an older release stops at a newer case
    instead of silently dropping what it does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @final  # typecheck/typed_replace.py says why
    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - one value per field, of its type
        """Return the same value with some fields replaced.

        Raises:
            TypeError: a name is not a field.
        """
        unknown = changes.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}.")
        return self.model_copy(update=changes)


class FromOutside(Value):
    """A value that people or other systems told: every text in it is plain (`domain.plain_text`).

    A field that is a title also says that it is one line.
    """

    @model_validator(mode="before")
    @classmethod
    def _plainly(cls, told: object) -> object:
        if not isinstance(told, dict):
            return told
        return {name: plain(each) for name, each in told.items()}


def fingerprint(value: Value) -> str:
    """Return a short digest of a value; it serves as the version of an effect that wants it."""
    return hashlib.sha256(value.model_dump_json().encode()).hexdigest()[:16]
