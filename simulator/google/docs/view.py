"""A document as Docs v1 tells it: elements with indexes, styles and named ranges."""

from itertools import groupby

from simulator.google.docs.manuscript import (
    Block,
    Cell,
    Manuscript,
    Paragraph,
    Row,
    Table,
    text_of,
)
from simulator.google.docs.revisions import Document
from simulator.store import JSON

_STYLES = ("NORMAL_TEXT", "TITLE", "SUBTITLE", *(f"HEADING_{level}" for level in range(1, 7)))
_TAB = "t.0"


def document_json(document: Document, title: str, *, in_tabs: bool) -> JSON:
    """Return a document; its content stands in a tab if the reader asks for tabs."""
    head = {"title": title, "documentId": document.id, "revisionId": document.revision}
    head["suggestionsViewMode"] = "SUGGESTIONS_INLINE"
    if not in_tabs:
        return head | _content(document.manuscript)
    tab = {"tabId": _TAB, "title": "Tab 1", "index": 0}
    return head | {"tabs": [{"tabProperties": tab, "documentTab": _content(document.manuscript)}]}


def _content(manuscript: Manuscript) -> JSON:
    section = {"endIndex": 1, "sectionBreak": {"sectionStyle": _section_style()}}
    content = {
        "body": {"content": [section, *map(_block, manuscript.blocks())]},
        "documentStyle": {"pageSize": _page_size()},
        "namedStyles": {"styles": [_named_style(name) for name in _STYLES]},
    }
    named = _named_ranges(manuscript)
    return content | ({"namedRanges": named} if named else {})


def _block(block: Block) -> JSON:
    told_block = _paragraph(block) if isinstance(block, Paragraph) else _table(block)
    return _span(block) | told_block


def _span(piece: Block | Row | Cell) -> JSON:
    return {"startIndex": piece.start, "endIndex": piece.end}


def _paragraph(paragraph: Paragraph) -> JSON:
    elements, at = [], paragraph.start
    for style, run in groupby(paragraph.units, key=lambda unit: unit.text):
        units = list(run)
        text = {"content": text_of(units), "textStyle": style}
        elements.append({"startIndex": at, "endIndex": at + len(units), "textRun": text})
        at += len(units)
    return {"paragraph": {"elements": elements, "paragraphStyle": paragraph.style}}


def _table(table: Table) -> JSON:
    rows = [
        _span(row) | {"tableCells": [*map(_cell, row.cells)], "tableRowStyle": {}}
        for row in table.rows
    ]
    columns = len(table.rows[0].cells)
    return {"table": {"rows": len(rows), "columns": columns, "tableRows": rows}}


def _cell(cell: Cell) -> JSON:
    style = {"rowSpan": 1, "columnSpan": 1}
    return _span(cell) | {"content": [*map(_block, cell.content)], "tableCellStyle": style}


def _named_ranges(manuscript: Manuscript) -> JSON:
    told_ranges: JSON = {}
    for named in manuscript.ranges:
        entry = told_ranges.setdefault(named.name, {"name": named.name, "namedRanges": []})
        span = {"startIndex": named.start, "endIndex": named.end}
        entry["namedRanges"].append(
            {"namedRangeId": named.id, "name": named.name, "ranges": [span]}
        )
    return told_ranges


def _named_style(name: str) -> JSON:
    paragraph = {"namedStyleType": name, "direction": "LEFT_TO_RIGHT"}
    return {"namedStyleType": name, "textStyle": {}, "paragraphStyle": paragraph}


def _section_style() -> JSON:
    return {
        "columnSeparatorStyle": "NONE",
        "contentDirection": "LEFT_TO_RIGHT",
        "sectionType": "CONTINUOUS",
    }


def _page_size() -> JSON:
    return {
        "height": {"magnitude": 841.9, "unit": "PT"},
        "width": {"magnitude": 595.3, "unit": "PT"},
    }
