"""What is written outside of mails: the calendar event, our parts of the document, tickets."""

from jinja2 import Template

from domain.action_items.ticket import DesiredIssue, TicketFacts
from domain.engine.value import Value
from domain.meeting.event import EventFacts
from domain.preparation.document import DesiredDocument, TableRowState
from domain.preparation.facts import DecisionFacts, DocumentFacts, RowFacts
from wording.book import DocumentWords, Labelled
from wording.environment import Language, Reader
from wording.facts import checked, facts_of
from wording.sealing import one_line, opened_as_text
from wording.templates import Files


class Outside:
    """The words of what stands in other systems, held against their facts when made."""

    def __init__(self, files: Files, language: Language, document: DocumentWords) -> None:
        self._language = language
        event = files.sheet("texts/event.txt", "title")
        ticket = files.sheet("texts/ticket.txt", "title", "link")
        self._event = self._made("texts/event.txt", EventFacts, event.header["title"], event.body)
        self._ticket = self._made(
            "texts/ticket.txt", TicketFacts, *ticket.header.values(), ticket.body
        )
        self._title, *_ = self._made("words: document.title", DocumentFacts, document.title)
        self._header = self._labelled("header", document.header)
        self._blocks = self._labelled("facts", document.facts)
        source, name = document.decision, "words: document.decision"
        scope = {"decision": DecisionFacts, "reader": Reader}
        self._decision = checked(language, name, source, scope).template

    def event(self, facts: EventFacts) -> tuple[str, str]:
        """Return the title and the description of the calendar event."""
        title, body = (_opened(each, facts) for each in self._event)
        return one_line(title), _spaced(body)

    def ticket(self, facts: TicketFacts) -> DesiredIssue:
        """Return a ticket; each paragraph of its words is one of its body."""
        title, link, body = (_opened(each, facts) for each in self._ticket)
        return DesiredIssue(
            key=facts.key,
            project=facts.project,
            title=one_line(title),
            body=tuple(_spaced(body).split("\n\n")),
            labels=facts.labels,
            priority=facts.priority,
            due=facts.due,
            link_url=facts.document_url,
            link_title=one_line(link) if facts.document_url else "",
        )

    def document(self, facts: DocumentFacts) -> DesiredDocument:
        """Return our parts of the document."""
        reader = Reader(zone=facts.zone)
        blocks = ((label, _opened(text, facts, reader)) for label, text in self._blocks)
        return DesiredDocument(
            key=facts.key,
            folder_id=facts.folder_id,
            title=one_line(_opened(self._title, facts)),
            header=tuple(
                (label, one_line(_opened(text, facts, reader))) for label, text in self._header
            ),
            opening=facts.opening,
            sections=facts.sections,
            facts=tuple((label, text) for label, text in blocks if text),
            rows=tuple(map(self._row, facts.rows)),
            decisions=tuple(self._decided(each, reader) for each in facts.decisions),
            editors=facts.editors,
        )

    def _row(self, row: RowFacts) -> TableRowState:
        state = self._language.filters["standing"](row.item)
        return TableRowState(
            id=row.item.id,
            text=row.item.text,
            type=row.type,
            priority=row.priority,
            team=row.team,
            done_when=row.done_when,
            state=state,
        )

    def _decided(self, decision: DecisionFacts, reader: Reader) -> str:
        written = self._decision.render(decision=decision, reader=reader)
        return " ".join(opened_as_text(written).split())

    def _made(self, name: str, kind: type[Value], *sources: str) -> tuple[Template, ...]:
        scope = {**facts_of(kind), "reader": Reader}
        return tuple(checked(self._language, name, each, scope).template for each in sources)

    def _labelled(
        self, table: str, entries: tuple[Labelled, ...]
    ) -> tuple[tuple[str, Template], ...]:
        made = self._made(f"words: document.{table}", DocumentFacts, *(e.text for e in entries))
        return tuple(zip((each.label for each in entries), made, strict=True))


def _opened(template: Template, facts: Value, reader: Reader | None = None) -> str:
    named = {name: getattr(facts, name) for name in type(facts).model_fields}
    return opened_as_text(template.render(named, reader=reader or Reader())).strip()


def _spaced(text: str) -> str:
    """Return paragraphs one blank line apart, whatever was left out between them."""
    lines = (line.rstrip() for line in text.split("\n"))
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(each.strip("\n") for each in paragraphs if each.strip())
