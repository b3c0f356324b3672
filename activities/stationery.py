"""Letters made into mails: layout, greeting, the reader's own signed link."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import AwareDatetime

from domain.engine.value import Value
from domain.engine.value import PersonId
from domain.letters import Block, Button, Letter
from integrations.links import Links, Purpose
from integrations.ports import Address, Mail


class Part(Value):
    """One letter, ready to be laid out."""

    subject: str
    blocks: tuple[Block, ...]
    label: str = ""
    url: str = ""
    host: str = ""
    code: str = ""
    personal: bool = False


_html = Environment(
    loader=PackageLoader("activities"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_text = Environment(  # noqa: S701 - plain text must not be escaped
    loader=PackageLoader("activities"), undefined=StrictUndefined, trim_blocks=True
)


def mail(  # noqa: PLR0913 - a mail has that many parts
    key: str,
    to: Address,
    person: PersonId,
    letters: Sequence[Letter],
    *,
    case: str,
    at: AwareDatetime,
    links: Links,
) -> Mail:
    """Return one mail to one reader with everything that is due for them in this moment."""
    first, *others = letters
    subject = first.subject + (f" (and {len(others)} more)" if others else "")
    parts = [_part(letter, case, person, links) for letter in letters]
    words = {"name": to.name, "subject": subject, "parts": parts, "case": case}
    return Mail(
        key=key,
        to=to,
        subject=subject,
        text=_text.get_template("letter.txt").render(words),
        html=css_inline.inline(_html.get_template("letter.html").render(words)),
        at=at,
        kind=first.kind,
        case=case,
        calendar_file=next((each.event_file for each in letters if each.event_file), ""),
    )


def _part(letter: Letter, case: str, person: PersonId, links: Links) -> Part:
    url = _url(letter, letter.button, case, person, links) if letter.button else ""
    return Part(
        subject=letter.subject,
        blocks=letter.blocks,
        label=letter.button.label if letter.button else "",
        url=url,
        host=urlsplit(url).netloc,
        code=links.code(letter.code_for, person) if letter.code_for else "",
        personal=letter.button is not None and letter.button.leads_to != "document",
    )


def _url(letter: Letter, button: Button, case: str, person: PersonId, links: Links) -> str:
    if button.leads_to == "document":
        return letter.document_url
    return links.url(Purpose[button.leads_to.upper()], case, person, button.subject)
