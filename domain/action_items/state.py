"""A proposal, and the action item with its ticket that it becomes."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from domain.action_items.ticket import IssueState, ObservedIssue
from domain.decisions.state import Confirmation, Decision, Verdict
from domain.engine.value import PersonId, Value
from domain.preparation.document import ActionRow

READ_ISSUES = "issues"
"""The reading of the case's tickets, which others may want first."""


def issue_key(item: str) -> str:
    """Return the key of an action item's one ticket, whoever opened it."""
    return f"issue:{item}"


class ItemState(StrEnum):
    """Where a proposal stands: its verdict, then what becomes of it."""

    PROPOSED = "proposed"
    DEFERRED = "deferred"
    DECLINED = "declined"
    ALREADY_DONE = "already done"
    CONFIRMING = "confirming with the team"
    ACCEPTED = "accepted"
    TICKETED = "ticketed"


class ItemFacts(Value):
    """What people are told of an action item: the facts, for `wording/` to say."""

    id: str
    text: str
    state: ItemState
    ticket: str = ""
    ticket_url: str = ""
    ticket_state: IssueState | None = None
    due: date | None = None


class ActionItem(Value):
    """A proposal and what became of it; `as_typed` is its row when the document was last read.

    `done_at` is when the work was done; work that will not be done is never that.
    """

    id: str
    text: str
    type: str = ""
    priority: str = ""
    team: str = ""
    done_when: str = ""
    proposed_by: PersonId | None = None
    proposed_at: AwareDatetime | None = None
    decision: Decision | None = None
    confirmation: Confirmation | None = None
    due: date | None = None
    issue: ObservedIssue | None = None
    done_at: AwareDatetime | None = None
    unreachable_at: AwareDatetime | None = None
    dropped_because: str = ""
    as_typed: ActionRow | None = None

    @property
    def accepted(self) -> bool:
        """Leaders want it done."""
        return self.decision is not None and self.decision.verdict is Verdict.ACCEPTED

    @property
    def unconfirmed(self) -> bool:
        """Leaders want it, and the team that would do it has not answered yet."""
        return self.accepted and self.confirmation is None

    @property
    def settled(self) -> bool:
        """Nobody has to decide or confirm anything about it any more."""
        return self.decision is not None and not self.unconfirmed

    @property
    def open(self) -> bool:
        """There is a ticket, and the work is not finished as far as anybody can see."""
        unfinished = (IssueState.OPEN, IssueState.UNREACHABLE)
        return self.issue is not None and self.issue.state in unfinished

    @property
    def state(self) -> ItemState:
        """Where it stands."""
        if self.decision is None:
            return ItemState.PROPOSED
        if not self.accepted:
            return ItemState(self.decision.verdict.value)
        if self.unconfirmed:
            return ItemState.CONFIRMING
        return ItemState.ACCEPTED if self.issue is None else ItemState.TICKETED

    @property
    def facts(self) -> ItemFacts:
        """What people are told of it."""
        return self._facts(self.due)

    @property
    def undated(self) -> ItemFacts:
        """What stands of it where no day is told, so that a changed one writes nothing."""
        return self._facts(None)

    def _facts(self, due: date | None) -> ItemFacts:
        issue = self.issue
        return ItemFacts(
            id=self.id,
            text=self.text,
            state=self.state,
            ticket=issue.key if issue else "",
            ticket_url=issue.url if issue else "",
            ticket_state=issue.state if issue else None,
            due=due,
        )
