"""Every outside effect happens once, whatever breaks: many lives under a storm, and a checker.

    python -m chaos [--lives 30] [--seed 1] [--minutes 3] [--refusals] [--keep FOLDER]

While people play their cases through pages and links, a seeded plan spoils 30% of what vendors
answer, kills worker, Temporal and web, and cuts their connections; once, Temporal's database is
put back from a copy. Then everything calms down, every case must come to its end by itself, and
what the vendors hold is compared with what each case must have. Exit code 1 when anything is lost
or double, or a case is not closed.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chaos import report
from chaos.run import Outcome, Wishes, run


def main() -> int:
    """Run, print, and return the exit code."""
    wishes, keep = _wishes()
    report.say(
        f"{wishes.lives} lives, seed {wishes.seed}, about {wishes.minutes:g} minutes; "
        f"again with: make chaos ARGS='--lives {wishes.lives} --seed {wishes.seed}'"
    )
    with _folder(keep) as folder:
        outcome = asyncio.run(run(wishes, folder))
    _tell(outcome)
    return 0 if outcome.is_good else 1


def _wishes() -> tuple[Wishes, Path | None]:
    parser = argparse.ArgumentParser(
        prog="python -m chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lives", type=int, default=Wishes.lives, help="how many cases")
    parser.add_argument("--seed", type=int, default=Wishes.seed, help="repeats a plan")
    parser.add_argument(
        "--minutes",
        type=float,
        default=Wishes.minutes,
        help="how long it takes, or up to twice that on a busy machine",
    )
    parser.add_argument(
        "--refusals",
        action="store_true",
        help="also redirects and foreign pages, which park an effect until operations retry it",
    )
    parser.add_argument("--keep", type=Path, help="a new folder that keeps logs and databases")
    told = parser.parse_args()
    if told.keep is not None and told.keep.exists() and any(told.keep.iterdir()):
        parser.error(f"{told.keep} is not empty: an earlier run's world would count as double.")
    return Wishes(told.lives, told.seed, told.minutes, told.refusals), told.keep


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        yield Path(folder)


def _tell(outcome: Outcome) -> None:
    report.say("")
    report.say(report.table(outcome.verdict))
    told = (outcome.spoilt, outcome.questions, outcome.retries, outcome.forgotten)
    report.say(report.remarks(*told))
    if not outcome.is_good:
        report.say(f"\n{report.findings(outcome.verdict, outcome.unfinished)}")
    report.say(f"\n{outcome.headline}")


if __name__ == "__main__":
    raise SystemExit(main())
