"""Texts of people in Temporal's own pages, which show Markdown: as written, obeyed in nothing."""

import re

from domain.plain_text import one_line

_MARKUP = re.compile(r"[\\`*\[\]<>!|~&$@]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.")
"""What acts inside a line, pictures and bare addresses included; no text of people begins one."""

_ADDRESS = re.compile(r"https?://[^\s<>]+")


def as_written(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    >>> print(as_written("![x](https://evil.example/p.png)"))
    \!\[x\](https\://evil.example/p.png)
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(text))


def address(url: str) -> str:
    """Return a web address as a link to itself; what is none is shown as written."""
    return f"<{url}>" if _ADDRESS.fullmatch(url) else as_written(url)
