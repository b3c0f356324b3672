"""The postmortem document: our parts as they should stand, and what people left."""

from typing import Annotated

from pydantic import Field

from domain.engine.value import FromOutside, PersonId, Value
from domain.plain_text import OneLine

MOST_ROWS = 60
"""How many proposals a case takes, on the page and in the document together."""

LONGEST = {"id": 20, "text": 500, "type": 40, "priority": 20, "team": 80, "done_when": 500}
"""Characters of each cell of the action-item table."""


class ActionRow(FromOutside):
    """One row of the document's action-item table, as people wrote it.

    `id` is ours (`AI-1`), empty on a row that people have just typed.
    """

    id: Annotated[OneLine, Field(max_length=LONGEST["id"])] = ""
    text: Annotated[OneLine, Field(max_length=LONGEST["text"])]
    type: Annotated[OneLine, Field(max_length=LONGEST["type"])] = ""
    priority: Annotated[OneLine, Field(max_length=LONGEST["priority"])] = ""
    team: Annotated[OneLine, Field(max_length=LONGEST["team"])] = ""
    done_when: Annotated[OneLine, Field(max_length=LONGEST["done_when"])] = ""


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

    `repaired` says what else was put right, or what a person has to do, if anything. `cut` tells
    that the table holds more, or longer ones, than `rows` do.
    """

    document_id: str
    url: str
    empty_sections: tuple[str, ...] = ()
    rows: Annotated[tuple[ActionRow, ...], Field(max_length=MOST_ROWS)] = ()
    cut: bool = False
    editors: tuple[PersonId, ...] = ()
    repaired: str = ""
