"""The document as it is when it is new, as one batch of Docs requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.plain_text import lines, one_line
from domain.preparation.document import DesiredDocument, TableRowState
from integrations.google.document_reading import (
    ACTION_ITEMS,
    ACTIONS_MARK,
    COLUMNS,
    DECISIONS,
    DECISIONS_MARK,
    HEADER_MARK,
    normalised,
    section_mark,
)

NO_DECISIONS = "No decisions yet."
ROWS_TO_WRITE_IN = 3
"""Empty rows, so that people see where to write."""

BODY_START = 1

Request = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """One or more paragraphs of one style; `mark` names the range over them."""

    text: str
    style: str = "NORMAL_TEXT"
    italic: bool = False
    mark: str = ""

    @property
    def length(self) -> int:
        """Return how many places it takes, its last newline included."""
        return units(self.text) + 1

    def marked(self, start: int) -> tuple[int, int]:
        """Return the range to mark when it begins here."""
        return start, start + units(self.text)

    def requests(self) -> list[Request]:
        """Return what inserts it at the beginning of the body."""
        whole = span(BODY_START, BODY_START + self.length)
        style = {"namedStyleType": self.style}
        inserted = [
            insert_text(BODY_START, f"{self.text}\n"),
            {
                "updateParagraphStyle": {
                    "range": whole,
                    "paragraphStyle": style,
                    "fields": "namedStyleType",
                }
            },
        ]
        if self.text:
            inserted.append(styled(BODY_START, self.text, italic=self.italic))
        return inserted


@dataclass(frozen=True)
class Grid:
    """A table; `mark` names the range over the text of its first cell."""

    rows: tuple[tuple[str, ...], ...]
    mark: str
    has_titles: bool

    @property
    def length(self) -> int:
        """Return how many places it takes, with the newline that Docs puts before a table."""
        texts = sum(units(text) for row in self.rows for text in row)
        return 1 + 2 + len(self.rows) * (1 + 2 * len(self.rows[0])) + texts

    def marked(self, start: int) -> tuple[int, int]:
        """Return the range to mark when it begins here."""
        first = start + 1 + 3
        return first, first + units(self.rows[0][0])

    def requests(self) -> list[Request]:
        """Return what inserts it at the beginning of the body, cells filled from the last on."""
        columns = len(self.rows[0])
        table = {"rows": len(self.rows), "columns": columns, "location": {"index": BODY_START}}
        plain = {"namedStyleType": "NORMAL_TEXT"}
        before = span(BODY_START, BODY_START + 1)
        made: list[Request] = [
            {"insertTable": table},
            {
                "updateParagraphStyle": {
                    "range": before,
                    "paragraphStyle": plain,
                    "fields": "namedStyleType",
                }
            },
        ]
        for number in reversed(range(len(self.rows))):
            row_start = BODY_START + 2 + number * (1 + 2 * columns)
            bold = number == 0 and self.has_titles
            made += filled_row(row_start, self.rows[number], bold=bold)
        return made


def template(wanted: DesiredDocument) -> list[Request]:
    """Return the requests that fill an empty document.

    Each block is inserted at the beginning, the last one first, so that no place is computed
    before it is known; the marks come at the end, where every place is.
    """
    blocks = list(_blocks(wanted))
    requests = [request for block in reversed(blocks) for request in block.requests()]
    start = BODY_START
    for block in blocks:
        if block.mark:
            requests.append(named_range(block.mark, *block.marked(start)))
        start += block.length
    return requests


def row_texts(row: TableRowState) -> tuple[str, ...]:
    """Return one action item as cells, in the order of our columns."""
    cells = (row.id, row.text, row.type, row.priority, row.team, row.done_when, row.state)
    return tuple(one_line(cell) for cell in cells)


def decisions_text(decisions: Sequence[str]) -> str:
    """Return the decisions, a paragraph each."""
    return "\n".join(one_line(each) for each in decisions) or NO_DECISIONS


def filled_row(row_start: int, texts: Sequence[str], *, bold: bool = False) -> list[Request]:
    """Return what fills the empty cells of a row that begins here, from the last cell on."""
    filled: list[Request] = []
    for number, text in reversed(list(enumerate(texts))):
        if text:
            inside = row_start + 2 + 2 * number
            filled += [insert_text(inside, text), styled(inside, text, bold=bold)]
    return filled


def insert_text(index: int, text: str) -> Request:
    """Return the request that inserts text at a place."""
    return {"insertText": {"location": {"index": index}, "text": text}}


def styled(index: int, text: str, *, bold: bool = False, italic: bool = False) -> Request:
    """Return the request that styles a text just inserted; new text takes its neighbour's style."""
    style = {"bold": bold, "italic": italic}
    place = span(index, index + units(text))
    return {"updateTextStyle": {"range": place, "textStyle": style, "fields": "bold,italic"}}


def named_range(name: str, start: int, end: int) -> Request:
    """Return the request that marks a range."""
    return {"createNamedRange": {"name": name, "range": span(start, end)}}


def span(start: int, end: int) -> dict[str, int]:
    """Return a range in the words of the Docs API."""
    return {"startIndex": start, "endIndex": end}


def units(text: str) -> int:
    """Return the length of a text as Docs counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _blocks(wanted: DesiredDocument) -> Iterator[Text | Grid]:
    yield Text(one_line(wanted.title), "TITLE", mark="pm:content")
    yield Text(lines(wanted.opening))
    if wanted.header:
        header = tuple((one_line(label), one_line(value)) for label, value in wanted.header)
        yield Grid(header, HEADER_MARK, has_titles=False)
    facts = dict(wanted.facts)
    titles = [title for title, _ in wanted.sections]
    for title, prompt in wanted.sections:
        yield from _section(title, prompt, facts.pop(title, ""), wanted)
    if normalised(ACTION_ITEMS) not in map(normalised, titles):
        yield from _section(ACTION_ITEMS, "", "", wanted)
    for title, text in facts.items():
        yield from _section(title, "", text, wanted)
    yield Text(DECISIONS, "HEADING_2", mark=section_mark(DECISIONS))
    yield Text(decisions_text(wanted.decisions), mark=DECISIONS_MARK)


def _section(title: str, prompt: str, fact: str, wanted: DesiredDocument) -> Iterator[Text | Grid]:
    yield Text(one_line(title), "HEADING_2", mark=section_mark(title))
    if prompt:
        yield Text(one_line(prompt), italic=True)
    if fact:
        yield Text(lines(fact))
    if normalised(title) == normalised(ACTION_ITEMS):
        rows = tuple(row_texts(row) for row in wanted.rows)
        blank = (("",) * len(COLUMNS),) * ROWS_TO_WRITE_IN
        yield Grid((COLUMNS, *rows, *blank), ACTIONS_MARK, has_titles=True)
    else:
        yield Text("")
