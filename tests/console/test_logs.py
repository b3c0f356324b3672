"""What a program that stays writes down: one JSON object a line, and nothing secret in it."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from temporalio.exceptions import ApplicationError

from console.logs import log_as_json
from console.redaction import Redaction
from integrations.errors import Refused
from integrations.links import Link, Links, Purpose
from tests.logging_apart import logging_apart

KEY = "Zk3v_8QmT1xRbN5cLw7Jd-2fYpHs9AoEu4GiXtVqMz6KrWn0"
LINKS = Links([KEY], ["codes"], "https://postmortems.example.com")
LINK = LINKS.url(Link(Purpose.APPROVAL, "postmortem-INC-204", 1, "ines", "a1b2c3"))
TOKEN = LINK.rpartition("/")[2]
ADDRESS = "ines.ferreira@example.com"
CANARIES = (KEY, TOKEN, ADDRESS, "SG.abcdefghijk", "123456", "hunter2-hunter2")


class Written(io.StringIO):
    """What was logged."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def clean(self) -> bool:
        return not any(canary in self.getvalue() for canary in CANARIES)


@pytest.fixture
def written() -> Iterator[Written]:
    """Let this process log as a program does, and put everything back."""
    with logging_apart():
        there = Written()
        log_as_json("web", [KEY], there)
        yield there


def fails(secret: str) -> None:
    raise KeyError(secret)


def test_a_line_says_when_who_and_what(written: Written) -> None:
    structlog.stdlib.get_logger("web").info("answered", place="s", status=200)

    line = written.lines()[0]

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "web",
        "place": "s",
        "program": "web",
        "status": 200,
    }


@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_reaches_the_log_by_a_field_or_a_sentence(written: Written, canary: str) -> None:
    log = structlog.stdlib.get_logger("web")

    log.info("sent", token=canary, code=canary, authorization=f"Bearer {canary}")
    log.info("nested", told={"email": canary, "code": [canary]}, password=canary)
    if canary not in ("123456", "hunter2-hunter2"):
        told = f"Somebody wrote {canary}."
        log.info(told, reason=f"<{canary}>", many=[canary, {"x": canary}])
        logging.getLogger("vendor").warning("It said %r, %s", canary, {"a": canary})

    assert written.lines()
    assert written.clean()


def test_a_link_and_the_query_of_an_address_are_taken_out(written: Written) -> None:
    logging.getLogger("vendor").warning("GET %s and https://x.example/y?key=%s", LINK, TOKEN)

    assert written.clean()
    assert "https://x.example/y?(a query)" in written.getvalue()


@pytest.mark.parametrize("canary", CANARIES)
def test_a_failure_is_told_by_kind_and_place_without_text_and_locals(
    written: Written, canary: str
) -> None:
    try:
        fails(canary)
    except KeyError:
        structlog.stdlib.get_logger("web").exception("it failed")
        logging.getLogger("temporalio.activity").warning("it failed", exc_info=True)

    ours, theirs = written.lines()

    assert written.clean()
    for line in (ours, theirs):
        assert line["failure"][0]["kind"] == "builtins.KeyError"
        assert line["failure"][0]["at"][-1].endswith("in fails")
        assert "text" not in line["failure"][0]


def test_what_a_failure_came_from_is_told_and_our_own_sentence_with_it(written: Written) -> None:
    try:
        try:
            fails(ADDRESS)
        except KeyError as cause:
            raise Refused(f"Jira has no project FOO for {ADDRESS}.") from cause
    except Refused:
        logging.getLogger("x").exception("refused")
    own = ApplicationError("Jira is away.", type="Unavailable")
    foreign = ApplicationError("hunter2-hunter2", type="ValueError")
    logging.getLogger("x").warning("failed", exc_info=own)
    logging.getLogger("x").warning("failed", exc_info=foreign)

    refused, unavailable, surprise = (line["failure"] for line in written.lines())

    assert written.clean()
    assert refused[0]["text"] == "Jira has no project FOO for (an address)"
    assert refused[1]["kind"] == "builtins.KeyError"
    assert unavailable[0]["text"] == "Unavailable: Jira is away."
    assert "text" not in surprise[0]


async def test_what_nobody_caught_is_told_alike(written: Written) -> None:
    task = asyncio.create_task(asyncio.to_thread(fails, ADDRESS))
    await asyncio.wait([task])
    told = {"message": "nobody asked", "exception": task.exception(), "task": task}
    asyncio.get_running_loop().default_exception_handler(told)
    sys.excepthook(ValueError, ValueError(ADDRESS), None)
    thread = threading.Thread(target=fails, args=(ADDRESS,))
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn_explicit(f"old: {ADDRESS}", UserWarning, "here.py", 1)

    events = [(line["logger"], line["level"]) for line in written.lines()]

    assert written.clean()
    assert events == [
        ("asyncio", "error"),
        ("uncaught", "critical"),
        ("uncaught", "critical"),
        ("py.warnings", "warning"),
    ]


def test_a_long_text_is_cut_after_its_secrets_are_taken_out(written: Written) -> None:
    logging.getLogger("x").warning("%s%s", "- " * 496, KEY)

    assert len(written.lines()[0]["event"]) == 1_000
    assert written.lines()[0]["event"].endswith("(hidden)")
    assert KEY[:10] not in written.getvalue()


def test_what_is_no_secret_is_left_as_it_is() -> None:
    told = {"case": "postmortem-INC-204", "approval": "a1b2c3", "at": "/work/web/pages/x.py:12"}

    assert Redaction(["", "short"])(told) == told


def test_temporals_core_and_a_failed_start_of_a_program_log_as_json_too() -> None:
    program = (
        "import asyncio\n"
        "from console.logs import log_as_json, runtime\n"
        "log_as_json('worker', ['hunter2-hunter2'])\n"
        "runtime()\n"
        "raise RuntimeError('hunter2-hunter2')\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr == ""
    assert [json.loads(line)["program"] for line in ended.stdout.splitlines()] == ["worker"]
    assert "hunter2" not in ended.stdout
