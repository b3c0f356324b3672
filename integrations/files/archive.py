"""FolderArchive: the records of closed cases as files in one folder."""

import json
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from domain.case import Phase
from integrations.errors import Refused, Unavailable
from integrations.ports import Archived, Departure

_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class FolderArchive:
    """One JSON file and one text per record: `INC-204-1.json`, `INC-204-1.txt`.

    A message to customers leaves `INC-204-1.left-1`, which holds the digest of its text.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def revisions(self, case: str) -> int:
        """Return how many records of this incident are kept already."""
        record = re.compile(re.escape(_checked(case)) + r"-\d+\.json")
        try:
            names = [each.name for each in self._folder.iterdir()] if self._folder.exists() else []
        except OSError:
            raise Unavailable("The archive's folder cannot be read.") from None
        return sum(bool(record.fullmatch(name)) for name in names)

    def closed_resolution(self, case: str) -> datetime | None:
        """Return the resolution that the newest record is about, if its case was closed."""
        newest = self._folder / f"{_checked(case)}-{self.revisions(case)}.json"
        try:
            kept = json.loads(newest.read_text(encoding="utf-8"))
            resolved_at = datetime.fromisoformat(kept["incident"]["resolved_at"])
            return resolved_at if kept["phase"] == Phase.CLOSED else None
        except FileNotFoundError:
            return None
        except OSError:
            raise Unavailable("The archive's folder cannot be read.") from None
        except (ValueError, KeyError, TypeError):
            # A file that people changed must not keep the next postmortem from beginning.
            return None

    def write(self, record: Archived) -> None:
        """Keep a record; the same record again replaces itself.

        Of its journal a case carries the newest lines alone: what an earlier record holds of it is
        kept before them. Each file appears whole or not at all. The JSON file comes last: a record
        counts once both are there.
        """
        name = f"{_checked(record.case)}-{record.revision}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _replace(self._folder / f"{name}.txt", record.document)
            path = self._folder / f"{name}.json"
            _replace(path, _with_earlier_lines(path, record.record))
        except OSError:
            raise Unavailable("The archive's folder cannot be written.") from None

    def departs(self, departure: Departure) -> bool:
        """Keep that a message is about to leave; False when that is known already.

        Whatever its words were: after a copy of Temporal's database was put back, people may write
        the same message anew in other words.
        """
        path = self._left(departure)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return _created(path, f"{departure.digest}\n")
        except OSError:
            raise Unavailable("The archive's folder cannot be written.") from None

    def stayed(self, departure: Departure) -> None:
        """Forget it again: the message certainly did not leave."""
        try:
            self._left(departure).unlink(missing_ok=True)
        except OSError:
            raise Unavailable("The archive's folder cannot be written.") from None

    def _left(self, departure: Departure) -> Path:
        name = f"{_checked(departure.case)}-{departure.revision}.left-{departure.sending}"
        return self._folder / name


def _created(path: Path, text: str) -> bool:
    """Make a file that would outlive a power cut; False when there is one of this name."""
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError:
        return False
    with file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def _with_earlier_lines(path: Path, record: str) -> str:
    """Return a record with the lines of its journal that an earlier one of the case holds."""
    try:
        earlier = json.loads(path.read_text(encoding="utf-8")).get("journal", [])
        kept = json.loads(record)
    except (OSError, ValueError):
        return record
    carried = kept.get("journal", []) if isinstance(kept, dict) else []
    first = carried[0]["number"] if carried else None
    before = [each for each in earlier if first is not None and each["number"] < first]
    if not before:
        return record
    return json.dumps({**kept, "journal": [*before, *carried]}, indent=2, ensure_ascii=False)


def _checked(case: str) -> str:
    """Return a case's name if it can be the name of a file in the folder, and no path."""
    if not _CASE.fullmatch(case):
        raise Refused("The name of this case cannot be the name of a file.")
    return case


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
