"""Ownership: one candidate after the other is asked; when nobody is left, a leader appoints."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.case import DIRECTORY, Case
from domain.engine.effect import Transition
from domain.engine.entry import Entry
from domain.engine.notice import Ask, sending
from domain.engine.subject import Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Lapse, Waiting, WaitSpec
from domain.meeting.event import Response
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.ownership.changes import asked_to_appoint, owned_by_default, passed_over, with_owner
from domain.ownership.notices import Appointment, Nomination, OwnerByDefault
from domain.people import commander, usual_calendar


class PassOver(Transition[Case]):
    """Somebody who was asked says nothing: the next one is asked."""

    name: ClassVar[str] = "pass-over"

    person: PersonId

    def applied(self, case: Case, now: datetime) -> Case:
        """Ask the next candidate."""
        return passed_over(case, self.person, "no answer", now)

    def reached(self) -> tuple[str, ...]:
        """Return who was passed over."""
        return (self.person,)


class AskManager(Transition[Case]):
    """The commander names nobody: the engineering manager is asked, or owns it."""

    name: ClassVar[str] = "ask-manager-to-appoint"

    key: str = "turn:ask-manager-to-appoint"

    def applied(self, case: Case, now: datetime) -> Case:
        """Ask the next one."""
        return asked_to_appoint(case, now)


class OwnByDefault(Transition[Case]):
    """The engineering manager names nobody either: it is theirs."""

    name: ClassVar[str] = "own-by-default"

    key: str = "turn:own-by-default"

    def applied(self, case: Case, now: datetime) -> Case:
        """Make them the owner."""
        return owned_by_default(case, now)


class TakeUp(Transition[Case]):
    """The nominee said yes in a tool of their own, or the one appointed was looked up."""

    name: ClassVar[str] = "take-up-ownership"

    key: str = "turn:take-up-ownership"
    person: PersonId

    def applied(self, case: Case, now: datetime) -> Case:
        """Make them the owner; somebody whom nobody knows leaves the case without one."""
        known = case.directory is not None and self.person in case.directory.people
        if known:
            return with_owner(case, self.person, now)
        unknown = case.replace(ownership=case.ownership.replace(appointed=None))
        return unknown.with_anomaly(now, "unknown-person", person=self.person)

    def reached(self) -> tuple[str, ...]:
        """Return who owns it from now on."""
        return (self.person,)


def entries(case: Case) -> Iterator[Entry]:
    """Take up what people said in the calendar or the document, and whom a leader named."""
    yield from _word_of_default(case)
    ownership, directory = case.ownership, case.directory
    nominee, appointed = ownership.nominee, ownership.appointed
    if nominee is not None and (at := _said_yes_at(case, nominee)):
        yield Entry(at, TakeUp(version=nominee, person=nominee))
    looked_up = case.ledger.get(DIRECTORY)
    is_looked_up = directory is not None and appointed in {*directory.people, *directory.unknown}
    if appointed is not None and is_looked_up and looked_up is not None:
        yield Entry(looked_up.at, TakeUp(version=looked_up.at.isoformat(), person=appointed))


def _word_of_default(case: Case) -> Iterator[Entry]:
    """Tell the manager in plain words that it is theirs."""
    owned = case.ownership
    if owned.by_default and owned.owner is not None and owned.accepted_at is not None:
        notice = OwnerByDefault(incident=case.facts, meeting_at=case.meeting.start)
        yield sending(notice, owned.owner, owned.accepted_at)


def _said_yes_at(case: Case, nominee: PersonId) -> datetime | None:
    """Return when the nominee was seen to accept the invitation, or to edit the document."""
    if case.meeting.responses.get(nominee) is Response.ACCEPTED:
        return case.meeting.read_at
    return case.document.read_at if nominee in case.document.editors else None


def _nominated(case: Case) -> Iterator[Waiting]:
    ownership = case.ownership
    if ownership.nominee is not None and ownership.nominated_at is not None:
        yield Waiting("ownership", ownership.nominee, ownership.nominated_at)


def _unowned(case: Case) -> Iterator[Waiting]:
    """Yield who appoints: the commander, then the manager of the service that was hit most."""
    asked, leader = case.ownership, commander(case)
    if asked.owner is not None or asked.nominee is not None:
        return
    if asked.asked_to_appoint is not None and asked.asked_to_appoint_at is not None:
        yield Waiting("appointment", asked.asked_to_appoint, asked.asked_to_appoint_at, "manager")
    elif asked.nominated_at is not None and leader is not None:
        yield Waiting("appointment", leader, asked.nominated_at)


def _going_on(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    calendar, patience = usual_calendar(case, waiting.person), case.binding.patience.appointment
    following = OwnByDefault if case.ownership.asked_to_appoint is not None else AskManager
    yield Lapse((patience,), calendar, following(version=waiting.round))


def _passing_over(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    over = PassOver(key=f"turn:pass-over:{waiting.person}", person=waiting.person)
    yield Lapse((case.binding.patience.ownership,), usual_calendar(case, waiting.person), over)


OWNERSHIP = Subject(
    name="ownership",
    entries=entries,
    waits=(
        WaitSpec(
            name="ownership",
            on=_nominated,
            asks=lambda case, _: Ask(
                Nomination(incident=case.facts, meeting_at=case.meeting.start)
            ),
            answered_by=(AcceptOwnership, DeclineOwnership),
            lapses=_passing_over,
        ),
        WaitSpec(
            name="appointment",
            on=_unowned,
            asks=lambda case, _: Ask(
                Appointment(incident=case.facts, meeting_at=case.meeting.start)
            ),
            answered_by=(AppointOwner,),
            lapses=_going_on,
        ),
    ),
    acts=(AcceptOwnership, DeclineOwnership, AppointOwner),
    notices=(Nomination, Appointment, OwnerByDefault),
)
