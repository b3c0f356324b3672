"""The requests of a Docs batch, applied to a manuscript one after the other."""

import re
from collections.abc import Callable
from typing import Any

from simulator.errors import google_docs_error
from simulator.google.docs import tables as docs_tables
from simulator.google.docs.manuscript import STRUCTURE, Manuscript, NamedRange, Unit, units_of
from simulator.google.docs.places import RequestRefused, deleted, insertion_index, span
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import random_id

# Google strips these from inserted text; some of them mark structure here.
_STRIPPED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 256
_NAMED_STYLES = {"NORMAL_TEXT", "TITLE", "SUBTITLE", *(f"HEADING_{level}" for level in range(1, 7))}

_PLACE = {"index": int, "segmentId": str, "tabId": str}
_SHAPES = {
    "text": str,
    "name": str,
    "fields": str,
    "replaceText": str,
    "namedRangeId": str,
    "namedRangeName": str,
    "rows": int,
    "columns": int,
    "insertBelow": bool,
    "location": _PLACE,
    "endOfSegmentLocation": dict,
    "range": {"startIndex": int, "endIndex": int},
    "containsText": {"text": str, "matchCase": bool},
    "paragraphStyle": {"namedStyleType": str},
    "textStyle": {"bold": bool, "italic": bool, "link": {"url": str}},
    "tableCellLocation": {"tableStartLocation": _PLACE, "rowIndex": int, "columnIndex": int},
}


def apply(manuscript: Manuscript, requests: list[JSON]) -> list[JSON]:
    """Apply every request and return the replies, or refuse the first that does not fit."""
    replies: list[JSON] = []
    for number, request in enumerate(requests):
        if not isinstance(request, dict) or len(request) != 1:
            raise google_docs_error(400, f"Invalid requests[{number}]: No request set.")
        [(name, body)] = request.items()
        if name not in _REQUESTS:
            place = f"Unknown name \"{name}\" at 'requests[{number}]': Cannot find field."
            raise google_docs_error(400, f"Invalid JSON payload received. {place}")
        if wrong := misfit(body, _SHAPES):
            where = f"requests[{number}].{name}.{wrong}"
            raise google_docs_error(400, f"Invalid value at '{where}'.")
        try:
            reply = _REQUESTS[name](manuscript, body or {})
        except RequestRefused as refused:
            message = f"Invalid requests[{number}].{name}: {refused}"
            raise google_docs_error(400, message) from None
        replies.append({name: reply} if reply else {})
    return replies


def _insert_text(manuscript: Manuscript, body: JSON) -> None:
    text = _clean(body.get("text"))
    if not text:
        raise RequestRefused("Insert text requests must specify text to insert.")
    insert(manuscript, insertion_index(manuscript, body), text)


def insert(manuscript: Manuscript, index: int, text: str) -> None:
    """Insert text at an index inside a paragraph, in the style of its neighbours."""
    before, here = manuscript.units[index - 1], manuscript.units[index]
    neighbour = here if before.char == "\n" or before.char in STRUCTURE else before
    ending = manuscript.units[manuscript.newline_after(index)].paragraph
    copied = {name: value for name, value in ending.items() if name != "headingId"}
    manuscript.splice(index, index, units_of(text, neighbour.text, copied))


def _delete(manuscript: Manuscript, body: JSON) -> None:
    deleted(manuscript, *span(manuscript, body))


def _replace_all(manuscript: Manuscript, body: JSON) -> JSON:
    sought = body.get("containsText") or {}
    text = sought.get("text")
    if not text:
        raise RequestRefused("The contains text must not be empty.")
    flags = 0 if sought.get("matchCase") else re.IGNORECASE
    row = "".join(unit.char for unit in manuscript.units)
    pattern = re.escape("".join(unit.char for unit in units_of(text)))
    found = [match.span() for match in re.finditer(pattern, row, flags)]
    for start, end in reversed(found):
        _replace(manuscript, start, end, _clean(body.get("replaceText")))
    return {"occurrencesChanged": len(found)} if found else {}


def _replace(manuscript: Manuscript, start: int, end: int, text: str) -> None:
    ending = manuscript.units[manuscript.newline_after(start)].paragraph
    copied = {name: value for name, value in ending.items() if name != "headingId"}
    manuscript.splice(start, end, units_of(text, manuscript.units[start].text, copied))


def _paragraph_style(manuscript: Manuscript, body: JSON) -> None:
    start, end = span(manuscript, body)
    changes = _styled(body, "paragraphStyle")
    if changes.get("namedStyleType", "NORMAL_TEXT") not in _NAMED_STYLES:
        raise RequestRefused(f"Unknown named style {changes['namedStyleType']}.")
    last = manuscript.newline_after(end - 1)
    for at in range(start, last + 1):
        unit = manuscript.units[at]
        if unit.char == "\n":
            manuscript.units[at] = Unit("\n", unit.text, _without_nulls(unit.paragraph | changes))


def _text_style(manuscript: Manuscript, body: JSON) -> None:
    start, end = span(manuscript, body)
    changes = _styled(body, "textStyle")
    for at in range(start, end):
        unit = manuscript.units[at]
        if unit.char not in STRUCTURE:
            styled = _without_nulls(unit.text | changes)
            manuscript.units[at] = Unit(unit.char, styled, unit.paragraph)


def _styled(body: JSON, name: str) -> JSON:
    """Return the style's fields that the mask names; a named field that is absent is reset."""
    style, mask = body.get(name) or {}, str(body.get("fields") or "")
    if not mask:
        raise RequestRefused(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    if mask == "*":
        return dict(style)
    names = {part.strip().split(".")[0] for part in mask.split(",")}
    return {field: style.get(field) for field in names}


def _create_range(manuscript: Manuscript, body: JSON) -> JSON:
    name = body.get("name") or ""
    if not 1 <= len(units_of(name)) <= _LONGEST_NAME:
        raise RequestRefused("The name must be between 1 and 256 UTF-16 code units.")
    start, end = span(manuscript, body)
    named = NamedRange(f"kix.{random_id(12)}", name, start, end)
    manuscript.ranges.append(named)
    return {"namedRangeId": named.id}


def _delete_range(manuscript: Manuscript, body: JSON) -> None:
    gone = _named(manuscript, body, "namedRangeId", "name")
    manuscript.ranges = [named for named in manuscript.ranges if named not in gone]


def _replace_range(manuscript: Manuscript, body: JSON) -> None:
    text = _clean(body.get("text"))
    for named in _named(manuscript, body, "namedRangeId", "namedRangeName"):
        start, end = named.start, named.end
        if text:
            _replace_within(manuscript, named, text)
        else:
            deleted(manuscript, start, end)


def _replace_within(manuscript: Manuscript, named: NamedRange, text: str) -> None:
    start, end = named.start, named.end
    if manuscript.units[start].char in STRUCTURE:
        raise RequestRefused("The named range cannot be replaced with text.")
    insert(manuscript, start, text)
    length = len(units_of(text))
    # The range moved behind the new text; it is put around it before its old content goes.
    named.start, named.end = start, start + length
    deleted(manuscript, start + length, end + length)


def _named(manuscript: Manuscript, body: JSON, by_id: str, by_name: str) -> list[NamedRange]:
    if by_id in body:
        found = [named for named in manuscript.ranges if named.id == body[by_id]]
        sought = f"ID {body[by_id]}"
    elif by_name in body:
        found = [named for named in manuscript.ranges if named.name == body[by_name]]
        sought = f"name {body[by_name]}"
    else:
        raise RequestRefused("A named range reference must be specified.")
    if not found:
        raise RequestRefused(f"The named range with {sought} was not found.")
    return found


def _clean(text: str | None) -> str:
    if _HALF_A_PAIR.search(text or ""):
        raise RequestRefused("The text to insert is not valid UTF-8.")
    return _STRIPPED.sub("", text or "")


def _without_nulls(style: JSON) -> JSON:
    return {name: value for name, value in style.items() if value is not None}


_REQUESTS: dict[str, Callable[[Manuscript, JSON], Any]] = {
    "insertText": _insert_text,
    "deleteContentRange": _delete,
    "replaceAllText": _replace_all,
    "updateParagraphStyle": _paragraph_style,
    "updateTextStyle": _text_style,
    "insertTable": docs_tables.insert_table,
    "insertTableRow": docs_tables.insert_row,
    "deleteTableRow": docs_tables.delete_row,
    "createNamedRange": _create_range,
    "deleteNamedRange": _delete_range,
    "replaceNamedRangeContent": _replace_range,
}
