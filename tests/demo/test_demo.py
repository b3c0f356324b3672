"""The main job as a new user sees it: one command, one incident, from resolved to closed."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest

from demo.example import small_pages, tuesday_before_a_holiday

TOLD = (
    "40 small pages resolved; nothing started",
    "the worker is killed while it books the meeting",
    "there is one event in the calendar",
    "a public holiday",
    "the booking stays as it is",
    "pre-read sent to",
    "3 sections are still empty: Contributing factors, Patterns",
    "declined, P2 edge-platform: A way around the edge",
    "is late and is reminded, once",
    "is told about it, once",
    "nothing changes",
    "asks for a change",
    "now says “superseded”",
    "held back 10 min",
    "WAF-1 was not chased",
    "the case closed",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    """Play the demo once, as `make demo` does, and return what it says."""
    command = [str(Path(sys.executable).parent / "aftermath"), "demo", "--seed", "7"]
    command += ["--folder", str(folder), "--record", str(folder / "exchanges.json")]
    played = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    return played.stdout


@pytest.mark.parametrize("line", TOLD)
def test_the_demo_tells(told: str, line: str) -> None:
    assert line in told


def test_it_ends_with_what_was_promised_and_messages_per_person(told: str) -> None:
    promises, _, people = told.partition("person  ")

    assert "meeting held" in promises
    assert "customer message sent" in promises
    assert "postmortem owner" in people


def test_it_leaves_document_mails_calendar_file_tickets_record_and_index(
    told: str, folder: Path
) -> None:
    assert "index.html" in told
    record = json.loads((folder / "record.json").read_text())
    tickets = json.loads((folder / "tickets.json").read_text())

    assert record["phase"] == "closed"
    assert [ticket["key"] for ticket in tickets] == ["WAF-1", "WAF-2", "EDGE-1"]
    assert "declined (Priya Raman). Reason:" in (folder / "document.txt").read_text()
    assert "BEGIN:VEVENT" in (folder / "meeting.ics").read_text()
    assert len(list((folder / "mails").glob("*.html"))) > 20
    assert "document.html" in (folder / "index.html").read_text()


def test_it_records_every_exchange_with_the_simulated_vendors(told: str, folder: Path) -> None:
    assert told
    exchanges = json.loads((folder / "exchanges.json").read_text())

    assert {frozenset(each) for each in exchanges} == {
        frozenset({"method", "path", "query", "headers", "body", "response"})
    }
    paths = {each["path"] for each in exchanges}
    assert "/v3/mail/send" in paths
    assert any(path.startswith("/calendar/v3/") for path in paths)
    assert "SG.simulator" not in (folder / "exchanges.json").read_text()


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 3, 1), date(2028, 7, 31)])
def test_the_tuesday_is_ordinary_and_a_holiday_follows(today: date) -> None:
    home = {date(2027, 1, 1), date(2027, 6, 10), date(2028, 10, 5)}

    tuesday = tuesday_before_a_holiday(today, home, others=set())

    assert tuesday.weekday() == 1
    assert tuesday > today
    assert tuesday not in home
    assert any(1 < (day - tuesday).days < 4 for day in home)


def test_a_seed_repeats_the_small_pages() -> None:
    day = date(2027, 1, 5)

    assert small_pages(Random(3), day, 40) == small_pages(Random(3), day, 40)
    assert small_pages(Random(3), day, 40) != small_pages(Random(4), day, 40)
