"""What a case waits for, and on whom: derived, never stored."""

from collections.abc import Iterator
from datetime import datetime

from domain.action_items import confirmer, needs_ticket
from domain.case import Case, Status
from domain.customer_message import posting_allowed_at
from domain.frozen import Frozen
from domain.incident import PersonId
from domain.people import commander, customer_liaison, home_calendar
from domain.policy import Wait


class Waiting(Frozen):
    """Something that waits for one person since an instant, which may lie ahead.

    `about` says which one, where there can be several: an item, a request, a step.
    """

    what: Wait
    person: PersonId
    since: datetime
    about: str = ""

    @property
    def key(self) -> str:
        """What makes it the same wait while its details change."""
        about = "" if self.what is Wait.CONFIRMATION else self.about
        return f"{self.what}:{about}" if about else self.what.value


def waits(case: Case) -> tuple[Waiting, ...]:
    """Return everything the case waits for, in the order of its life."""
    if case.rules is None or case.almanac is None or case.closed_at is not None:
        return ()
    return (
        *_ownership(case),
        *_steps(case),
        *_meeting(case),
        *_decisions(case),
        *_customer_message(case),
        *_tickets(case),
    )


def _ownership(case: Case) -> Iterator[Waiting]:
    ownership = case.ownership
    if ownership.owner is not None or ownership.nominated_at is None:
        return
    if ownership.nominee is not None:
        yield Waiting(what=Wait.OWNERSHIP, person=ownership.nominee, since=ownership.nominated_at)
    elif (leader := commander(case)) is not None:
        yield Waiting(what=Wait.APPOINTMENT, person=leader, since=ownership.nominated_at)


def _steps(case: Case) -> Iterator[Waiting]:
    """Yield what a person does because no integration is there to do it."""
    doer = case.ownership.owner
    since = case.ownership.accepted_at
    if doer is None or since is None or case.rules is None:
        return
    connected, meeting = case.rules.connected, case.meeting
    if not connected.documents and not case.done("document"):
        yield Waiting(what=Wait.STEP, person=doer, since=since, about="document")
    if not connected.calendar and meeting.start is not None and meeting.held_at is None:
        booked = case.ledger.get("event")
        if booked is None or booked.version != str(meeting.booked):
            since = max([since, *(move.at for move in meeting.moves)])
            yield Waiting(what=Wait.STEP, person=doer, since=since, about="event")
    if not connected.issues:
        for item in case.items:
            if needs_ticket(case, item) and item.issue is None and item.confirmation:
                person = confirmer(case, item) or doer
                since = item.confirmation.at
                yield Waiting(what=Wait.STEP, person=person, since=since, about=f"issue:{item.id}")


def _meeting(case: Case) -> Iterator[Waiting]:
    meeting = case.meeting
    chair = meeting.facilitator or case.ownership.owner
    if chair is None:
        return
    if meeting.end is not None and meeting.held_at is None:
        yield Waiting(what=Wait.MEETING_OUTCOME, person=chair, since=meeting.end)
    if meeting.held_at is not None and case.decided_at is None:
        yield Waiting(what=Wait.DECISIONS, person=chair, since=meeting.held_at)


def _decisions(case: Case) -> Iterator[Waiting]:
    """Yield, once per person, the items that wait for their team's confirmation."""
    by_person: dict[PersonId, list[tuple[datetime, str]]] = {}
    for item in case.items:
        person = confirmer(case, item)
        if item.accepted and item.confirmation is None and item.decision and person:
            by_person.setdefault(person, []).append((item.decision.at, item.id))
    for person, items in by_person.items():
        about = " ".join(item_id for _, item_id in items)
        yield Waiting(what=Wait.CONFIRMATION, person=person, since=min(items)[0], about=about)


def _customer_message(case: Case) -> Iterator[Waiting]:
    if case.rules is None or not case.rules.severity.external_message or case.message.finished:
        return
    owner, message, asked = case.ownership.owner, case.message, case.message.approval
    fate = case.ledger.get("customers")
    allowed = posting_allowed_at(case)
    if asked is not None and asked.decision == "changes" and owner and asked.decided_at:
        yield Waiting(what=Wait.MESSAGE_DRAFT, person=owner, since=asked.decided_at)
    elif message.text is None and case.meeting.held_at is not None and owner:
        yield Waiting(what=Wait.MESSAGE_DRAFT, person=owner, since=case.meeting.held_at)
    elif asked is not None and asked.decision is None:
        yield Waiting(
            what=Wait.APPROVAL, person=asked.liaison, since=asked.requested_at, about=asked.id
        )
    elif fate is not None and fate.status is Status.UNKNOWN and owner:
        yield Waiting(what=Wait.DELIVERY, person=owner, since=fate.at, about="customers")
    elif allowed is not None and case.rules.message.channel == "manual":
        liaison = customer_liaison(case)
        if liaison is not None:
            yield Waiting(what=Wait.POSTING, person=liaison, since=allowed)


def _tickets(case: Case) -> Iterator[Waiting]:
    """Yield the tickets that will be, or are, late: from the morning after their due day."""
    calendar = home_calendar(case)
    for item in case.items:
        person = confirmer(case, item)
        due = item.issue.due or item.due if item.issue else None
        if item.open and person is not None and due is not None:
            late = calendar.opens_at(calendar.business_days_after(due, 1))
            yield Waiting(what=Wait.ACTION_ITEM, person=person, since=late, about=item.id)
