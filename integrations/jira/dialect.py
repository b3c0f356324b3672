"""Two tongues: Jira Cloud's version 3 with its document format, Data Center's 2 with wiki text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.plain_text import lines, one_line

Link = tuple[str, str]
"""An address, and the words that stand for it; both empty where there is none."""

_ADDRESS = re.compile(r"https?://[^\s|\]}>)\"']+")
_MARKUP = re.compile(r"[\\{}\[\]|*_^~!]|\?\?|(?<!\w)[-+#](?=\S)|^[-+#](?=\s)|^-{3,}$")
_FACES = re.compile(r"\((?=(?:[xiy/*n+?-]|on|off|flag|flagoff|\*[rgby])\))|(?<=[:;])(?=[)(DPp])")
_BLOCKS = re.compile(r"^(?=(?:h[1-6]|bq)\.)")
_INVISIBLE = "\u200b"


class Flavour(StrEnum):
    """Which Jira it is."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@dataclass(frozen=True)
class Dialect:
    """How one Jira wants to be spoken to.

    `person` is what a field of a person is called by. Where search does not tell entity
    properties, each ticket found is read for its own.
    """

    version: str
    search: str
    search_tells_properties: bool
    person: str
    text: Callable[[Sequence[str], Link], Any]


def document(paragraphs: Sequence[str], link: Link = ("", "")) -> dict[str, Any]:
    """Return paragraphs, and a link below them, in the Atlassian Document Format."""
    url, title = link
    texts = [[_node(text)] for text in map(lines, paragraphs) if text]
    if url:
        mark = {"type": "link", "attrs": {"href": url}}
        texts.append([_node(one_line(title) or url) | {"marks": [mark]}])
    content = [{"type": "paragraph", "content": each} for each in texts]
    return {"type": "doc", "version": 1, "content": content}


def wiki(paragraphs: Sequence[str], link: Link = ("", "")) -> str:
    r"""Return paragraphs, and a link below them, as wiki text that shows every mark as written.

    >>> print(wiki(["Roll {rules} out_in *stages*"]))
    Roll \{rules\} out\_in \*stages\*
    """
    url, title = link
    texts = [_escaped(text) for text in map(one_line, paragraphs) if text]
    if url:
        safe = url.replace("|", "%7C").replace("]", "%5D").replace("[", "%5B").replace(" ", "%20")
        words = _escaped(one_line(title))
        texts.append(f"[{words}|{safe}]" if words else f"[{safe}]")
    return "\n\n".join(texts)


def _escaped(line: str) -> str:
    """Escape what wiki text would take for markup; addresses stay, so that they can be followed."""
    parts, at = [], 0
    for address in _ADDRESS.finditer(line):
        parts += [_plain(line[at : address.start()]), address.group()]
        at = address.end()
    return _BLOCKS.sub(_INVISIBLE, "".join([*parts, _plain(line[at:])]))


def _plain(text: str) -> str:
    marked = _MARKUP.sub(lambda found: "".join(f"\\{mark}" for mark in found.group()), text)
    return _FACES.sub(lambda found: f"\\{found.group()}", marked)


def _node(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


DIALECTS = {
    Flavour.CLOUD: Dialect(
        "3", "search/jql", search_tells_properties=True, person="id", text=document
    ),
    Flavour.DATACENTER: Dialect(
        "2", "search", search_tells_properties=False, person="name", text=wiki
    ),
}
