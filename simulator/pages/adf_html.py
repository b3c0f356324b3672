"""The Atlassian Document Format as HTML, every text escaped."""

from html import escape

from markupsafe import Markup

from simulator.store import JSON

_TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "codeBlock": "pre",
    "panel": "blockquote",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
}
_MARKS = {"strong": "strong", "em": "em", "code": "code", "strike": "s", "underline": "u"}


def adf_as_html(document: JSON | None) -> Markup:
    """Return a document's content, or nothing for no document."""
    return Markup(_inside(document or {}))  # noqa: S704 - every text below is escaped


def _inside(node: JSON) -> str:
    return "".join(_node(child) for child in node.get("content", []))


def _node(node: JSON) -> str:
    kind, attributes = node["type"], node.get("attrs", {})
    if kind == "text":
        return _text(node)
    if kind == "heading":
        level = int(attributes.get("level", 2))
        return f"<h{level}>{_inside(node)}</h{level}>"
    if kind == "hardBreak":
        return "<br>"
    if kind == "rule":
        return "<hr>"
    if kind in {"inlineCard", "blockCard"}:
        return _link(str(attributes.get("url", "")), escape(str(attributes.get("url", ""))))
    tag = _TAGS.get(kind)
    named = escape(str(attributes.get("text", "")))
    return f"<{tag}>{_inside(node)}</{tag}>" if tag else named + _inside(node)


def _text(node: JSON) -> str:
    written = escape(node["text"])
    for mark in node.get("marks", []):
        if tag := _MARKS.get(mark["type"]):
            written = f"<{tag}>{written}</{tag}>"
        elif mark["type"] == "link":
            written = _link(str(mark.get("attrs", {}).get("href", "")), written)
    return written


def _link(url: str, written: str) -> str:
    if not url.startswith(("http://", "https://", "mailto:")):
        return written
    return f'<a href="{escape(url)}">{written}</a>'
