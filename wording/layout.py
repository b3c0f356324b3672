"""The mail's layout: its style sheet is put into the elements once, not in each mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import css_inline
from jinja2 import StrictUndefined, Template
from markupsafe import Markup

from wording.environment import Language
from wording.facts import checked
from wording.markdown import as_html
from wording.templates import Files

_TAGS = ("h1", "h2", "h3", "p", "ul", "ol", "li", "a", "span", "blockquote", "pre", "hr")
"""The elements that Markdown makes."""

_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_HELD = re.compile(r"held([0-9]+)held")
_SHEET = re.compile(r"<style>.*?</style>", re.DOTALL)
_STYLED = re.compile(r'<(\w+) style="([^"]*)"')
_NAMES = dict.fromkeys(("subject", "name", "case", "parts", "several"))


@dataclass(frozen=True, slots=True)
class Laid:
    """One notice as it stands in a mail."""

    subject: str
    html: Markup
    text: str
    button: str
    url: str
    host: str
    code: str
    personal: bool


class Layout:
    """What stands around the notices of a mail, as HTML and as plain text."""

    def __init__(self, files: Files) -> None:
        source = files.text("layout/mail.html")
        self._styles = _styles(source)
        self._html = _template(_inlined(source), "layout/mail.html", autoescape=True)
        self._text = _template(files.text("layout/mail.txt"), "layout/mail.txt", autoescape=False)

    def content(self, markdown: str) -> Markup:
        """Return the content of a notice as HTML."""
        # Made by the Markdown library with HTML off, its facts escaped when they were opened.
        return Markup(as_html(markdown, self._styles))  # noqa: S704

    def mail(self, words: Mapping[str, object]) -> tuple[str, str]:
        """Return a whole mail as HTML and as plain text."""
        text = re.sub(r"\n{3,}", "\n\n", self._text.render(words))
        return self._html.render(words), text


def _template(source: str, name: str, *, autoescape: bool) -> Template:
    language = Language(
        autoescape=autoescape, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return checked(language, name, source, _NAMES).template


def _inlined(source: str) -> str:
    """Put the style sheet into the elements; Jinja's tags are held back, lest HTML change them."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"held{len(held) - 1}held"

    inlined = css_inline.inline(_JINJA.sub(hold, source))
    return _HELD.sub(lambda found: held[int(found[1])], inlined)


def _styles(source: str) -> dict[str, str]:
    """Return the style of each element that Markdown makes."""
    sheet = "".join(_SHEET.findall(source))
    elements = "".join(f"<{tag}></{tag}>" for tag in _TAGS)
    page = f"<html><head>{sheet}</head><body><main>{elements}</main></body></html>"
    return {tag: unescape(style) for tag, style in _STYLED.findall(css_inline.inline(page))}
