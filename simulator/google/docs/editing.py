"""What a person does to a document in the editor: write, rename a heading, fill a row."""

from itertools import pairwise

from simulator.google.docs.manuscript import (
    NORMAL,
    Block,
    Manuscript,
    Paragraph,
    Row,
    Table,
    row_units,
    units_of,
)


class NoSuchPlace(Exception):
    """The document has no such heading or table."""


def write(manuscript: Manuscript, heading: str, text: str) -> None:
    """Append paragraphs to the section below a heading; an empty last line is used first."""
    blocks = manuscript.blocks()
    section = _section(blocks, heading)
    text = text.replace("\r\n", "\n").strip("\n")
    last = section[-1]
    if len(section) > 1 and isinstance(last, Paragraph) and not last.text.strip():
        manuscript.splice(last.start, last.end - 1, units_of(text, {}, last.style))
        return
    if last.end < len(manuscript.units):
        manuscript.splice(last.end, last.end, units_of(f"{text}\n"))
        return
    # The body's last newline must stay; it becomes the end of the new paragraph.
    ending = manuscript.units[-1].paragraph
    manuscript.splice(last.end - 1, last.end - 1, [*units_of("\n", {}, ending), *units_of(text)])
    manuscript.units[-1] = manuscript.units[-1]._replace(paragraph=NORMAL)


def rename_heading(manuscript: Manuscript, heading: str, to: str) -> None:
    """Give a heading another text."""
    found = _section(manuscript.blocks(), heading)[0]
    manuscript.splice(found.start, found.end - 1, units_of(to.strip()))


def fill_row(manuscript: Manuscript, table: int, cells: list[str]) -> None:
    """Write cells into a table's first empty row, or into a new one at its end."""
    tables = manuscript.tables()
    if not 0 <= table < len(tables):
        raise NoSuchPlace(f"There is no table number {table}; there are {len(tables)}.")
    row = _empty_row(tables[table])
    if row is None:
        last = tables[table].rows[-1]
        manuscript.splice(last.end, last.end, row_units(len(last.cells)))
        row = manuscript.tables()[table].rows[-1]
    # From the last cell to the first, so that the indexes of the cells still to fill stay true.
    for cell, text in reversed(list(zip(row.cells, cells, strict=False))):
        inside = cell.content[-1]
        manuscript.splice(inside.start, inside.end - 1, units_of(text))


def _empty_row(table: Table) -> Row | None:
    empty = (row for row in table.rows if not any(cell.text.strip() for cell in row.cells))
    return next(empty, None)


def sections(manuscript: Manuscript) -> list[list[Block]]:
    """Return the document's blocks by section; the first may have no heading."""
    blocks = manuscript.blocks()
    starts = [n for n, b in enumerate(blocks) if isinstance(b, Paragraph) and b.heading]
    bounds = sorted({0, *starts, len(blocks)})
    return [blocks[start:end] for start, end in pairwise(bounds)]


def _section(blocks: list[Block], heading: str) -> list[Block]:
    def heads(block: Block) -> bool:
        return isinstance(block, Paragraph) and block.heading

    wanted = heading.strip()
    for start, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.heading and block.text.strip() == wanted:
            following = (n for n in range(start + 1, len(blocks)) if heads(blocks[n]))
            return blocks[start : next(following, len(blocks))]
    raise NoSuchPlace(f'There is no heading "{wanted}".')
