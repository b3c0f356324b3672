"""Acts about tickets that no tracker tells of: opened by hand, done, or not to be done."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.action_items.items import due_day
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.value import PersonId
from domain.people import commander, confirmer


def _who_answers(case: Case) -> frozenset[PersonId]:
    """Return who leads a team that has items; and the owner and commander in their place."""
    leading = (confirmer(case, item) for item in case.items)
    able = (case.ownership.owner, commander(case), *leading, OPERATIONS)
    return frozenset(filter(None, able))


class RecordTicket(Act[Case]):
    """A leader opened the ticket of an item by hand, or it stands somewhere else now."""

    name: ClassVar[str] = "record_ticket"

    item: Annotated[str, Field(max_length=20)]
    reference: Annotated[str, Field(max_length=500)]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who leads a team that has items; and the owner and commander in their place."""
        return _who_answers(case)

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a missing key, and an item that needs no ticket or has one."""
        item = case.item(self.item)
        if item is None or not case.needs_ticket(item):
            return f"{self.item} needs no ticket. Nothing to do."
        if item.issue is not None and item.issue.state is not IssueState.UNREACHABLE:
            return f"{self.item} has its ticket: {item.issue.key}. Nothing to do."
        if case.has_tracker and item.issue is None:
            return f"The ticket of {self.item} is opened by itself. Nothing to do."
        if not self.reference.strip():
            return "Paste the key or the address of the ticket, so that others find it."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the ticket, which is followed from now on."""
        item, reference = case.item(self.item), self.reference.strip()
        if item is None or item.decision is None:
            return case
        key = reference.rstrip("/").rpartition("/")[2]
        url = reference if reference.startswith("http") else ""
        due = item.due or due_day(case, item.decision.at)
        opened = ObservedIssue(key=key, url=url, due=due, touched_at=now)
        return case.with_item(item.replace(issue=opened, due=due, unreachable_at=None))

    def noted_as(self) -> dict[str, str]:
        """Return the item."""
        return {"item": self.item}


class RecordDone(Act[Case]):
    """A leader says what became of an item that no tracker tells of.

    What will not be done is said with a reason, and never counts as done.
    """

    name: ClassVar[str] = "record_done"

    item: Annotated[str, Field(max_length=20)]
    outcome: Literal["done", "won't do"] = "done"
    reason: Annotated[str, Field(max_length=500)] = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who leads a team that has items; and the owner and commander in their place."""
        return _who_answers(case)

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse an item that is not open, one that its tracker tells of, a silent won't do."""
        item = case.item(self.item)
        if item is None or item.issue is None or not item.open:
            return f"{self.item} is not open. Nothing to do."
        if case.has_tracker and item.issue.state is not IssueState.UNREACHABLE:
            return f"Close {item.issue.key} in the tracker: that counts by itself."
        if self.outcome == "won't do" and not self.reason.strip():
            return f"Say why {self.item} will not be done."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note what became of it."""
        item = case.item(self.item)
        if item is None or item.issue is None:
            return case
        done = self.outcome == "done"
        state = IssueState.DONE if done else IssueState.WONT_DO
        closed = item.replace(
            issue=item.issue.replace(state=state),
            done_at=now if done else None,
            dropped_because="" if done else self.reason,
            unreachable_at=None,
        )
        return case.with_item(closed)

    def noted_as(self) -> dict[str, str]:
        """Return the item and what became of it."""
        return {"item": self.item, "outcome": self.outcome}
