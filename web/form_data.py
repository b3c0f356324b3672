"""What somebody typed into a form, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import parse_qsl

from domain.plain_text import lines

LIMIT = 128 * 1024
"""Bytes of a form; fifty action items with all their reasons fit."""

_MOST_FIELDS = 1000


class FormData(Mapping[str, str]):
    """The fields of one form; a field that is not there is empty."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._fields = dict(fields or {})

    @classmethod
    def read(cls, body: bytes) -> "FormData":
        """Read a form as browsers send it; its texts are plain; of two alike the first counts."""
        text = body.decode("utf-8", errors="replace")
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            return cls()
        first: dict[str, str] = {}
        for name, value in pairs:
            first.setdefault(name, lines(value))
        return cls(first)

    def __getitem__(self, name: str) -> str:
        """Return what was typed, without blanks around it."""
        return self._fields.get(name, "")

    def __contains__(self, name: object) -> bool:
        """Tell whether something was typed."""
        return bool(self._fields.get(str(name), ""))

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the fields that were sent."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Count the fields that were sent."""
        return len(self._fields)

    def chosen(self, name: str, among: tuple[str, ...], otherwise: str) -> str:
        """Return which of the choices was made.

        Raises:
            Wrong: none was, or one that is not offered; `otherwise` says what to do.
        """
        if self[name] not in among:
            raise Wrong({name: otherwise})
        return self[name]

    def day(self, name: str) -> date | None:
        """Return the day typed, or None when there is none.

        Raises:
            Wrong: it is no day.
        """
        if name not in self:
            return None
        try:
            return date.fromisoformat(self[name])
        except ValueError:
            example = "Write the date as year-month-day, for example 2026-11-30."
            raise Wrong({name: example}) from None


class Wrong(Exception):
    """A form that cannot become an act: which fields, and what to do about each."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)
