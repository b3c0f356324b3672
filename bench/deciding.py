"""How long the core takes to decide, beside the code before the house was rebuilt.

    python -m bench.deciding [--rounds 40]

A case with 50 items of which 25 have tickets is asked what is due, when to wake, and what
operations see: by the code of an earlier commit and by today's, in two processes that take
turns, so that a busy minute meets both. Exit code 1 when the git history lacks that commit.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.before import COMMIT, PROGRAM, checked_out
from bench.stopwatch import Times
from console.running import CannotRun, fail

ROOT = Path(__file__).resolve().parent.parent

Round = tuple[Times, Times]
"""One measurement of the earlier code, and one of today's right after it."""


def main() -> None:
    """Measure both sides, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.deciding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=40, help="how often each side is measured")
    wanted = parser.parse_args()
    try:
        rounds = compared(ROOT, COMMIT, wanted.rounds)
    except CannotRun as no:
        fail(str(no))
    print("Deciding about a case with 50 items and 25 tickets, in milliseconds of CPU time:")
    print(table(rounds))


def compared(root: Path, commit: str, rounds: int) -> Sequence[Round]:
    """Measure a commit and today's code so many times, after one round that warms up.

    Raises:
        CannotRun: the commit is not there, or one side failed.
    """
    with (
        checked_out(root, commit) as folder,
        _asked(folder, "-c", PROGRAM) as before,
        _asked(root, "-m", "bench.fifty_items") as today,
    ):
        return [(_times(before), _times(today)) for _ in range(1 + rounds)][1:]


def table(rounds: Sequence[Round]) -> str:
    """Return the medians side by side, and what part of the earlier time today's is."""
    lines = [f"{'':<12}{COMMIT:>10}{'today':>10}{'ratio':>10}"]
    for asked in rounds[0][0]:
        pairs = [(before[asked], today[asked]) for before, today in rounds]
        old, new = (median(side) for side in zip(*pairs, strict=True))
        ratio = median(new / old for old, new in pairs)
        lines.append(f"{asked:<12}{old:>10.2f}{new:>10.2f}{ratio:>10.2f}")
    return "\n".join(lines)


@contextmanager
def _asked(folder: Path, *program: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program on the code in a folder, with this bench beside it."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    with subprocess.Popen(  # noqa: S603  the programs are ours
        [sys.executable, *program],
        cwd=folder,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        yield process


def _times(process: "subprocess.Popen[bytes]") -> Times:
    if process.stdin is None or process.stdout is None:
        raise LookupError("A side was started without pipes.")
    try:
        process.stdin.write(b"\n")
        found: Times = json.loads(process.stdout.readline())
    except (OSError, ValueError):
        raise CannotRun("One side ended without an answer; what it said stands above.") from None
    return found


if __name__ == "__main__":
    main()
