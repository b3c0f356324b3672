"""The meeting as a calendar file, for whoever books it by hand (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from domain.meeting.event import EventFacts

_LONGEST = 75
"""Octets of a line (RFC 5545, 3.1)."""


def calendar_file(facts: EventFacts, title: str, description: str, written_at: datetime) -> str:
    """Return an event as an iCalendar text; a later one of the same key takes its place."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftermath//EN",
        "BEGIN:VEVENT",
        f"UID:{_escaped(facts.key)}",
        f"DTSTAMP:{_basic(written_at)}",
        f"DTSTART:{_basic(facts.start)}",
        f"DTEND:{_basic(facts.end)}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(description)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _basic(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    written = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n"))
    for plain, escaped in written:
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> Iterator[str]:
    """Break a line so that no piece exceeds 75 octets, whole characters each."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > _LONGEST:
            yield piece
            piece = " "
        piece += character
    yield piece
