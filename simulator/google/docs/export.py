"""A document in other formats, as Drive exports it."""

from collections.abc import Callable
from html import escape
from itertools import groupby

from simulator.google.docs.manuscript import Block, Manuscript, Paragraph, Row, Table, text_of
from simulator.store import JSON

_BOM = "\ufeff"
_TAGS = {"TITLE": "h1", "SUBTITLE": "p"} | {
    f"HEADING_{level}": f"h{level}" for level in range(1, 7)
}


def as_text(manuscript: Manuscript, _title: str) -> str:
    """Return plain text as Google writes it: a byte order mark and Windows line ends."""
    lines = [line for block in manuscript.blocks() for line in _text_lines(block)]
    return _BOM + "\r\n".join(lines)


def as_markdown(manuscript: Manuscript, _title: str) -> str:
    """Return Markdown."""
    parts = [_markdown(block) for block in manuscript.blocks()]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(manuscript: Manuscript, title: str) -> str:
    """Return a whole HTML page."""
    encoding = '<meta content="text/html; charset=UTF-8" http-equiv="content-type">'
    head = f"<head>{encoding}<title>{escape(title)}</title></head>"
    return f"<html>{head}<body>{body_html(manuscript)}</body></html>"


def body_html(manuscript: Manuscript) -> str:
    """Return the document's blocks as HTML."""
    return "".join(map(block_html, manuscript.blocks()))


def block_html(block: Block) -> str:
    """Return one block as HTML, its text escaped."""
    if isinstance(block, Table):
        return f"<table>{''.join(map(_row_html, block.rows))}</table>"
    tag = _TAGS.get(block.style["namedStyleType"], "p")
    anchor = f' id="{block.style["headingId"]}"' if "headingId" in block.style else ""
    return f"<{tag}{anchor}>{_inline_html(block)}</{tag}>"


def _row_html(row: Row) -> str:
    cells = ("".join(map(block_html, cell.content)) for cell in row.cells)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _inline_html(paragraph: Paragraph) -> str:
    return "".join(_run_html(text, style) for text, style in _runs(paragraph))


def _run_html(text: str, style: JSON) -> str:
    written = escape(text).replace("\v", "<br>")
    if style.get("bold"):
        written = f"<b>{written}</b>"
    if style.get("italic"):
        written = f"<i>{written}</i>"
    if url := _link(style):
        written = f'<a href="{escape(url)}">{written}</a>'
    return written


def _markdown(block: Block) -> str:
    if isinstance(block, Table):
        rows = [
            [cell.text.replace("\n", " ").replace("|", "\\|") for cell in row.cells]
            for row in block.rows
        ]
        rows.insert(1, [":----"] * len(rows[0]))
        return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
    name = str(block.style["namedStyleType"])
    level = int(name[-1]) if name.startswith("HEADING_") else int(name == "TITLE")
    text = "".join(_run_markdown(text, style) for text, style in _runs(block))
    return f"{'#' * level} {text}".strip() if text else ""


def _run_markdown(text: str, style: JSON) -> str:
    written = text.replace("\v", "  \n")
    if style.get("bold") and text.strip():
        written = f"**{written}**"
    if style.get("italic") and text.strip():
        written = f"*{written}*"
    return f"[{written}]({url})" if (url := _link(style)) else written


def _runs(paragraph: Paragraph) -> list[tuple[str, JSON]]:
    runs = groupby(paragraph.units[:-1], key=lambda unit: unit.text)
    return [(text_of(list(units)), style) for style, units in runs]


def _link(style: JSON) -> str:
    return str((style.get("link") or {}).get("url") or "")


def _text_lines(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    return [
        line
        for row in block.rows
        for cell in row.cells
        for inner in cell.content
        for line in _text_lines(inner)
    ]


EXPORTS: dict[str, Callable[[Manuscript, str], str]] = {
    "text/plain": as_text,
    "text/markdown": as_markdown,
    "text/html": as_html,
}
