"""The ticket of an action item: as it should be opened, and as the tracker has it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from domain.engine.value import FromOutside, Value
from domain.incident import IncidentFacts


class IssueState(StrEnum):
    """Where a ticket stands, in our words."""

    OPEN = "open"
    DONE = "done"
    WONT_DO = "won't do"
    UNREACHABLE = "unreachable"


class DesiredIssue(Value):
    """One accepted action item as a ticket; `key` makes it exactly one."""

    key: str
    project: str
    title: str
    body: tuple[str, ...]
    labels: tuple[str, ...]
    priority: str
    due: date
    link_url: str = ""
    link_title: str = ""


class ObservedIssue(FromOutside):
    """A ticket as the tracker has it now.

    `repaired` says what was put right about it, such as a second ticket that was closed.
    `unlinked` tells that its link to the document is still to be made.
    """

    key: Annotated[str, Field(max_length=500)]
    url: Annotated[str, Field(max_length=1000)] = ""
    state: IssueState = IssueState.OPEN
    due: date | None = None
    touched_at: AwareDatetime | None = None
    repaired: Annotated[str, Field(max_length=2000)] = ""
    unlinked: bool = False


class TicketFacts(Value):
    """One accepted action item as facts, from which `wording/` writes its ticket."""

    key: str
    project: str
    incident: IncidentFacts
    text: str
    why: str = ""
    done_when: str = ""
    decided_by: str
    due: date
    labels: tuple[str, ...]
    priority: str
    document_url: str = ""
