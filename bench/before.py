"""The code of an earlier commit, taken from git, and how `bench.fifty_items` reads in its words."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from console.running import CannotRun

COMMIT = "eb93373"
"""The last one before each subject got a home of its own."""

NEEDED = ("domain", "integrations", "tests", "policy.toml", "organisation.toml")

PROGRAM = """
from bench.stopwatch import serve
from domain import agenda, summary
from domain.acts import DraftExternalMessage, MarkPosted
from domain.outside import ActionRow
from tests.playing import AMARA, BEATRIZ, INES
from tests.scenes import TEXT, approve, confirm, decide, met, yes

row = lambda n: ActionRow(
    text=f"Do thing {n}", priority="P1" if n < 25 else "P2", team="edge-firewall"
)
play = met(rows=tuple(map(row, range(50))))
ids = [item.id for item in play.case.items]
play.act(decide(play.case, *map(yes, ids)))
play.wait(hours=1)
play.act(confirm(INES, *ids))
play.act(DraftExternalMessage(by=AMARA, text=TEXT))
play.act(approve(play.case))
play.wait(minutes=15)
play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
play.wait(days=5)

asked = {
    "due": agenda.due,
    "wake_at": agenda.wake_at,
    "summary": summary.summary,
    "details": summary.details,
}
questions = {name: lambda case, ask=ask: ask(case, play.now) for name, ask in asked.items()}
questions["all four"] = lambda case: [ask(case, play.now) for ask in asked.values()]
serve(questions, play.case.but)
"""
"""What `bench.fifty_items` does, frozen: it speaks to the code of that commit."""


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Yield a temporary folder with what is needed of a commit.

    Raises:
        CannotRun: there is no such commit; the text says what to do.
    """
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(_archive(root, commit))) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def _archive(root: Path, commit: str) -> bytes:
    command = ["git", "-C", str(root), "archive", "--format=tar", commit, *NEEDED]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  ours
    except (OSError, subprocess.CalledProcessError):
        raise CannotRun(
            f"The commit {commit}, with which today's code is compared, is not in the git history "
            f"of {root}: fetch the whole history (git fetch --unshallow), or do without."
        ) from None
