"""What the demo leaves behind: document, mails, calendar file, tickets, record, an index page."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2

from demo.table import record_of
from devstack.environment import Environment, emptied
from devstack.variables import CALENDAR

_pages = jinja2.Environment(
    loader=jinja2.PackageLoader("demo"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)


async def keep(here: Environment, folder: Path) -> None:
    """Write everything into a folder; a repeat replaces it."""
    mails = await here.told("mails")
    tickets = await here.told("tickets")
    record = record_of(here)
    (document,) = await here.told("documents")
    _write(folder / "document.html", await _exported(here, document["id"], "text/html"))
    _write(folder / "document.txt", document["text"])
    _write(folder / "tickets.json", json.dumps(tickets, indent=2, ensure_ascii=False))
    _write(folder / "record.json", json.dumps(record, indent=2, ensure_ascii=False))
    _write(
        folder / "meeting.ics", _calendar_file((await here.told("events", calendar=CALENDAR))[0])
    )
    letters = emptied(folder / "mails")
    for mail in mails:
        name = f"{mail['id']:03d}"
        _write(
            letters / f"{name}.txt",
            f"Subject: {mail['subject']}\nTo: {mail['to']}\n\n{mail['text']}",
        )
        if mail["html"]:
            _write(letters / f"{name}.html", mail["html"])
    index = _pages.get_template("index.html")
    _write(folder / "index.html", index.render(record=record, mails=mails, tickets=tickets))


async def _exported(here: Environment, document: str, kind: str) -> str:
    """Return the document as Google Drive exports it."""
    answer = await here.simulator.get(
        f"/drive/v3/files/{document}/export",
        params={"mimeType": kind},
        headers={"Authorization": "Bearer demo"},
    )
    return answer.raise_for_status().text


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _calendar_file(event: dict[str, Any]) -> str:
    """Return the calendar's event as an iCalendar text (RFC 5545)."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftermath demo//EN",
        "BEGIN:VEVENT",
        f"UID:{event['iCalUID']}",
        f"SEQUENCE:{event.get('sequence', 0)}",
        f"DTSTART:{_basic(event['start']['dateTime'])}",
        f"DTEND:{_basic(event['end']['dateTime'])}",
        f"SUMMARY:{event['summary']}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(lines) + "\r\n"


def _basic(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%Y%m%dT%H%M%SZ}"
