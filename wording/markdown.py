"""Markdown with sealed facts, laid out as HTML or as plain text."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from wording.errors import WordingError
from wording.sealing import begins_with_a_fact, holds_a_fact, opened_as_html, opened_as_text


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Refuse an address with a fact in it, which would be encoded beyond recognition."""
        if holds_a_fact(url):
            raise WordingError("A link to a fact is written {{ label | linked(url) }}.")
        return super().normalizeLink(url)


_MARKDOWN = _Markdown("commonmark", {"html": False})
_QUOTE = "> "
_MARKS = re.compile(r"(?:> |- |\d+\. | {2,})*")
_OURS = re.compile(r"[-\d.]")
"""What of the marks before a line stands before its first alone."""


def as_html(source: str, styles: dict[str, str]) -> str:
    """Return Markdown as HTML, each element with its style, since mail clients drop sheets."""
    tokens = _MARKDOWN.parse(source)
    for token in _all(tokens):
        style = styles.get(token.tag)
        if style and token.nesting >= 0:
            token.attrSet("style", style)
    return opened_as_html(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), styles)


def as_text(source: str) -> str:
    """Return Markdown as a person reads it in a mail without HTML.

    No line begins with what people typed, lest it look like one of ours: such a line is quoted.
    """
    written = _blocks(SyntaxTreeNode(_MARKDOWN.parse(source)).children)
    return "\n".join(map(_opened, written.split("\n")))


def _opened(line: str) -> str:
    """Return a line with its facts, each further line of theirs behind the same marks."""
    if begins_with_a_fact(line):
        line = f"{_QUOTE}{line}"
    marks = _MARKS.match(line)
    further = _OURS.sub(" ", marks[0]) if marks and marks[0] else _QUOTE
    return f"\n{further}".join(opened_as_text(line).splitlines())


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]


def _blocks(nodes: Sequence[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(filter(None, map(_block, nodes)))


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list":
            return "\n".join(_hanging("- ", each) for each in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            numbered = enumerate(node.children, start=first)
            return "\n".join(_hanging(f"{number}. ", each) for number, each in numbered)
        case "blockquote":
            return _prefixed(_QUOTE, _QUOTE, _blocks(node.children))
        case "hr":
            return "---"
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case _:
            return "".join(map(_inline, node.children))


def _hanging(mark: str, item: SyntaxTreeNode) -> str:
    return _prefixed(mark, " " * len(mark), _blocks(item.children, between="\n"))


def _prefixed(first: str, then: str, text: str) -> str:
    return first + text.replace("\n", f"\n{then}")


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "text" | "code_inline":
            return node.content
        case "link":
            return f"{''.join(map(_inline, node.children))} <{node.attrs['href']}>"
        case _:
            return "".join(map(_inline, node.children))
