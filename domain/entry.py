"""One line of a case's agenda: an effect, and from when on it is wanted."""

from datetime import datetime

from domain.effects import Effect, SendNotice
from domain.engine.value import Value
from domain.incident import PersonId
from domain.letters import Letter

READ_EVENT = "read-event"
READ_DOCUMENT = "document"
READ_ISSUES = "issues"


class Entry(Value):
    """An effect and the earliest instant for it.

    `after` names readings that must have been tried since `at`, so that nobody is told
    yesterday's news; those in `needs` must have succeeded. From `until` on it is too late.
    A `last` one waits for the rest of its moment.
    """

    at: datetime
    effect: Effect
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    until: datetime | None = None
    last: bool = False


def notice(
    letter: Letter, to: PersonId, at: datetime, *, about: str = "", version: str = ""
) -> Entry:
    """Return the entry that sends one person one letter, once per version."""
    effect = SendNotice(
        key=":".join(filter(None, ("notice", letter.kind, about, to))),
        version=version or at.isoformat(),
        about=letter.kind,
        to=to,
        letter=letter,
    )
    return Entry(at=at, effect=effect)
