"""The base of every value in the domain: immutable, strict about its fields."""

from typing import Any, Self, final

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes; a changed case is a new case.

    Unknown fields are refused, so that an older release stops at a newer case
    instead of silently dropping what it does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @final  # typecheck/typed_replace.py says why
    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - one value per field, of the field's type
        """Return the same value with some fields replaced.

        Raises:
            TypeError: a name is not a field.
        """
        unknown = changes.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}.")
        return self.model_copy(update=changes)
