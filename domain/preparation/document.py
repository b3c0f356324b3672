"""The postmortem document: our parts as they should stand, and what people left."""

from domain.engine.value import FromOutside, PersonId, Value
from domain.plain_text import OneLine


class ActionRow(FromOutside):
    """One row of the document's action-item table, as people wrote it.

    `id` is ours (`AI-1`), empty on a row that people have just typed.
    """

    id: OneLine = ""
    text: OneLine
    type: OneLine = ""
    priority: OneLine = ""
    team: OneLine = ""
    done_when: OneLine = ""


class TableRowState(Value):
    """What we write into one row of the action-item table: its id and where it stands."""

    id: str
    text: str
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""
    state: str = ""


class DesiredDocument(Value):
    """Our own parts of the document: header, table state, decisions.

    `sections` (heading, prompt) and `facts` (heading, text) are written once, when the
    document is made; people write everywhere else.
    """

    key: str
    folder_id: str
    title: str
    header: tuple[tuple[str, str], ...]
    opening: str
    sections: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[TableRowState, ...] = ()
    decisions: tuple[str, ...] = ()
    editors: tuple[PersonId, ...] = ()


class ObservedDocument(FromOutside):
    """The document as people left it; a renamed heading still counts as its section.

    `repaired` says what else was put right, or what a person has to do, if anything.
    """

    document_id: str
    url: str
    empty_sections: tuple[str, ...] = ()
    rows: tuple[ActionRow, ...] = ()
    editors: tuple[PersonId, ...] = ()
    repaired: str = ""
