"""Deciding is measured beside an earlier commit, on the same case, or says why it is not."""

import subprocess
from pathlib import Path

import pytest

import bench.deciding
from bench.before import COMMIT, checked_out
from bench.deciding import ROOT, compared, main, table
from bench.fifty_items import ITEMS, TICKETS, played, questions
from bench.stopwatch import times
from console.running import CannotRun

ASKED = {"due", "wake_at", "summary", "details", "all four"}
LOOKS_FOR_THE_COMMIT = ["git", "-C", str(ROOT), "cat-file", "-e", COMMIT]

needs_history = pytest.mark.skipif(
    subprocess.run(LOOKS_FOR_THE_COMMIT, capture_output=True, check=False).returncode != 0,
    reason="needs the git history",
)


def test_the_case_is_as_large_as_it_is_said_to_be() -> None:
    case = played().case

    assert len(case.items) == ITEMS
    assert sum(item.open for item in case.items) == TICKETS


def test_everything_that_a_wake_up_asks_is_timed_about_a_fresh_case() -> None:
    play = played()
    seen: list[int] = []

    def fresh() -> object:
        seen.append(len(seen))
        return play.case.replace()

    found = times({name: lambda _: None for name in questions(play.now)}, fresh)

    assert set(found) == ASKED
    assert len(seen) == len(ASKED)


def test_the_table_sets_medians_side_by_side_and_the_ratio_of_rounds() -> None:
    rounds = [({"due": 10.0}, {"due": 2.0}), ({"due": 30.0}, {"due": 6.0})]

    head, line = table(rounds).splitlines()

    assert head.split() == [COMMIT, "today", "ratio"]
    assert line.split() == ["due", "20.00", "4.00", "0.20"]


@needs_history
def test_both_sides_answer_the_same_questions() -> None:
    [(before, today)] = compared(ROOT, COMMIT, 1)

    assert set(before) == set(today) == ASKED
    assert all(taken > 0 for taken in (*before.values(), *today.values()))


def test_without_the_git_history_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench.deciding, "COMMIT", "0" * 40)
    monkeypatch.setattr("sys.argv", ["bench.deciding"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is not in the git history" in said


def test_a_folder_that_is_no_repository_has_no_history(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="is not in the git history"), checked_out(tmp_path, COMMIT):
        pytest.fail("There was something to check out.")


@needs_history
def test_a_side_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.deciding, "PROGRAM", "raise SystemExit(3)")

    with pytest.raises(CannotRun, match="ended without an answer"):
        compared(ROOT, COMMIT, 1)
