"""Lengths of time as policies write them: `24h`, `10m`, `15d`, `4bh`, `3bd`."""

import re
from enum import StrEnum
from typing import Any

from pydantic import model_serializer, model_validator

from domain.engine.value import Value


class Unit(StrEnum):
    """Elapsed units, and units that count only while somebody works."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    BUSINESS_HOURS = "bh"
    BUSINESS_DAYS = "bd"


_NAMES = {
    Unit.MINUTES: "minute",
    Unit.HOURS: "hour",
    Unit.DAYS: "day",
    Unit.BUSINESS_HOURS: "business hour",
    Unit.BUSINESS_DAYS: "business day",
}


class Span(Value):
    """A number of one unit; reads and writes itself as text.

    >>> Span.model_validate("3bd").unit
    <Unit.BUSINESS_DAYS: 'bd'>
    >>> str(Span.model_validate("4 bh"))
    '4bh'
    """

    amount: int
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, written: Any) -> Any:  # noqa: ANN401 - pydantic hands over what it read
        if not isinstance(written, str):
            return written
        match = re.fullmatch(r"(\d+)\s*(m|h|d|bh|bd)", written.strip())
        if match is None:
            raise ValueError(f"'{written}' is no span: write 10m, 24h, 15d, 4bh or 3bd.")
        return {"amount": int(match[1]), "unit": match[2]}

    @model_serializer
    def _to_text(self) -> str:
        return str(self)

    @property
    def in_words(self) -> str:
        """Say the span as people do.

        >>> Span.model_validate("1bd").in_words
        '1 business day'
        >>> Span.model_validate("4bh").in_words
        '4 business hours'
        """
        return f"{self.amount} {_NAMES[self.unit]}" + ("" if self.amount == 1 else "s")

    def __str__(self) -> str:
        """Write the span as a policy does."""
        return f"{self.amount}{self.unit}"
