"""Where in a document a request may act, in Google's words when it may not."""

from simulator.google.docs.manuscript import (
    STRUCTURE,
    TABLE,
    TABLE_END,
    BrokenStructure,
    Manuscript,
    Unit,
)
from simulator.store import JSON

_OUTSIDE = (
    "The insertion index must be inside the bounds of an existing paragraph. "
    "You can still create new paragraphs by inserting newlines."
)
_LAST_NEWLINE = "The range cannot include the newline character at the end of the segment."
_SEGMENT_END = "the end index of the referenced segment"
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


class RequestRefused(Exception):
    """The request cannot be applied; the text is what Google would say."""


def insertion_index(manuscript: Manuscript, body: JSON) -> int:
    """Return where a request inserts: a location inside a paragraph, or the end of the body."""
    if "endOfSegmentLocation" in body:
        return len(manuscript.units) - 1
    if "location" not in body:
        raise RequestRefused("The location must be specified.")
    index = _index(body["location"].get("index"), "Index")
    if index >= len(manuscript.units):
        length = len(manuscript.units)
        message = f"Index {index} must be less than {_SEGMENT_END}, {length}."
        raise RequestRefused(message)
    if index < 1 or manuscript.units[index].char in STRUCTURE:
        raise RequestRefused(_OUTSIDE)
    if _splits_pair(manuscript, index):
        raise RequestRefused("The insertion index cannot be within a grapheme cluster.")
    return index


def span(manuscript: Manuscript, body: JSON) -> tuple[int, int]:
    """Return the range of a request."""
    named = body.get("range")
    if not named:
        raise RequestRefused("The range must be specified.")
    start, end = (
        _index(named.get("startIndex", 0), "Start index"),
        _index(named.get("endIndex"), "End index"),
    )
    if end > len(manuscript.units):
        length = len(manuscript.units)
        message = f"Index {end} must be less than or equal to {_SEGMENT_END}, {length}."
        raise RequestRefused(message)
    if start >= end:
        raise RequestRefused("The range should not be empty.")
    return start, end


def deleted(manuscript: Manuscript, start: int, end: int) -> None:
    """Delete a range, unless that would leave a broken document."""
    if start < 1:
        raise RequestRefused("The range cannot include a section break.")
    if end == len(manuscript.units):
        raise RequestRefused(_LAST_NEWLINE)
    if _splits_pair(manuscript, start) or _splits_pair(manuscript, end):
        raise RequestRefused("The range cannot include part of a surrogate pair.")
    gone = manuscript.units[start:end]
    if not _whole_tables(gone):
        raise RequestRefused("Cannot delete the requested range.")
    manuscript.splice(start, end, [])
    try:
        manuscript.blocks()
    except BrokenStructure:
        raise RequestRefused("Cannot delete the requested range.") from None
    _merge_paragraphs(manuscript, start, gone)


def table_row(manuscript: Manuscript, body: JSON) -> tuple[int, int]:
    """Return the start of the table and the row that a table cell location names."""
    location = body.get("tableCellLocation") or {}
    start = _index((location.get("tableStartLocation") or {}).get("index"), "Table start index")
    if start >= len(manuscript.units) or manuscript.units[start].char != TABLE:
        known = f"Must specify the start index of the table: {start}."
        raise RequestRefused(f"Invalid table start location. {known}")
    return start, _index(location.get("rowIndex", 0), "Row index")


def _merge_paragraphs(manuscript: Manuscript, start: int, gone: list[Unit]) -> None:
    """Let the first of two merged paragraphs give the style, as it does in the editor."""
    before = manuscript.units[start - 1].char
    first = next((unit for unit in gone if unit.char == "\n"), None)
    if first is None or before == "\n" or before in STRUCTURE:
        return
    at = manuscript.newline_after(start)
    manuscript.units[at] = Unit("\n", manuscript.units[at].text, first.paragraph)


def _whole_tables(units: list[Unit]) -> bool:
    """Say whether each table that the units touch is there from its start to its end."""
    depth = 0
    for unit in units:
        if unit.char in STRUCTURE and unit.char != TABLE and depth == 0:
            return False
        depth += (unit.char == TABLE) - (unit.char == TABLE_END)
    return depth == 0


def _index(value: object, name: str) -> int:
    if not isinstance(value, int) or value < 0:
        raise RequestRefused(f"{name} must be specified and not negative.")
    return value


def _splits_pair(manuscript: Manuscript, index: int) -> bool:
    if not 0 < index < len(manuscript.units):
        return False
    before, here = manuscript.units[index - 1].char, manuscript.units[index].char
    return ord(before) in _HIGH and ord(here) in _LOW
