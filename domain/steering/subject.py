"""Steering: people hold a case, put its limits and reminders off, and end it, with a reason."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.calendar.interval import Interval
from domain.case import Case
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.notice import Link, sending
from domain.engine.subject import Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.people import chair, commander, name_of
from domain.steering.acts import (
    Cancel,
    Extend,
    PutOnHold,
    Resume,
    SnoozeReminders,
    resumed,
)
from domain.steering.notices import Cancelled


class EndHold(Transition[Case]):
    """The limit of a hold is there: the case goes on."""

    name: ClassVar[str] = "end-hold"

    key: str = "turn:end-hold"

    def applied(self, case: Case, now: datetime) -> Case:
        """Let it go on."""
        return resumed(case, now)


def on_hold(case: Case) -> Iterator[Entry]:
    """Yield all that a case does that is on hold: it waits for the end of it."""
    hold = case.steering.hold
    if hold is not None:
        yield Entry(hold.until, EndHold(version=hold.at.isoformat()))


def unhurried(case: Case, waiting: Waiting) -> Case:
    """Return the case as one wait sees it: what its person put off counts like a hold."""
    put_off = tuple(
        Interval(start=each.at, end=each.until)
        for each in case.steering.snoozes
        if each.person == waiting.person
    )
    return case.replace(holds=(*case.holds, *put_off)) if put_off else case


def ending(case: Case) -> Iterator[Entry]:
    """Tell everybody once who was asked or invited."""
    word = case.steering.cancelled
    if word is None or case.incident is None or not case.is_set_up:
        return
    url = case.document.url
    notice = Cancelled(
        link=Link(leads_to="document", url=url) if url else None,
        incident=case.facts,
        name=_who(case, word.by),
        reason=word.reason,
        document_url=url,
    )
    for person in _told(case):
        yield sending(notice, person, word.at, version="1")


def _who(case: Case, person: PersonId) -> str:
    known = case.directory is not None and person in case.directory.people
    return name_of(case, person) if known else ""


def _told(case: Case) -> tuple[PersonId, ...]:
    asked = case.message.approval
    people = (
        case.ownership.owner or case.ownership.nominee,
        commander(case),
        chair(case),
        asked.liaison if asked is not None else None,
        *case.meeting.invited,
    )
    return tuple(dict.fromkeys(filter(None, people)))


STEERING = Subject(
    name="steering",
    acts=(PutOnHold, Resume, Extend, SnoozeReminders, Cancel),
    notices=(Cancelled,),
    ending=ending,
)
