"""Facts on their way through Markdown: sealed before it is read, opened after it is laid out.

A sealed fact is a word that Markdown cannot read: two marks around hexadecimal digits. So
whatever people typed arrives literally, and no character of theirs ever acts as markup.
"""

import re
from html import escape
from typing import Any

_OPENS, _CLOSES = "\ue000", "\ue001"
_SEALED = re.compile(f"{_OPENS}([a-z])([0-9a-f]*){_CLOSES}")
_LINE_ENDS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE, _EXACT, _LINK = "l", "e", "u"


class Sealed(str):
    """A fact that is sealed already."""

    __slots__ = ()


def sealed(value: Any) -> Sealed:  # noqa: ANN401 - whatever a template prints
    """Seal a fact as one line; what is sealed already stays as it is."""
    return value if isinstance(value, Sealed) else _seal(_LINE, one_line(str(value)))


def exact(value: str) -> Sealed:
    """Seal a text with every line break and blank that it has."""
    return _seal(_EXACT, value)


def linked(label: str, url: str) -> Sealed:
    """Seal a link; what is no web address is shown as its label alone."""
    if not url.startswith(("https://", "http://")):
        return sealed(label)
    return _seal(_LINK, f"{one_line(label)}\n{one_line(url)}")


def one_line(text: str) -> str:
    """Return a text with every run of line breaks as one blank."""
    return _LINE_ENDS.sub(" ", text)


def holds_a_fact(written: str) -> bool:
    """Tell whether a sealed fact stands in a text."""
    return _SEALED.search(written) is not None


def begins_with_a_fact(written: str) -> bool:
    """Tell whether the first letter of a text is of a sealed fact."""
    return _SEALED.match(written) is not None


def opened_as_text(written: str) -> str:
    """Return plain text with every fact in its place."""
    return _SEALED.sub(_as_text, written)


def opened_as_html(written: str, styles: dict[str, str]) -> str:
    """Return HTML with every fact in its place, escaped; `styles` are those of the elements."""
    return _SEALED.sub(lambda found: _as_html(found, styles), written)


def _seal(kind: str, text: str) -> Sealed:
    digits = text.encode(errors="replace").hex()
    return Sealed(f"{_OPENS}{kind}{digits}{_CLOSES}")


def _open(found: re.Match[str]) -> tuple[str, str]:
    return found[1], bytes.fromhex(found[2]).decode()


def _as_text(found: re.Match[str]) -> str:
    kind, text = _open(found)
    if kind != _LINK:
        return text
    label, _, url = text.partition("\n")
    return url if label == url else f"{label} <{url}>"


def _as_html(found: re.Match[str], styles: dict[str, str]) -> str:
    kind, text = _open(found)
    if kind == _EXACT:
        lines = escape(text).replace("\r\n", "\n").replace("\n", "<br>")
        return f'<span style="{escape(styles.get("span", ""))}">{lines}</span>'
    if kind == _LINE:
        return escape(text)
    label, _, url = text.partition("\n")
    return f'<a href="{escape(url)}" style="{escape(styles.get("a", ""))}">{escape(label)}</a>'
