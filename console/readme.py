"""The README's tables that follow from the code: `python -m console.readme` writes them anew."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from settings import PROGRAMS, Settings, variable

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
COST = ROOT / "docs" / "cost.json"

_FIGURES = {
    "actions": "billable Temporal actions",
    "events": "history events",
    "bytes": "history bytes",
    "requests": "requests to Google, Jira and SendGrid",
}


def current(text: str) -> str:
    """Return a README's text with its tables as the code and the bench have them."""
    for name, table in {"cost": cost(), "commands": commands(), "settings": settings()}.items():
        text = _with_block(text, name, table)
    return text


def _with_block(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = text.partition(begin)
    if not found or end not in rest:
        raise LookupError(f"The README has no block {begin} … {end}.")
    return f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"


def cost() -> str:
    """Return what a case costs, as the bench last wrote it."""
    measured: Mapping[str, Any] = json.loads(COST.read_text(encoding="utf-8"))
    week = measured["per_later_week"]
    rows = [f"| {said} | {measured[key]:,} | {week[key]:,} |" for key, said in _FIGURES.items()]
    return "\n".join(
        ["| | to publication | each later week |", "|---|---|---|", *rows],
    )


def commands() -> str:
    """Return the commands, each with the sentence that its help begins with."""
    import cli  # noqa: PLC0415 - the command line uses this package

    rows = [
        f"| `aftermath {name}` | {cli.app[name].help.splitlines()[0]} |"
        for name in cli.app
        if not name.startswith("-")
    ]
    return "\n".join(["| command | |", "|---|---|", *rows])


def settings() -> str:
    """Return the settings: which program reads each, what it means, what holds without it."""
    rows = [
        f"| `{variable(name)}` | {_program(name)} | {field.description} | {_default(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | for | | without it |", "|---|---|---|---|", *rows])


def _program(name: str) -> str:
    told = [program for program, kind in PROGRAMS.items() if name in kind.model_fields]
    return told[0] if len(told) == 1 else "both"


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "**needed**"
    if field.default in (None, ()):
        return "off"
    if isinstance(field.default, Path):
        return f"`{field.default.name}`"
    told = str(field.default)
    return f"`{told.lower() if isinstance(field.default, bool) else told}`"


if __name__ == "__main__":
    README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
