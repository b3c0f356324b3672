"""The house of the domain: the engine knows no subject; subjects know each other by their data.

What import-linter cannot say is said here; `make check` runs it beside import-linter.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DOMAIN = Path(__file__).parents[2] / "domain"
SUBJECTS = sorted({each.parent.name for each in DOMAIN.glob("*/subject.py")} - {"engine"})
DATA = {"state", "event", "document", "ticket", "facts"}
"""What a subject shows of itself: values without rules."""

LONGEST_FILE = 400


def modules(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("*.py") if each.name != "__init__.py")


def imported(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield what of the domain a module imports, as the parts below `domain`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            package, *parts = node.module.split(".")
            if package == "domain":
                yield tuple(parts) or tuple(name.name for name in node.names)


def test_every_subject_is_found() -> None:
    assert len(SUBJECTS) > 8


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_knows_others_only_by_the_case_and_their_data(subject: str) -> None:
    strange = [
        f"{path.name} imports {'.'.join(parts)}"
        for path in modules(DOMAIN / subject)
        for parts in imported(path)
        if parts[0] in SUBJECTS and parts[0] != subject and parts[-1] not in DATA
    ]

    assert strange == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_subject_knows_the_table_of_contents(subject: str) -> None:
    strange = [
        path.name
        for path in modules(DOMAIN / subject)
        for parts in imported(path)
        if parts[0] == "lifecycle"
    ]

    assert strange == []


def test_the_engine_knows_no_subject() -> None:
    strange = [
        f"{path.name} imports {'.'.join(parts)}"
        for path in modules(DOMAIN / "engine")
        for parts in imported(path)
        if parts[0] not in {"engine", "calendar", "plain_text"}
    ]

    assert strange == []


@pytest.mark.parametrize("path", sorted(DOMAIN.rglob("*.py")), ids=lambda path: path.stem)
def test_a_file_is_short_enough_to_be_read_at_once(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE
