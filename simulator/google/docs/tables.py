"""The requests of a Docs batch that are about tables."""

from simulator.google.docs.manuscript import Manuscript, Table, row_units, table_units, units_of
from simulator.google.docs.places import RequestRefused, insertion_index, table_row
from simulator.store import JSON


def insert_table(manuscript: Manuscript, body: JSON) -> None:
    """Insert an empty table; a newline comes before it."""
    rows, columns = body.get("rows"), body.get("columns")
    if not isinstance(rows, int) or not isinstance(columns, int) or min(rows, columns) < 1:
        raise RequestRefused("The number of rows and columns must be at least 1.")
    index = insertion_index(manuscript, body)
    ending = manuscript.units[manuscript.newline_after(index)].paragraph
    copied = {name: value for name, value in ending.items() if name != "headingId"}
    newline = units_of("\n", None, copied)
    manuscript.splice(index, index, [*newline, *table_units(rows, columns)])


def insert_row(manuscript: Manuscript, body: JSON) -> None:
    """Insert an empty row above or below the row of a cell."""
    table, number = _found(manuscript, body)
    row = table.rows[number]
    at = row.end if body.get("insertBelow") else row.start
    manuscript.splice(at, at, row_units(len(row.cells)))


def delete_row(manuscript: Manuscript, body: JSON) -> None:
    """Delete the row of a cell; the last row takes the table with it."""
    table, number = _found(manuscript, body)
    row = table.rows[number]
    start, end = (table.start, table.end) if len(table.rows) == 1 else (row.start, row.end)
    manuscript.splice(start, end, [])


def _found(manuscript: Manuscript, body: JSON) -> tuple[Table, int]:
    start, number = table_row(manuscript, body)
    table = next(table for table in manuscript.tables() if table.start == start)
    if number >= len(table.rows):
        raise RequestRefused(f"Invalid row index {number}: the table has {len(table.rows)} rows.")
    return table, number
