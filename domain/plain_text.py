"""Text from outside as people mean it: without letters that nobody sees and that systems drop.

Documents, tickets, mails and terminals each drop or obey other ones. What one of them drops is
written anew for ever, because what it gives back is never what was wanted; what another obeys
shows a reader something else than was written. So they go once, where text comes in.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator

_TERMINAL = re.compile(
    r"""
    (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]                         # colours, places: CSI
    | (?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]) [^\x07\x1b\x9c]* (?:\x07|\x1b\\|\x9c)?  # titles: OSC
    | \x1b [ -/]* [0-~]                                         # the rest
    """,
    re.VERBOSE,
)
"""What a terminal takes for a command, its words included."""

# Named by their ranges, not by Unicode's categories: those change from one release of Python to
# the next, and what a history holds would then be read as something else.
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, but for white space
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of writing
    "\u206a-\u206f\ufff9-\ufffb\ufeff"  # deprecated controls, annotations, byte order
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\ud800-\udfff"  # halves of a pair
    "\ufdd0-\ufdef\ufffe\uffff"  # no letters, now or ever
    "\U00040000-\U000dffff"  # planes without any letter
    "]"
)
_BREAK = re.compile("\r\n|[\n\x0b\x0c\r\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def one_line(text: str) -> str:
    r"""Return a text on one line, as a title has it.

    >>> one_line("  Pager\n\x1b[31mdown\x1b[0m \u202e ")
    'Pager down'
    """
    return " ".join(lines(text).split())


def lines(text: str) -> str:
    r"""Return a text with the lines that it has, each without space at its end.

    >>> lines("First\t one.\r\n\x07Second.\u2029")
    'First one.\nSecond.'
    """
    seen = _UNSEEN.sub("", _TERMINAL.sub("", text))
    return "\n".join(_SPACES.sub(" ", each).strip() for each in _BREAK.split(seen)).strip()


def plain(told: object) -> object:
    """Return what was told with each text in it plain, on the lines that it has."""
    if isinstance(told, str):
        return lines(told)
    return [plain(each) for each in told] if isinstance(told, list | tuple) else told


def _on_one_line(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


def _on_lines(value: object) -> object:
    return lines(value) if isinstance(value, str) else value


OneLine = Annotated[str, BeforeValidator(_on_one_line)]
"""A field that is one line of plain text; its lengths count what is left."""

Lines = Annotated[str, BeforeValidator(_on_lines)]
"""A field that is plain text of several lines."""
