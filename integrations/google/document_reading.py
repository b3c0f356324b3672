"""A Google document as people left it: its sections, tables and rows, with their places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from domain.plain_text import one_line
from domain.preparation.document import LONGEST, MOST_ROWS, ActionRow, DesiredDocument

ACTION_ITEMS = "Action items"
DECISIONS = "Decisions"
COLUMNS = ("#", "Action", "Type", "Priority", "Team", "Done when", "State")

_FIELDS = {
    "id": "#",
    "text": "Action",
    "type": "Type",
    "priority": "Priority",
    "team": "Team",
    "done_when": "Done when",
}
"""In which column of the table each field of a row stands."""

HEADER_MARK = "pm:header"
ACTIONS_MARK = "pm:actions"
DECISIONS_MARK = "pm:decisions"

_SECTION_STARTS = {"TITLE", "HEADING_1", "HEADING_2"}
_MARK_LENGTH = 200
_SOMETHING = "\ufffc"
"""Stands for an image, a chip or whatever else is content without text."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; its text is without the newline at its end."""

    start: int
    end: int
    text: str
    style: str


@dataclass(frozen=True)
class Cell:
    """A table cell; from `start` up to `end` stands its text, its last newline not counted."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Row:
    """A table row; the next one begins at `end`."""

    end: int
    cells: tuple[Cell, ...]

    def cell(self, column: int | None) -> Cell | None:
        """Return a cell, or None where people removed the column."""
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def text(self, column: int | None) -> str:
        """Return a cell's text, empty where there is no such cell."""
        cell = self.cell(column)
        return cell.text if cell else ""


@dataclass(frozen=True)
class Table:
    """A table."""

    start: int
    end: int
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Return everything in it."""
        return "".join(cell.text for row in self.rows for cell in row.cells)

    def column(self, title: str) -> int | None:
        """Return where the column of this title stands now."""
        titles = [normalised(cell.text) for cell in self.rows[0].cells]
        wanted = normalised(title)
        return titles.index(wanted) if wanted in titles else None


@dataclass(frozen=True)
class Page:
    """A document at one revision."""

    revision: str
    blocks: tuple[Paragraph | Table, ...]
    marks: Mapping[str, tuple[int, int]]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was ever written into it."""
        return not any(isinstance(block, Table) or block.text for block in self.blocks)

    @property
    def end(self) -> int:
        """Return where the last newline stands, behind which nothing can be inserted."""
        return self.blocks[-1].end - 1

    def table_marked(self, mark: str) -> Table | None:
        """Return the table in which a mark of ours stands."""
        block = self._block_at(mark)
        return block if isinstance(block, Table) else None

    def heading(self, title: str) -> Paragraph | None:
        """Return a section's heading, by our mark even if renamed, else by its words."""
        block = self._block_at(section_mark(title))
        if isinstance(block, Paragraph):
            return block
        same = (
            each
            for each in self.blocks
            if isinstance(each, Paragraph)
            and each.style.startswith("HEADING")
            and normalised(each.text) == normalised(title)
        )
        return next(same, None)

    def under(self, heading: Paragraph) -> Iterator[Paragraph | Table]:
        """Yield what stands under a heading until the next section; subheadings are content."""
        marked = {start for name, (start, _) in self.marks.items() if name.startswith("pm:section")}
        following = (block for block in self.blocks if block.start >= heading.end)
        return takewhile(lambda block: not _starts_section(block, marked), following)

    def text_between(self, start: int, end: int) -> str:
        """Return the text between two places, one line per paragraph."""
        lines = []
        for block in self.blocks:
            if isinstance(block, Paragraph) and start < block.end and block.start < end:
                # Docs counts UTF-16 code units, two bytes each.
                text = block.text.encode("utf-16-le")
                inside = text[2 * max(start - block.start, 0) : 2 * (end - block.start)]
                lines.append(inside.decode("utf-16-le", "replace"))
        return "\n".join(lines)

    def _block_at(self, mark: str) -> Paragraph | Table | None:
        start = self.marks.get(mark, (-1, -1))[0]
        return next((block for block in self.blocks if block.start <= start < block.end), None)


def read(document: Mapping[str, Any]) -> Page:
    """Return the page that a document of the Docs API describes."""
    content = document["body"]["content"]
    return Page(
        revision=document["revisionId"],
        blocks=tuple(_blocks(content)),
        marks={
            name: (places[0]["ranges"][0].get("startIndex", 0), places[0]["ranges"][0]["endIndex"])
            for name, told in document.get("namedRanges", {}).items()
            if name.startswith("pm:") and (places := told["namedRanges"])
        },
    )


def action_rows(page: Page) -> tuple[tuple[ActionRow, ...], bool]:
    """Return the rows of the action-item table that say what to do, as far as a case takes them.

    What it does not take, of a cell or of rows, is left out; whether there is any, is told beside.
    """
    table = page.table_marked(ACTIONS_MARK)
    if table is None:
        return (), False
    columns = {field: table.column(title) for field, title in _FIELDS.items()}
    told = [
        {field: row.text(column) for field, column in columns.items()}
        for row in table.rows[1:]
        if row.text(columns["text"])
    ]
    taken = tuple(
        ActionRow(**{field: as_taken(field, cell) for field, cell in row.items()})
        for row in told[:MOST_ROWS]
    )
    longer = any(len(cell) > LONGEST[field] for row in told for field, cell in row.items())
    return taken, longer or len(told) > len(taken)


def as_taken(field: str, cell: str) -> str:
    """Return as much of a cell as a case takes."""
    return cell[: LONGEST[field]].strip()


def empty_sections(page: Page, wanted: DesiredDocument) -> tuple[str, ...]:
    """Return the sections under which nothing stands but their prompt."""
    headings = headings_of(page, [title for title, _ in wanted.sections])
    return tuple(
        title for title, prompt in wanted.sections if _is_empty(page, title, prompt, headings)
    )


def headings_of(page: Page, titles: list[str]) -> dict[str, Paragraph]:
    """Return each section's heading: by our mark, by its words, or else by its place.

    A heading that people typed over whole has lost its mark and its words. It is then the
    heading that nobody else claims between the neighbours that are known.
    """
    known = {title: found for title in titles if (found := page.heading(title))}
    claimed = {each.start for each in known.values()}
    free = [
        block
        for block in page.blocks
        if isinstance(block, Paragraph)
        and block.style.startswith("HEADING")
        and block.start not in claimed
    ]
    for place, title in enumerate(titles):
        if title in known:
            continue
        after = max((known[t].start for t in titles[:place] if t in known), default=-1)
        before = min((known[t].start for t in titles[place:] if t in known), default=page.end)
        between = [each for each in free if after < each.start < before]
        if between:
            known[title] = between[0]
            free.remove(between[0])
    return known


def section_mark(title: str) -> str:
    """Return the name of the mark over a section's heading."""
    return f"pm:section:{title}"[:_MARK_LENGTH]


def normalised(text: str) -> str:
    """Return a text so that case and spacing do not count."""
    return one_line(text).casefold()


def _is_empty(page: Page, title: str, prompt: str, headings: Mapping[str, Paragraph]) -> bool:
    if normalised(title) == normalised(ACTION_ITEMS):
        return not action_rows(page)[0]
    heading = headings.get(title)
    if heading is None:
        return True
    texts = (normalised(block.text) for block in page.under(heading))
    return not any(text and text != normalised(prompt) for text in texts)


def _starts_section(block: Paragraph | Table, marked: set[int]) -> bool:
    if isinstance(block, Table):
        return False
    return block.style in _SECTION_STARTS or any(block.start <= at < block.end for at in marked)


def _blocks(content: list[dict[str, Any]]) -> Iterator[Paragraph | Table]:
    for element in content:
        if "paragraph" in element:
            yield _paragraph(element)
        elif "table" in element:
            rows = tuple(_row(row) for row in element["table"]["tableRows"])
            yield Table(element["startIndex"], element["endIndex"], rows)


def _paragraph(element: Mapping[str, Any]) -> Paragraph:
    told = element["paragraph"]
    text = "".join(_text(each) for each in told["elements"])
    style = told.get("paragraphStyle", {}).get("namedStyleType", "NORMAL_TEXT")
    return Paragraph(element["startIndex"], element["endIndex"], text.removesuffix("\n"), style)


def _text(element: Mapping[str, Any]) -> str:
    if "textRun" in element:
        return str(element["textRun"].get("content", ""))
    chip = element.get("person", {}).get("personProperties", {})
    link = element.get("richLink", {}).get("richLinkProperties", {})
    return chip.get("name") or chip.get("email") or link.get("title") or _SOMETHING


def _row(told: Mapping[str, Any]) -> Row:
    return Row(told["endIndex"], tuple(_cell(each) for each in told["tableCells"]))


def _cell(told: Mapping[str, Any]) -> Cell:
    lines = [_paragraph(each).text for each in told["content"] if "paragraph" in each]
    first, last = told["content"][0], told["content"][-1]
    return Cell(first["startIndex"], last["endIndex"] - 1, one_line("\n".join(lines)))
