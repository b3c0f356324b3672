"""Ladders: who is reminded, and who is told next, while something waits."""

from collections.abc import Iterator
from datetime import datetime

from domain import reminders
from domain.asking import asked_at
from domain.calendar.working_time import after, local, next_business_morning, next_working_moment
from domain.case import Case
from domain.effects import SendNotice
from domain.entry import READ_DOCUMENT, READ_EVENT, READ_ISSUES, Entry
from domain.incident import PersonId
from domain.people import backup_liaison, calendar_of, commander, usual_calendar
from domain.policy import Wait, Whom
from domain.waits import Waiting


def rungs(case: Case, waiting: Waiting) -> Iterator[Entry]:
    """Yield one notice per rung of a wait's ladder, each for one person, each once.

    It begins when the person was asked. Their absence does not keep the next one from being told.
    """
    asked = asked_at(case, waiting)
    if case.rules is None or asked is None:
        return
    calendar = usual_calendar(case, waiting.person)
    for number, rung in enumerate(case.rules.ladders.get(waiting.what, ())):
        to = _whom(case, waiting, rung.tell)
        if to is not None:
            yield _nag(case, waiting, number, to, after(asked, rung.after, calendar))


def _nag(case: Case, waiting: Waiting, number: int, to: PersonId, at: datetime) -> Entry:
    write = reminders.reminder if to == waiting.person else reminders.escalation
    letter = write(case, waiting)
    notice = SendNotice(
        key=f"notice:{letter.kind}:{waiting.key}:{number}:{to}",
        version=waiting.since.isoformat(),
        about=f"{letter.kind}: {waiting.what}",
        to=to,
        letter=letter,
        nags=True,
    )
    at_meeting = waiting.what is Wait.MEETING_OUTCOME
    on_tickets = waiting.what is Wait.ACTION_ITEM
    return Entry(
        at=at,
        effect=notice,
        after=(READ_EVENT, READ_DOCUMENT) if at_meeting else (),
        needs=(READ_ISSUES,) if on_tickets else (),
    )


def reachable(case: Case, person: PersonId, at: datetime) -> datetime:
    """Return the first instant from one on to remind a person: at work, once per business day."""
    calendar = calendar_of(case, person)
    at = next_working_moment(at, calendar)
    last = case.reminded.get(person)
    if last is None:
        return at
    same_day = local(last, calendar.changes).date() == local(at, calendar.changes).date()
    return next_business_morning(at, calendar) if same_day else at


def _whom(case: Case, waiting: Waiting, whom: Whom) -> PersonId | None:
    match whom:
        case Whom.WAITED_FOR:
            return waiting.person
        case Whom.MANAGER:
            return case.directory.manager_of(waiting.person) if case.directory else None
        case Whom.OWNER:
            return case.ownership.owner
        case Whom.COMMANDER:
            return commander(case)
        case _:
            return backup_liaison(case)
