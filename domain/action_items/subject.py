"""Action items: one ticket per confirmed item, followed until it is done."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.effects import FollowUp, OpenIssue, ReadIssues, opening
from domain.action_items.notices import ItemDone, StillOpen, TicketByHand, UnreachableTicket
from domain.action_items.state import READ_ISSUES, ActionItem, ItemFacts, issue_key
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.action_items.tickets import ticket_changed
from domain.calendar.directory_snapshot import Team
from domain.calendar.working_time import WorkCalendar, calendar_of_team, next_working_moment
from domain.case import Case
from domain.engine.clock import due_at
from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.notice import Ask, Link, Notice, notice_key
from domain.engine.signal import SignalSpec
from domain.engine.subject import Subject
from domain.engine.waiting import Waiting, WaitSpec
from domain.incident import IncidentFacts
from domain.people import confirmer, home_calendar
from domain.policy import ActionRules


def entries(case: Case) -> Iterator[Entry]:
    """Open one ticket per confirmed item, then ask weekly about what nobody touches."""
    if not case.has_tracker:
        return
    for item in case.items:
        if _lacks_ticket(case, item) and item.confirmation is not None:
            yield Entry(item.confirmation.at, opening(case, item))
    yield from _weekly(case)


def _lacks_ticket(case: Case, item: ActionItem) -> bool:
    """Tell whether an item's ticket is still to be opened, or to be linked to the document."""
    return case.needs_ticket(item) and (item.issue is None or item.issue.unlinked)


def _weekly(case: Case) -> Iterator[Entry]:
    """Yield, per team with open tickets, the next weekly message, if any ticket lies still.

    The tracker is asked first: who works on a ticket, or has finished it, is left alone.
    """
    if case.rules is None or case.directory is None or case.published_at is None:
        return
    for team_id in dict.fromkeys(item.team for item in case.items if _is_followed(item)):
        team = case.directory.teams.get(team_id)
        if team is not None:
            calendar = calendar_of_team(case.directory, team_id)
            since = case.followed_up.get(team_id, case.published_at)
            yield _follow_up(case, team, calendar, case.rules.action_items, since)


def _is_followed(item: ActionItem) -> bool:
    return item.issue is not None and item.issue.state is IssueState.OPEN


def _follow_up(
    case: Case, team: Team, calendar: WorkCalendar, rules: ActionRules, since: datetime
) -> Entry:
    to = team.list or team.engineering_manager
    lies_still = {
        item: due_at(_touched(case, item), rules.left_alone_for, calendar, case.holds)
        for item in (each.id for each in case.items if _is_followed(each) and each.team == team.id)
    }
    turn = due_at(since, rules.follow_up_every, calendar, case.holds)
    at = next_working_moment(max(turn, min(lies_still.values())), calendar)
    still = tuple(
        item.facts for item in case.items if item.id in lies_still and lies_still[item.id] <= at
    )
    notice = StillOpen(
        link=_to_document(case),
        incident=case.facts,
        items=still,
        document_url=case.document.url,
    )
    effect = FollowUp(
        key=notice_key(notice.kind, to, team.id),
        version=since.isoformat(),
        to=to,
        notice=notice,
        team=team.id,
    )
    return Entry(at, effect, needs=(READ_ISSUES,))


def _to_document(case: Case) -> Link:
    url = case.document.url
    return Link(leads_to="document", url=url) if url else Link()


def _touched(case: Case, item_id: str) -> datetime:
    """Return when somebody last worked on a ticket: at the latest when it was opened."""
    item, opened = case.item(item_id), case.ledger.get(issue_key(item_id))
    touched = item.issue.touched_at if item and item.issue else None
    known = (touched, opened.at if opened else None, case.opened_at)
    return max(each for each in known if each is not None)


def _readings(case: Case) -> Iterator[Effect[Case, Any]]:
    tickets = tuple(item.issue.key for item in case.items if item.issue and item.open)
    if tickets and case.has_tracker:
        yield ReadIssues(issues=tickets)


def _late(case: Case) -> Iterator[Waiting]:
    """Yield the tickets that will be, or are, late; the due day tells one lateness from another."""
    if not case.has_tracker:
        return
    for item in case.items:
        person, late = confirmer(case, item), _late_from(case, item)
        if person is not None and late is not None and _is_followed(item):
            yield Waiting("action-item", person, late, item.id, (item.id,), version=_due(item))


def _due(item: ActionItem) -> str:
    due = item.issue.due or item.due if item.issue else None
    return due.isoformat() if due else ""


def _late_from(case: Case, item: ActionItem) -> datetime | None:
    """Return from when on an open ticket is late: the morning after its due day."""
    due = item.issue.due or item.due if item.issue and item.open else None
    if due is None:
        return None
    calendar = home_calendar(case)
    return calendar.opens_at(calendar.business_days_after(due, 1))


def _unreachable(case: Case) -> Iterator[Waiting]:
    for item in case.items:
        person = confirmer(case, item)
        if person is not None and item.unreachable_at is not None:
            since = item.unreachable_at
            yield Waiting("unreachable-ticket", person, since, item.id, (item.id,))


def _unticketed(case: Case) -> Iterator[Waiting]:
    """Without a tracker a leader opens the ticket."""
    if case.rules is None or case.has_tracker or case.ownership.owner is None:
        return
    for item in case.items:
        if case.needs_ticket(item) and item.issue is None and item.confirmation is not None:
            person = confirmer(case, item) or case.ownership.owner
            yield Waiting("ticket-by-hand", person, item.confirmation.at, item.id, (item.id,))


def _undone(case: Case) -> Iterator[Waiting]:
    """Without a tracker a leader says after the due day that the item is done."""
    if case.rules is None or case.has_tracker or case.ownership.owner is None:
        return
    for item in case.items:
        late = _late_from(case, item)
        if late is not None:
            person = confirmer(case, item) or case.ownership.owner
            yield Waiting("item-done", person, late, item.id, (item.id,), version=_due(item))


def _asking(
    about_item: Callable[[IncidentFacts, ItemFacts], Notice],
) -> Callable[[Case, Waiting], Ask | None]:
    """Return what asks about one item, by the notice that speaks of it."""

    def ask(case: Case, waiting: Waiting) -> Ask | None:
        item = case.item(waiting.about)
        return Ask(about_item(case.facts, item.facts), about=waiting.about) if item else None

    return ask


ACTION_ITEMS = Subject(
    name="action-items",
    entries=entries,
    waits=(
        WaitSpec(name="action-item", on=_late, needs_read=(READ_ISSUES,)),
        WaitSpec(
            name="unreachable-ticket",
            on=_unreachable,
            asks=_asking(lambda incident, item: UnreachableTicket(incident=incident, item=item)),
            answered_by=(RecordTicket, RecordDone),
            needs_read=(READ_ISSUES,),
        ),
        WaitSpec(
            name="ticket-by-hand",
            on=_unticketed,
            asks=_asking(lambda incident, item: TicketByHand(incident=incident, item=item)),
            answered_by=(RecordTicket,),
        ),
        WaitSpec(
            name="item-done",
            on=_undone,
            asks=_asking(lambda incident, item: ItemDone(incident=incident, item=item)),
            answered_by=(RecordDone,),
        ),
    ),
    acts=(RecordTicket, RecordDone),
    effects=(OpenIssue, ReadIssues),
    notices=(StillOpen, TicketByHand, ItemDone, UnreachableTicket),
    signals=(SignalSpec("ticket_changed", ObservedIssue, ticket_changed),),
    readings=_readings,
)
