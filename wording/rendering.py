"""All words at once: notices as mails, and the event, the document and tickets in words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Template

from domain.action_items.ticket import DesiredIssue, TicketFacts
from domain.customer_message.state import MessageText
from domain.engine.notice import Notice, Written
from domain.meeting.event import EventFacts
from domain.preparation.document import DesiredDocument
from domain.preparation.facts import DocumentFacts
from wording.calendar_file import calendar_file
from wording.catalogue import Catalogue, catalogue
from wording.environment import Language, Reader, language
from wording.errors import WordingError
from wording.facts import Scope, checked, facts_of
from wording.layout import Laid, Layout
from wording.markdown import as_text
from wording.outside import Outside
from wording.samples import bare, sample
from wording.sealing import one_line, opened_as_text
from wording.templates import Files

_TABLES = re.compile(r"words/[^/]+\.toml")
"""Files that a deployment may name as it likes: what counts is the entries in them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One notice for one reader: `url` is its signed link, `code` the one that it prints."""

    notice: Notice
    url: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Form:
    """The templates of one kind of notice."""

    subject: Template
    button: Template
    body: Template


class Wording:
    """Every word that leaves, checked when it is made: a fault shows at start, not in a mail.

    `notices` are the classes that there are, `folder` a deployment's own words.

    Raises:
        WordingError: a file is missing, is about nothing, or speaks of a fact that is not there.
    """

    def __init__(self, notices: Iterable[type[Notice]], folder: Path | None = None) -> None:
        files = Files(folder)
        self.catalogue: Catalogue = catalogue(folder)
        self._kinds: Mapping[str, type[Notice]] = {each.kind: each for each in notices}
        self._language = _language(files, self.catalogue)
        self._layout = Layout(files)
        self._outside = Outside(files, self._language, self.catalogue.document)
        included: set[str] = set()
        self._forms = {
            kind: self._form(files, kind, facts_of(notice), included)
            for kind, notice in self._kinds.items()
        }
        self._refuse_strangers(files, included)
        self._try_all()

    def notice(self, written: Written) -> Notice:
        """Return a notice as it was before it travelled.

        Raises:
            WordingError: there is no such kind of notice.
        """
        kind = self._kinds.get(written.kind)
        if kind is None:
            raise WordingError(f"There is no notice of the kind '{written.kind}'.")
        return kind.model_validate(written.facts)

    def mail(self, parts: Sequence[Part], reader: Reader, *, case: str) -> Rendered:
        """Return one mail with everything that is due for its reader in this moment."""
        laid = [self._laid(each, reader) for each in parts]
        first, *others = laid
        subject = first.subject
        if others:
            subject = self.catalogue.subject_of_several(subject, len(others))
        words = {
            "name": one_line(reader.name),
            "subject": subject,
            "parts": laid,
            "several": bool(others),
            "case": case,
        }
        html, text = self._layout.mail(words)
        return Rendered(subject, html, text)

    def customer_mail(self, text: MessageText) -> Rendered:
        """Return the approved message as it goes to customers: its exact words, and no other."""
        body = f"{text.summary}\n\n{text.what_happened}\n\n{text.what_we_do}"
        paragraphs = body.replace("\r\n", "\n").split("\n\n")
        html = "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
        return Rendered(one_line(text.subject), html, body)

    def event(self, facts: EventFacts) -> tuple[str, str]:
        """Return the title and the description of the calendar event."""
        return self._outside.event(facts)

    def event_file(self, facts: EventFacts, written_at: datetime) -> str:
        """Return the meeting as an iCalendar text for whoever books it by hand (RFC 5545)."""
        return calendar_file(facts, *self.event(facts), written_at)

    def document(self, facts: DocumentFacts) -> DesiredDocument:
        """Return our parts of the document as they should stand."""
        return self._outside.document(facts)

    def ticket(self, facts: TicketFacts) -> DesiredIssue:
        """Return the ticket of an action item as it should be opened."""
        return self._outside.ticket(facts)

    def _laid(self, part: Part, reader: Reader) -> Laid:
        form, facts = self._forms[part.notice.kind], _facts(part.notice, reader)
        markdown, link = form.body.render(facts), part.notice.link
        return Laid(
            subject=_opened(form.subject, facts),
            html=self._layout.content(markdown),
            text=as_text(markdown),
            button=_opened(form.button, facts),
            url=part.url,
            host=urlsplit(part.url).netloc,
            code=part.code,
            personal=link is not None and link.leads_to != "document",
        )

    def _form(self, files: Files, kind: str, facts: Scope, included: set[str]) -> _Form:
        sheet = files.sheet(f"notices/{kind}.md", "subject", "button")
        scope = {**facts, "reader": Reader}
        sources = (sheet.header["subject"], sheet.header["button"], sheet.body)
        made = [checked(self._language, sheet.name, each, scope) for each in sources]
        included.update(*(each.included for each in made))
        return _Form(*(each.template for each in made))

    def _refuse_strangers(self, files: Files, included: set[str]) -> None:
        """Refuse a deployment's file that nothing would ever read."""
        known = {f"notices/{kind}.md" for kind in self._kinds} | included
        known |= {*files.shipped("layout", ""), *files.shipped("texts", ".txt")}
        known |= set(files.shipped("parts", ".md"))
        for name in files.own():
            if name not in known and not _TABLES.fullmatch(name):
                raise WordingError(f"{name}: no words are read from a file of this name.")

    def _try_all(self) -> None:
        """Write everything with all facts and with the fewest: some faults no reading shows."""
        for example in (sample, bare):
            for kind, notice in self._kinds.items():
                with _blaming(f"notices/{kind}.md"):
                    self.mail([Part(example(notice)), Part(example(notice))], Reader(), case="")
            with _blaming("texts/event.txt"):
                self.event(example(EventFacts))
            with _blaming("texts/ticket.txt"):
                self.ticket(example(TicketFacts))
            with _blaming("words: document"):
                self.document(example(DocumentFacts))


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise WordingError(f"{name}: {error}") from error


def _language(files: Files, words: Catalogue) -> Language:
    made = language(files.loader)
    made.filters.update(
        phase=lambda name: words.phase(name).label,
        state=words.item_state,
        standing=words.standing,
        ticket_state=words.ticket_state,
        verdict=words.verdict,
        waited_for=lambda wait: words.wait(wait).reminder,
    )
    return made


def _facts(notice: Notice, reader: Reader) -> dict[str, object]:
    return {**{name: getattr(notice, name) for name in type(notice).model_fields}, "reader": reader}


def _opened(template: Template, facts: Mapping[str, object]) -> str:
    return one_line(opened_as_text(template.render(facts))).strip()
