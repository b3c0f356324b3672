"""Texts of Jira in its two formats: the Atlassian Document Format, and wiki text."""

from typing import Any

from simulator.store import JSON

_BLOCKS = {"paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow", "panel"}
_MARKS = {"strong": "*", "em": "_", "strike": "-"}


def as_adf(value: JSON | str | None) -> JSON | None:
    """Return a text as a document."""
    if not isinstance(value, str):
        return value
    lines = [line for line in value.splitlines() if line.strip()]
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def as_wiki(value: JSON | str | None) -> str | None:
    """Return a text as wiki text."""
    if value is None or isinstance(value, str):
        return value
    return _wiki(value).strip()


def is_document(value: Any) -> bool:  # noqa: ANN401 - whatever the caller sent
    """Say whether a value is in the Atlassian Document Format."""
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        return False
    return isinstance(value.get("content"), list) and all(map(_is_node, value["content"]))


def _is_node(node: Any) -> bool:  # noqa: ANN401 - whatever the caller sent
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return False
    marks = node.get("marks", [])
    if not isinstance(marks, list) or not all(map(_is_mark, marks)):
        return False
    if not isinstance(node.get("attrs", {}), dict):
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and bool(node["text"])
    return isinstance(node.get("content", []), list) and all(map(_is_node, node.get("content", [])))


def _is_mark(mark: Any) -> bool:  # noqa: ANN401 - whatever the caller sent
    if not isinstance(mark, dict) or not isinstance(mark.get("type"), str):
        return False
    return isinstance(mark.get("attrs", {}), dict)


def _wiki(node: JSON) -> str:
    if node["type"] == "text":
        return _marked(node)
    if node["type"] == "hardBreak":
        return "\n"
    inside = "".join(_wiki(child) for child in node.get("content", []))
    if node["type"] == "heading":
        return f"h{node.get('attrs', {}).get('level', 2)}. {inside}\n"
    bullet = "* " if node["type"] == "listItem" else ""
    return f"{bullet}{inside}" + ("\n" if node["type"] in _BLOCKS and not bullet else "")


def _marked(node: JSON) -> str:
    text = str(node["text"])
    for mark in node.get("marks", []):
        sign = _MARKS.get(mark["type"], "")
        text = f"{sign}{text}{sign}"
        if mark["type"] == "link":
            text = f"[{text}|{mark.get('attrs', {}).get('href', '')}]"
    return text
