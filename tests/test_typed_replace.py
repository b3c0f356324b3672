"""The types of a changed copy: mypy knows the fields of each value, and what each may be."""

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[1]
TEAS = """
from typing import Any, ClassVar, Self, TypeVar
from domain.engine.value import Value

class Tea(Value):
    pots: ClassVar[int] = 3
    _brewer: str = ""
    name: str = ""

class Green(Tea):
    degrees: int | None = None

class Cup(Value):
    size: int = 2

AnyTea = TypeVar("AnyTea", bound=Tea)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def complaints(cache: Path, *sources: str) -> str:
    """Return the errors that mypy sees, with the project's own settings."""
    options = ["--no-error-summary", "--hide-error-codes", "--cache-dir", str(cache)]
    told, trouble, _ = api.run([*options, *sources])
    assert not trouble
    return "\n".join(line.partition(" error: ")[2] for line in told.splitlines() if "error" in line)


@pytest.mark.parametrize(
    "code",
    [
        "Green().replace()",
        "Green().replace(degrees=70).replace(degrees=None, name='Sencha')",
        "def f(known: dict[str, Any]) -> Green: return Green().replace(degrees=70, **known)",
        "def f(tea: AnyTea) -> AnyTea: return tea.replace(name='Sencha')",
        "def f(tea: Tea | None) -> Tea | None: return tea and tea.replace(name='Sencha')",
    ],
)
def test_fields_of_the_value_are_right(cache: Path, code: str) -> None:
    assert complaints(cache, "-c", TEAS + code) == ""


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        (
            "Green().replace(degree=70)",
            '"degree" for "replace" of "Green"; did you mean "degrees"?',
        ),
        ("Tea().replace(degrees=70)", '"degrees" for "replace" of "Tea"'),
        ("Tea().replace(pots=4)", '"pots" for "replace" of "Tea"'),
        ("Tea().replace(_brewer='me')", '"_brewer" for "replace" of "Tea"'),
        (
            "def f(tea: AnyTea) -> AnyTea: return tea.replace(nam='')",
            '"nam" for "replace" of "Tea"; did',
        ),
        (
            "def f(one: Tea | Cup) -> Tea | Cup: return one.replace(size=3)",
            '"size" for "replace" of "Tea"',
        ),
        (
            "def f(any: Value) -> Value: return any.replace(name='')",
            '"name" for "replace" of "Value"',
        ),
    ],
)
def test_any_other_name_is_an_error(cache: Path, code: str, complaint: str) -> None:
    told = complaints(cache, "-c", TEAS + code)

    assert told.startswith(f"Unexpected keyword argument {complaint}")


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        (
            "Green().replace(degrees='hot')",
            '"degrees" to "replace" of "Green" has incompatible type "str"',
        ),
        (
            "Green().replace(name=None)",
            '"name" to "replace" of "Green" has incompatible type "None"',
        ),
        (
            "def f(known: dict[str, str]) -> Green: return Green().replace(**known)",
            (
                '1 to "replace" of "Green" has incompatible type "**dict[str, str]"; '
                'expected "int | None"'
            ),
        ),
    ],
)
def test_a_value_of_another_type_is_an_error(cache: Path, code: str, complaint: str) -> None:
    told = complaints(cache, "-c", TEAS + code)

    assert told.startswith(f"Argument {complaint}")


def test_a_method_that_returns_self_is_checked(cache: Path) -> None:
    method = "class Hot(Tea):\n    def hotter(self) -> Self: return self.replace(degree=70)"

    told = complaints(cache, "-c", TEAS + method)

    assert told == 'Unexpected keyword argument "degree" for "replace" of "Hot"'


def test_fields_are_known_from_the_cache(cache: Path, tmp_path: Path) -> None:
    teas, menu = _two_modules(tmp_path)
    before = complaints(cache, teas, menu)

    Path(menu).write_text("from teas import Green\nGreen().replace(degree=70)", encoding="utf-8")
    told = complaints(cache, teas, menu)

    assert before == ""
    assert told.startswith('Unexpected keyword argument "degree" for "replace" of "Green"')


def test_a_field_that_is_renamed_is_an_error_where_it_is_used(cache: Path, tmp_path: Path) -> None:
    teas, menu = _two_modules(tmp_path)
    before = complaints(cache, teas, menu)

    Path(teas).write_text(TEAS.replace("degrees", "warmth"), encoding="utf-8")
    told = complaints(cache, teas, menu)

    assert before == ""
    assert told == 'Unexpected keyword argument "degrees" for "replace" of "Green"'


def _two_modules(folder: Path) -> tuple[str, str]:
    """Return a module of values and one that changes such a value."""
    teas, menu = folder / "teas.py", folder / "menu.py"
    teas.write_text(TEAS, encoding="utf-8")
    menu.write_text("from teas import Green\nGreen().replace(degrees=70)", encoding="utf-8")
    return str(teas), str(menu)
