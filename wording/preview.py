"""All mails with sample facts, to look at: what `aftermath mail preview` writes."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from domain.engine.notice import Notice
from wording.environment import Reader
from wording.rendering import Part, Wording
from wording.samples import sample

_READER = Reader(name="Maya Okafor", zone="Europe/Lisbon")
_URL, _CODE = "https://aftermath.example.com/steps/sample", "402 918"


def previews(notices: Iterable[type[Notice]], folder: Path, own: Path | None = None) -> list[Path]:
    """Write each notice as HTML and as plain text into a folder, and a page that lists them."""
    kinds = sorted(set(notices), key=lambda each: each.kind)
    wording = Wording(kinds, own)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    rows: list[str] = []
    for each in kinds:
        code = _CODE if each.kind == "approval" else ""
        mail = wording.mail([Part(sample(each), _URL, code)], _READER, case="postmortem-INC-204")
        page, plain = folder / f"{each.kind}.html", folder / f"{each.kind}.txt"
        page.write_text(mail.html, "utf-8")
        plain.write_text(f"Subject: {mail.subject}\n\n{mail.text}", "utf-8")
        written += [page, plain]
        names = f'<a href="{page.name}">{escape(mail.subject)}</a>, <a href="{plain.name}">text</a>'
        rows.append(f"<li>{each.kind}: {names}</li>")
    index = folder / "index.html"
    index.write_text(f"<!doctype html><title>Mails</title><ul>{''.join(rows)}</ul>\n", "utf-8")
    return [*written, index]
