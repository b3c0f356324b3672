"""The templates' language: Jinja, in which every fact that is printed is sealed."""

import re
from dataclasses import dataclass
from datetime import datetime

from jinja2 import BaseLoader, Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from wording import dates
from wording.sealing import exact, linked, sealed

_TAG = r"\{%(?:(?!%\}).)*"
_ALONE = re.compile(rf"^[ \t]*((?:{_TAG}%\}}[ \t]*)*{_TAG})%\}}[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads: by which name they are greeted, and whose clocks they go by."""

    name: str = ""
    zone: str = "UTC"


class Language(Environment):
    """Jinja where a line that holds only tags leaves no line, and other line ends all stay."""

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Move the end of such a line into its last tag, so that errors name the right line."""
        # Windows editors write other line ends, which the pattern would miss.
        text = super().preprocess(source, name, filename).replace("\r\n", "\n")
        return _ALONE.sub(r"\1\n%}", text)


def language(loader: BaseLoader | None = None) -> Language:
    """Return the language of all words: what is printed and not there is an error."""
    made = Language(
        loader=loader,
        undefined=StrictUndefined,
        finalize=sealed,
        keep_trailing_newline=True,
    )
    made.filters.update(
        capitalised=_capitalised, day=dates.day, exact=exact, linked=linked, utc=dates.in_utc
    )
    made.filters["when"] = _when
    made.globals.clear()
    return made


@pass_context
def _when(context: Context, at: datetime | str) -> str:
    """Write an instant by the reader's clocks; the journal holds instants as text."""
    reader: Reader = context["reader"]
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return dates.instant(instant, reader.zone)


def _capitalised(text: str) -> str:
    """Begin with a capital letter, and leave the others as they are."""
    return text[:1].upper() + text[1:]
