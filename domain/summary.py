"""What operations see of a case at a glance: lists, memo, search attributes, details."""

from datetime import datetime

from pydantic import AwareDatetime

from domain.case import Phase
from domain.frozen import Frozen
from domain.incident import PersonId


class OpenItem(Frozen):
    """An unfinished action item: ids only, no words of the postmortem."""

    id: str
    issue: str = ""
    team: str = ""
    due: str = ""


class CaseSummary(Frozen):
    """One line about a case; lists, digest and board read it from the memo.

    `waiting_on` holds `what:person`. Ids, roles and person ids only.
    """

    case: str
    phase: Phase
    severity: str = ""
    services: tuple[str, ...] = ()
    owner: PersonId | None = None
    waiting_on: tuple[str, ...] = ()
    waiting_since: AwareDatetime | None = None
    meeting_at: AwareDatetime | None = None
    late: bool = False
    needs_attention: bool = False
    published_at: datetime | None = None
    open_items: tuple[OpenItem, ...] = ()
