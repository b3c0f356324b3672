"""Words stay outside the replay: every template may change, and no recorded history notices."""

from pathlib import Path

import pytest

from domain import lifecycle
from domain.calendar.instants import shown_day
from domain.engine.notice import Written
from domain.ownership.notices import Nomination
from tests.playing import an_incident
from tests.workflows.test_replay import NAMES, asked_then, expected, replayed
from wording import templates
from wording.environment import Reader
from wording.rendering import Part, Wording

EDITED = "Changed words: "


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ship other words: each notice says something else in its subject and in its body."""
    for path in sorted(templates.SHIPPED.rglob("*")):
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts:
            copy = tmp_path / path.relative_to(templates.SHIPPED)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(_other(path), encoding="utf-8")
    monkeypatch.setattr(templates, "SHIPPED", tmp_path)
    return tmp_path


def _other(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.parent.name == "notices":
        return text.replace("subject: ", f"subject: {EDITED}", 1) + f"\n{EDITED}the end.\n"
    if path.suffix == ".toml":
        return text.replace('asked = "', f'asked = "{EDITED}').replace(
            'done = "', f'done = "{EDITED}'
        )
    return text


@pytest.mark.usefixtures("edited")
def test_other_words_are_what_people_get() -> None:
    notice = Nomination(incident=an_incident().facts("postmortem"))
    words = Wording(lifecycle.notices().values())

    mail = words.mail([Part(words.notice(Written.of(notice)))], Reader(name="Ada"), case="INC-204")

    assert mail.subject.startswith(EDITED)
    assert f"{EDITED}the end." in mail.text


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize("name", NAMES)
async def test_every_history_replays_whatever_the_words_are(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.calendar.instants.shown_day", lambda day: f"{shown_day(day)}!")

    case, asked = await replayed(name)

    assert asked == asked_then(name)
    assert case == expected(name)
