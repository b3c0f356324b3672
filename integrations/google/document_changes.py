"""What brings our own parts of a written document to the wanted state, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.plain_text import one_line
from domain.preparation.document import DesiredDocument, TableRowState
from integrations.google.document_reading import (
    ACTIONS_MARK,
    COLUMNS,
    DECISIONS,
    DECISIONS_MARK,
    HEADER_MARK,
    Cell,
    Page,
    Row,
    Table,
    as_taken,
    normalised,
    section_mark,
)
from integrations.google.document_template import (
    Request,
    decisions_text,
    filled_row,
    insert_text,
    named_range,
    row_texts,
    span,
    styled,
    units,
)

Edit = tuple[int, list[Request]]
"""Requests, and the place in the page at which they act."""


def changes(page: Page, wanted: DesiredDocument) -> list[Request]:
    """Return the requests that are needed, none when our parts stand as wanted.

    They go from the end of the page to its beginning, so that no edit moves the place of
    another.
    """
    edits = [*_header(page, wanted), *_actions(page, wanted), *_decisions(page, wanted)]
    ordered = sorted(edits, key=lambda edit: edit[0], reverse=True)
    return [request for _, requests in ordered for request in requests]


def written(page: Page, wanted: DesiredDocument) -> Page | None:
    """Return what a page says once its changes are written; None where only Google can tell.

    Its texts are the new ones, its places still the old: it is to be read, not written into.
    """
    if page.is_blank or DECISIONS_MARK not in page.marks:
        return None
    table = page.table_marked(ACTIONS_MARK)
    if table is None:
        return page
    number, state = table.column("#"), table.column("State")
    standing, missing = _matched(table, wanted.rows)
    ours = {row.end: {number: item.id, state: one_line(item.state)} for row, item in standing}
    rows = [_with_texts(row, ours.get(row.end, {})) for row in table.rows]
    place = _last_filled(table)
    rows[place + 1 : place + 1] = [_row(table.rows[place].end, texts) for texts in missing]
    full = replace(table, rows=tuple(rows))
    return replace(page, blocks=tuple(full if block is table else block for block in page.blocks))


def _with_texts(row: Row, texts: Mapping[int | None, str]) -> Row:
    cells = (replace(cell, text=texts.get(at, cell.text)) for at, cell in enumerate(row.cells))
    return replace(row, cells=tuple(cells))


def _row(end: int, texts: Sequence[str]) -> Row:
    return Row(end, tuple(Cell(end, end, text) for text in texts))


def _header(page: Page, wanted: DesiredDocument) -> list[Edit]:
    table = page.table_marked(HEADER_MARK)
    if table is None:
        return []
    rows = {normalised(row.text(0)): row for row in table.rows}
    edits, missing = [], []
    for label, value in wanted.header:
        row = rows.get(normalised(label))
        if row is None:
            missing.append((one_line(label), one_line(value)))
        else:
            edits += _set(row.cell(1), value)
    return edits + _added(table, len(table.rows) - 1, missing)


def _actions(page: Page, wanted: DesiredDocument) -> list[Edit]:
    """Match rows by our id, else by their words; people's cells are never touched."""
    table = page.table_marked(ACTIONS_MARK)
    if table is None:
        return []
    number, state = table.column("#"), table.column("State")
    standing, missing = _matched(table, wanted.rows)
    edits: list[Edit] = []
    for row, item in standing:
        edits += [*_set(row.cell(number), item.id), *_set(row.cell(state), item.state)]
    return edits + _added(table, _last_filled(table), missing)


def _matched(
    table: Table, items: Sequence[TableRowState]
) -> tuple[list[tuple[Row, TableRowState]], list[tuple[str, ...]]]:
    """Return the rows that stand with their items, and the cells of those that are missing."""
    number, text = table.column("#"), table.column("Action")
    by_id = {row.text(number): row for row in table.rows[1:] if row.text(number)}
    new = (row for row in table.rows[1:] if not row.text(number))
    by_text = {normalised(as_taken("text", row.text(text))): row for row in new}
    found = [
        (by_id.get(item.id) or by_text.pop(normalised(item.text), None), item) for item in items
    ]
    standing = [(row, item) for row, item in found if row is not None]
    missing = [_in_columns(table, row_texts(item)) for row, item in found if row is None]
    return standing, missing


def _in_columns(table: Table, texts: Sequence[str]) -> tuple[str, ...]:
    """Return cells in the order in which people left the columns."""
    cells = [""] * len(table.rows[0].cells)
    for title, cell in zip(COLUMNS, texts, strict=True):
        place = table.column(title)
        if place is not None:
            cells[place] = cell
    return tuple(cells)


def _last_filled(table: Table) -> int:
    filled = [number for number, row in enumerate(table.rows) if _has_text(row)]
    return max(filled, default=0)


def _has_text(row: Row) -> bool:
    return any(cell.text for cell in row.cells)


def _set(cell: Cell | None, value: str) -> list[Edit]:
    text = one_line(value)
    if cell is None or cell.text == text:
        return []
    requests: list[Request] = []
    if cell.start < cell.end:
        requests.append({"deleteContentRange": {"range": span(cell.start, cell.end)}})
    if text:
        requests += [insert_text(cell.start, text), styled(cell.start, text)]
    return [(cell.start, requests)]


def _added(table: Table, after: int, rows: Sequence[Sequence[str]]) -> list[Edit]:
    """Add rows below one, the last one first, so that each is filled at the same place."""
    if not rows:
        return []
    place = table.rows[after].end
    location = {"tableStartLocation": {"index": table.start}, "rowIndex": after, "columnIndex": 0}
    below: Request = {"insertTableRow": {"tableCellLocation": location, "insertBelow": True}}
    requests: list[Request] = []
    for texts in reversed(rows):
        requests += [below, *filled_row(place, texts)]
    return [(place, requests)]


def _decisions(page: Page, wanted: DesiredDocument) -> list[Edit]:
    text = decisions_text(wanted.decisions)
    if DECISIONS_MARK not in page.marks:
        return _decisions_anew(page, text) if wanted.decisions else []
    start, end = page.marks[DECISIONS_MARK]
    if page.text_between(start, end) == text:
        return []
    requests: list[Request] = [
        {"deleteNamedRange": {"name": DECISIONS_MARK}},
        {"deleteContentRange": {"range": span(start, end)}},
        *_marked_text(start, text),
    ]
    return [(start, requests)]


def _decisions_anew(page: Page, text: str) -> list[Edit]:
    """People removed the decisions: they come again under their heading, or at the end."""
    heading = page.heading(DECISIONS)
    plain = {"namedStyleType": "NORMAL_TEXT"}
    if heading is not None and heading.end <= page.end:
        start = heading.end
        made = [insert_text(start, "\n"), _paragraph_style(start, 1, plain)]
        return [(start, [*made, *_marked_text(start, text)])]
    titled = {"namedStyleType": "HEADING_2"}
    start = page.end
    made = [
        insert_text(start, f"\n{DECISIONS}\n"),
        _paragraph_style(start + 1, units(DECISIONS), titled),
        named_range(section_mark(DECISIONS), start + 1, start + 1 + units(DECISIONS)),
        _paragraph_style(start + 2 + units(DECISIONS), 1, plain),
    ]
    return [(start, [*made, *_marked_text(start + 2 + units(DECISIONS), text)])]


def _marked_text(start: int, text: str) -> list[Request]:
    mark = named_range(DECISIONS_MARK, start, start + units(text))
    return [insert_text(start, text), styled(start, text), mark]


def _paragraph_style(start: int, length: int, style: dict[str, str]) -> Request:
    place = span(start, start + length)
    return {
        "updateParagraphStyle": {
            "range": place,
            "paragraphStyle": style,
            "fields": "namedStyleType",
        }
    }
