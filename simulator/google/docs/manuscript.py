"""A document as Google Docs indexes it: one row of UTF-16 code units, structure included.

Index 0 is the section break. A table costs one unit where it starts and one where it ends, one for
each row and one for each cell; a paragraph ends with its newline. Blocks are read off the row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simulator.store import JSON

SECTION, TABLE, TABLE_END, ROW, CELL = "\x0e", "\x10", "\x11", "\x12", "\x1c"
STRUCTURE = frozenset({SECTION, TABLE, TABLE_END, ROW, CELL})
NORMAL: JSON = {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"}
_MARKS = re.compile("[\n\x10\x11\x12\x1c]")
_SURROGATES = "surrogatepass"


class BrokenStructure(Exception):
    """An edit would leave something that is no document."""


class Unit(NamedTuple):
    """One UTF-16 code unit; a newline carries the style of the paragraph that it ends."""

    char: str
    text: JSON
    paragraph: JSON


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, its newline included."""

    start: int
    end: int
    units: Sequence[Unit]

    @property
    def style(self) -> JSON:
        """Return the paragraph's style."""
        return self.units[-1].paragraph

    @property
    def text(self) -> str:
        """Return the text without the newline."""
        return text_of(self.units[:-1])

    @property
    def heading(self) -> bool:
        """Say whether the paragraph is a heading."""
        return str(self.style["namedStyleType"]).startswith("HEADING")


@dataclass(frozen=True)
class Cell:
    """A table cell and the blocks in it."""

    start: int
    end: int
    content: list["Block"]

    @property
    def text(self) -> str:
        """Return the text of the cell's own paragraphs."""
        return "\n".join(block.text for block in self.content if isinstance(block, Paragraph))


@dataclass(frozen=True)
class Row:
    """A table row."""

    start: int
    end: int
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """A table."""

    start: int
    end: int
    rows: list[Row]


Block = Paragraph | Table


@dataclass
class NamedRange:
    """A named stretch of the document, which moves with the text around it."""

    id: str
    name: str
    start: int
    end: int


@dataclass
class Manuscript:
    """The units of a document and its named ranges."""

    units: list[Unit] = field(default_factory=lambda: [Unit(SECTION, {}, {}), *units_of("\n")])
    ranges: list[NamedRange] = field(default_factory=list)

    def splice(self, start: int, end: int, new: Sequence[Unit]) -> None:
        """Put units in the place of others; named ranges move along, and one left empty goes."""
        self.units[start:end] = new
        gone, come = end - start, len(new)
        for named in self.ranges:
            named.start = _moved(named.start, start, end, come, is_start=True)
            named.end = _moved(named.end, start, end, come, is_start=False)
        if gone:
            self.ranges = [named for named in self.ranges if named.start < named.end]

    def blocks(self) -> list[Block]:
        """Return the body's paragraphs and tables, or say that the structure is broken."""
        return _Reader(self.units).body()

    def paragraphs(self) -> Iterator[Paragraph]:
        """Return every paragraph, those within tables included."""
        return paragraphs_in(self.blocks())

    def tables(self) -> list[Table]:
        """Return every table in the order in which they start."""
        return list(_tables_in(self.blocks()))

    def newline_after(self, index: int) -> int:
        """Return where the paragraph that holds an index ends."""
        return next(at for at in range(index, len(self.units)) if self.units[at].char == "\n")

    def copy(self) -> "Manuscript":
        """Return a manuscript that can be changed without changing this one."""
        return Manuscript(list(self.units), [NamedRange(**vars(named)) for named in self.ranges])

    def dump(self) -> JSON:
        """Return the manuscript as JSON; `load` reads it."""
        runs: list[list[object]] = []
        for unit in self.units:
            if runs and unit.char != "\n" and runs[-1][1:] == [unit.text, unit.paragraph]:
                runs[-1][0] = f"{runs[-1][0]}{unit.char}"
            else:
                runs.append([unit.char, unit.text, unit.paragraph])
        return {"runs": runs, "ranges": [vars(named) for named in self.ranges]}

    @classmethod
    def load(cls, kept: JSON) -> "Manuscript":
        """Read what `dump` wrote."""
        units = [unit for run in kept["runs"] for unit in units_of(*run)]
        return cls(units, [NamedRange(**named) for named in kept["ranges"]])


def units_of(text: str, style: JSON | None = None, paragraph: JSON | None = None) -> list[Unit]:
    """Return text as units; its newlines get the paragraph style."""
    encoded = text.encode("utf-16-le", _SURROGATES)
    chars = [
        encoded[at : at + 2].decode("utf-16-le", _SURROGATES) for at in range(0, len(encoded), 2)
    ]
    ending = NORMAL if paragraph is None else paragraph
    return [Unit(char, style or {}, ending if char == "\n" else {}) for char in chars]


def text_of(units: Sequence[Unit]) -> str:
    """Return the text of units, surrogate pairs joined again."""
    joined = "".join(unit.char for unit in units)
    return joined.encode("utf-16-le", _SURROGATES).decode("utf-16-le", _SURROGATES)


def table_units(rows: int, columns: int) -> list[Unit]:
    """Return the units of an empty table."""
    return [Unit(TABLE, {}, {}), *(row_units(columns) * rows), Unit(TABLE_END, {}, {})]


def row_units(columns: int) -> list[Unit]:
    """Return the units of an empty table row."""
    return [Unit(ROW, {}, {}), *([Unit(CELL, {}, {}), *units_of("\n")] * columns)]


def paragraphs_in(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Return every paragraph of some blocks, those within tables included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
            continue
        for row in block.rows:
            for cell in row.cells:
                yield from paragraphs_in(cell.content)


def _tables_in(blocks: Sequence[Block]) -> Iterator[Table]:
    for table in (block for block in blocks if isinstance(block, Table)):
        yield table
        for row in table.rows:
            for cell in row.cells:
                yield from _tables_in(cell.content)


def _moved(at: int, start: int, end: int, come: int, *, is_start: bool) -> int:
    if at < start or (at == start and not is_start):
        return at
    if at >= end:
        return at - (end - start) + come
    return start + come if is_start else start


class _Reader:
    """Reads blocks off a row of units, from one structural mark to the next."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        text = "".join(unit.char for unit in units)
        self._marks = [(found.start(), found.group()) for found in _MARKS.finditer(text, 1)]
        self._next = 0
        self._at = 1

    def body(self) -> list[Block]:
        content = self._content()
        if self._at != len(self._units):
            raise BrokenStructure
        return content

    def _content(self) -> list[Block]:
        blocks: list[Block] = []
        while self._next < len(self._marks):
            position, mark = self._marks[self._next]
            if mark == "\n":
                blocks.append(self._paragraph(position))
            elif mark == TABLE and position == self._at and self._units[position - 1].char == "\n":
                blocks.append(self._table())
            else:
                break
        if not blocks or not isinstance(blocks[-1], Paragraph):
            raise BrokenStructure
        return blocks

    def _paragraph(self, newline: int) -> Paragraph:
        start, self._at = self._at, newline + 1
        self._next += 1
        return Paragraph(start, self._at, self._units[start : self._at])

    def _table(self) -> Table:
        start = self._take(TABLE)
        rows = []
        while self._sees(ROW):
            rows.append(self._row())
        self._take(TABLE_END)
        if not rows:
            raise BrokenStructure
        return Table(start, self._at, rows)

    def _row(self) -> Row:
        start = self._take(ROW)
        cells = []
        while self._sees(CELL):
            cell = self._take(CELL)
            content = self._content()
            cells.append(Cell(cell, self._at, content))
        if not cells:
            raise BrokenStructure
        return Row(start, self._at, cells)

    def _sees(self, mark: str) -> bool:
        return self._next < len(self._marks) and self._marks[self._next] == (self._at, mark)

    def _take(self, mark: str) -> int:
        if not self._sees(mark):
            raise BrokenStructure
        self._next += 1
        self._at += 1
        return self._at - 1
