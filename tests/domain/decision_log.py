"""What the domain decides in a played life, moment by moment: written down, and compared later.

Temporal's replay compares commands only. This log also holds what is due and in which order, in
which version, when the case looks up again, and digests of the whole case and its summary. One
command records the newest edition, until its release:

    AFTERMATH_RECORD_DECISIONS=1 .venv/bin/pytest -q tests/domain/test_decision_logs.py
"""

import hashlib
import json
import os
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.engine.editions import NEWEST
from domain.engine.value import Value
from domain.policy import Policy
from tests.playing import POLICY, Decisions, Play, an_incident, snapshot

LOGS = Path(__file__).parent.parent / "histories" / "decisions"
RECORDING = os.environ.get("AFTERMATH_RECORD_DECISIONS") == "1"
DIFFERS = (
    "The domain decides otherwise than edition {edition} did, in the story '{story}'. A running "
    "case would too: make a new edition, or record again while this one is not released "
    "(tests/domain/decision_log.py says how)."
)


class Log(Decisions):
    """The moments of one story, one line for each."""

    def __init__(self) -> None:
        self.moments: list[str] = []

    def noted(self, play: Play, rounds: list[list[str]], wakes_at: datetime | None) -> None:
        """Write down one moment: what was due in each round, and what came of it."""
        parts = (
            f"{play.now:%Y-%m-%d %H:%M:%S}",
            " / ".join(", ".join(each) for each in rounds) or "-",
            f"wakes {wakes_at:%Y-%m-%d %H:%M:%S}" if wakes_at else "rests",
            f"case {_digest(play.case)}",
            f"seen {_digest(play.seen)}",
        )
        self.moments.append(" | ".join(parts))


class World(Value):
    """The policy and the organisation in which an edition's stories were recorded."""

    policy: Policy
    directory: DirectorySnapshot


class Recorded(NamedTuple):
    """A story as one edition decided it."""

    story: str
    edition: int

    @property
    def file(self) -> Path:
        """Where its log is kept."""
        return LOGS / f"{self.story}.edition-{self.edition}.json"


def recorded() -> list[Recorded]:
    """Return every log that is kept."""
    found = (path.stem.split(".edition-") for path in sorted(LOGS.glob("*.edition-*.json")))
    return [Recorded(story, int(edition)) for story, edition in found if story != "world"]


def world(edition: int) -> World:
    """Return the world of an edition's stories; while recording, that of today."""
    if RECORDING and edition == NEWEST:
        return World(policy=POLICY, directory=snapshot(an_incident().resolved_at))
    return World.model_validate_json(_world_file(edition).read_text())


def write(known: Recorded, log: Log) -> None:
    """Keep what an edition decides in a story, and the world in which it did."""
    LOGS.mkdir(parents=True, exist_ok=True)
    _world_file(known.edition).write_text(world(known.edition).model_dump_json() + "\n")
    text = json.dumps(log.moments, indent=0, ensure_ascii=False)
    known.file.write_text(text + "\n")


def difference(known: Recorded, log: Log) -> str:
    """Return the first moment that is not as it was, or nothing."""
    before = json.loads(known.file.read_text())
    for then, today in zip_longest(before, log.moments):
        if then != today:
            said = DIFFERS.format(edition=known.edition, story=known.story)
            return "\n".join((said, f"then:  {then}", f"today: {today}"))
    return ""


def _world_file(edition: int) -> Path:
    return LOGS / f"world.edition-{edition}.json"


def _digest(value: BaseModel) -> str:
    """Return a short digest of a value; a field that is new, and as it was meant, changes none."""
    written = value.model_dump(mode="json", exclude={"edition"}, exclude_defaults=True)
    text = json.dumps(written, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
