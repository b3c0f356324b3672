"""What a case wants of the tracker: one ticket per confirmed item, and how they stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from domain.action_items.items import due_day, labels
from domain.action_items.state import READ_ISSUES, ActionItem, issue_key
from domain.action_items.ticket import ObservedIssue, TicketFacts
from domain.action_items.tickets import ticket_seen, ticketed
from domain.case import Case
from domain.engine.effect import Effect
from domain.engine.notice import SendNotice
from domain.engine.value import Value
from domain.people import home_team, name_of


class OpenIssue(Effect[Case, ObservedIssue]):
    """Open the ticket of one action item, linked to the document.

    `again` tells that it may be there already; `opened` is the ticket that only lacks its link.
    """

    activity: ClassVar[str] = "find_or_open_issues"
    summary: ClassVar[str] = "open tickets"
    answer: ClassVar[type[ObservedIssue]] = ObservedIssue
    together: ClassVar[bool] = True
    noteworthy: ClassVar[bool] = True

    item: str
    ticket: TicketFacts
    again: bool = False
    opened: ObservedIssue | None = None

    @classmethod
    def requested_together(
        cls, case: Case, effects: Sequence["OpenIssue"], now: datetime
    ) -> "OpenIssues":
        """Return all tickets that a moment wants."""
        return OpenIssues(wanted=tuple(effects))

    def learned(self, case: Case, answer: ObservedIssue, now: datetime) -> Case:
        """Know the ticket from the moment it is there, even if its link is not."""
        return ticketed(case, self.item, answer, now)

    def noted_as(self) -> dict[str, str]:
        """Return whose ticket it is."""
        return {"item": self.item}


class OpenIssues(Value):
    """All tickets that a moment wants."""

    wanted: tuple[OpenIssue, ...]


class Issues(Value):
    """Tickets as they stand."""

    found: tuple[ObservedIssue, ...]


class ReadIssues(Effect[Case, Issues]):
    """Read the case's tickets as they stand."""

    activity: ClassVar[str] = "read_issues"
    summary: ClassVar[str] = "compare with the tracker"
    answer: ClassVar[type[Issues]] = Issues

    key: str = READ_ISSUES
    issues: tuple[str, ...]

    def learned(self, case: Case, answer: Issues, now: datetime) -> Case:
        """Take in each ticket."""
        for issue in answer.found:
            case = ticket_seen(case, issue, now)
        return case


class FollowUp(SendNotice[Case]):
    """Ask a team, at most weekly, about open tickets that nobody has touched."""

    team: str

    def learned(self, case: Case, answer: None, now: datetime) -> Case:
        """Begin the team's next week."""
        return case.replace(followed_up={**case.followed_up, self.team: now})


def opening(case: Case, item: ActionItem) -> OpenIssue:
    """Return the effect that opens an item's one ticket (5D: enough for who was not there).

    Raises:
        LookupError: the item is not decided, or the case knows nothing yet.
    """
    if case.directory is None or item.decision is None:
        raise LookupError("A ticket needs an incident, its people and a decision.")
    # A team that is no longer there leaves its work to the team of the service (2.5).
    team = case.directory.teams.get(item.team) or home_team(case)
    ticket = TicketFacts(
        key=case.outside_key(item.id),
        project=team.issue_project if team else "",
        incident=case.facts,
        text=item.text,
        why=item.decision.reason,
        done_when=item.done_when,
        decided_by=name_of(case, item.decision.by),
        due=due_day(case, item.decision.at),
        labels=(*labels(case), case.id),
        priority=item.priority,
        document_url=case.document.url,
    )
    key = issue_key(item.id)
    return OpenIssue(
        key=key, item=item.id, ticket=ticket, again=key in case.ledger, opened=item.issue
    )
