from pathlib import Path

from tests.wording.kinds import KINDS
from wording.preview import previews


def test_all_mails_can_be_looked_at(tmp_path: Path) -> None:
    written = previews(KINDS, tmp_path / "mails")

    assert len(written) == 2 * len(KINDS) + 1
    assert all(each.stat().st_size for each in written)
    index = (tmp_path / "mails/index.html").read_text("utf-8")
    assert all(f'href="{each.kind}.html"' in index for each in KINDS)
    assert "402 918" in (tmp_path / "mails/approval.txt").read_text("utf-8")


def test_a_deployment_sees_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "notices").mkdir(parents=True)
    text = "---\nsubject: Ahoy\nbutton: Aye\n---\nSet sail."
    (own / "notices/nomination.md").write_text(text, "utf-8")

    previews(KINDS, tmp_path / "mails", own)

    assert "Set sail." in (tmp_path / "mails/nomination.txt").read_text("utf-8")
