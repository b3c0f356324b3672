"""What a case waits for, and on whom: derived, never stored."""

from collections.abc import Iterator
from datetime import datetime

from domain.action_items import all_settled, confirmer, needs_ticket
from domain.case import ActionItem, Case, Status
from domain.customer_message import posting_allowed_at
from domain.frozen import Frozen
from domain.incident import PersonId
from domain.people import chair, commander, home_calendar
from domain.policy import Wait
from domain.remembering import remembered


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
        about = f"{self.person}:{self.batch}" if self.what is Wait.CONFIRMATION else self.about
        return f"{self.what}:{about}" if about else self.what.value

    @property
    def batch(self) -> str:
        """What tells one person's waits of the same kind apart: when they began."""
        return f"{self.since:%Y%m%dT%H%M%S%f}"


@remembered
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
    if not connected.calendar and meeting.ahead:
        booked = case.ledger.get("event")
        if booked is None or booked.version != str(meeting.booked):
            since = max(since, meeting.booked_at or since)
            yield Waiting(what=Wait.STEP, person=doer, since=since, about="event")
    if not connected.issues:
        yield from (step for item in case.items for step in _ticket_steps(case, item, doer))


def _ticket_steps(case: Case, item: ActionItem, doer: PersonId) -> Iterator[Waiting]:
    """Without a tracker a leader opens the ticket, and says after its due day that it is done."""
    person = confirmer(case, item) or doer
    if needs_ticket(case, item) and item.issue is None and item.confirmation is not None:
        since = item.confirmation.at
        yield Waiting(what=Wait.STEP, person=person, since=since, about=f"issue:{item.id}")
    if late := _late_from(case, item):
        yield Waiting(what=Wait.STEP, person=person, since=late, about=f"done:{item.id}")


def _meeting(case: Case) -> Iterator[Waiting]:
    meeting, person = case.meeting, chair(case)
    if person is None:
        return
    if meeting.end is not None and meeting.ahead:
        yield Waiting(what=Wait.MEETING_OUTCOME, person=person, since=meeting.end)
    if meeting.held_at is not None and case.decided_at is None:
        # A proposal that was typed after the verdicts waits from then on.
        proposed = (item.proposed_at for item in case.items if item.decision is None)
        since = max(meeting.held_at, min(filter(None, proposed), default=meeting.held_at))
        yield Waiting(what=Wait.DECISIONS, person=person, since=since)


def _decisions(case: Case) -> Iterator[Waiting]:
    """Yield, once per person and moment, the items that wait for their team's confirmation."""
    accepted: dict[tuple[PersonId, datetime], list[str]] = {}
    for item in case.items:
        person = confirmer(case, item)
        if item.unconfirmed and item.decision is not None and person is not None:
            accepted.setdefault((person, item.decision.at), []).append(item.id)
    for (person, since), items in accepted.items():
        about = " ".join(items)
        yield Waiting(what=Wait.CONFIRMATION, person=person, since=since, about=about)


def _customer_message(case: Case) -> Iterator[Waiting]:
    if case.rules is None or not case.rules.severity.external_message or case.message.finished:
        return
    owner, message, asked = case.ownership.owner, case.message, case.message.approval
    fate = case.ledger.get("customers")
    allowed = posting_allowed_at(case)
    if fate is not None and fate.status is Status.UNKNOWN and owner:
        yield Waiting(what=Wait.DELIVERY, person=owner, since=fate.at, about="customers")
    elif asked is not None and asked.decision == "changes" and owner and asked.decided_at:
        yield Waiting(what=Wait.MESSAGE_DRAFT, person=owner, since=asked.decided_at)
    elif message.text is None and case.meeting.held_at is not None and owner:
        yield Waiting(what=Wait.MESSAGE_DRAFT, person=owner, since=case.meeting.held_at)
    elif asked is not None and asked.decision is None:
        yield Waiting(
            what=Wait.APPROVAL, person=asked.liaison, since=asked.requested_at, about=asked.id
        )
    elif asked and allowed and case.rules.message.channel == "manual" and all_settled(case):
        yield Waiting(what=Wait.POSTING, person=asked.liaison, since=allowed)


def _tickets(case: Case) -> Iterator[Waiting]:
    """Yield the tickets that will be, or are, late."""
    if case.rules is None or not case.rules.connected.issues:
        return
    for item in case.items:
        person, late = confirmer(case, item), _late_from(case, item)
        if person is not None and late is not None:
            yield Waiting(what=Wait.ACTION_ITEM, person=person, since=late, about=item.id)


def _late_from(case: Case, item: ActionItem) -> datetime | None:
    """Return from when on an open ticket is late: the morning after its due day."""
    due = item.issue.due or item.due if item.issue and item.open else None
    if due is None:
        return None
    calendar = home_calendar(case)
    return calendar.opens_at(calendar.business_days_after(due, 1))
