"""The postmortem document as a case knows it."""

from pydantic import AwareDatetime

from domain.engine.value import PersonId, Value

DOCUMENT = "document"
"""The key of our parts of the document, whose writing is also the reading of the rest."""


class Document(Value):
    """The postmortem document as we know it; `empty_sections` is None until it was read.

    `editors` are people who were seen to have written in it.
    """

    folder_id: str = ""
    document_id: str = ""
    url: str = ""
    empty_sections: tuple[str, ...] | None = None
    editors: tuple[PersonId, ...] = ()
    read_at: AwareDatetime | None = None
