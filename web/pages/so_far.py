"""What happened so far: the journal in people's words, for who answers for the case."""

from domain.engine.journal import Line
from domain.people import commander
from web.forms.form import Occasion


def so_far(on: Occasion) -> tuple[dict[str, str], ...]:
    """Return the journal's lines, the newest last; nothing for who only takes part."""
    if on.person not in (on.case.ownership.owner, commander(on.case)):
        return ()
    return tuple(
        {
            "at": on.at(line.at),
            "words": _said(on, line),
            "door": on.words.door(line.through) if line.through else "",
        }
        for line in on.case.journal
    )


def _said(on: Occasion, line: Line) -> str:
    try:
        return on.words.line(line, on.name, on.zone)
    except LookupError:
        # An older release wrote it about something that has no words any more.
        return line.name
