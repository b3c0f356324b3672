"""Acts that keep a case going: doing by hand what no integration does, and trying again."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.action_items.items import due_day
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.acts.act import CLOSED, Act
from domain.case import ActionItem, Case, Outcome, Status
from domain.policy import Wait
from domain.waits import waits


class CompleteStep(Act):
    """A person did what no integration does, and says where it is to be found.

    `step` is what was asked for: `event`, `document`, `issue:AI-1`, `done:AI-1`, or
    `customers` for a message whose delivery was unknown and which did arrive.
    """

    step: Annotated[str, Field(max_length=80)]
    reference: Annotated[str, Field(max_length=500)] = ""

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a step that nobody is asked for, and a missing address or key."""
        asked = (w for w in waits(case) if w.what in (Wait.STEP, Wait.DELIVERY))
        if all(each.about != self.step for each in asked):
            return "This step is not waiting for anybody. Nothing to do."
        named = self.step in ("event", "document") or self.step.startswith("issue:")
        if named and not self.reference.strip():
            return "Paste the address or the key, so that others find it."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the step as done in the version that was wanted."""
        reference = self.reference.strip()
        wanted = str(case.meeting.booked) if self.step == "event" else "1"
        by_hand = Outcome(version=wanted, status=Status.DONE, at=now, reason="by hand")
        case = case.replace(ledger={**case.ledger, self.step: by_hand})
        what, _, item_id = self.step.partition(":")
        if what == "event":
            return case.replace(meeting=case.meeting.replace(url=reference))
        if what == "document":
            return case.replace(document=case.document.replace(url=reference))
        if what == "customers":
            return case.replace(message=case.message.replace(posted_at=now))
        done = what == "done"
        items = (
            (_done(each, now) if done else _ticketed(case, each, reference, now))
            if each.id == item_id
            else each
            for each in case.items
        )
        return case.replace(items=tuple(items))


def _ticketed(case: Case, item: ActionItem, reference: str, now: datetime) -> ActionItem:
    key = reference.rstrip("/").rpartition("/")[2]
    url = reference if reference.startswith("http") else ""
    due = due_day(case, item.decision.at if item.decision else now)
    return item.replace(issue=ObservedIssue(key=key, url=url, due=due, touched_at=now), due=due)


def _done(item: ActionItem, now: datetime) -> ActionItem:
    closed = item.issue.replace(state=IssueState.DONE) if item.issue else None
    return item.replace(issue=closed, done_at=now)


class Retry(Act):
    """Operations mended something: carry out what was parked, and clear the flag.

    With `effect` only that one; a customer message of unknown fate is sent again only when
    it is named.
    """

    effect: str = ""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse when nothing waits for a retry; setting a case up may need one too."""
        return CLOSED if case.closed_at is not None else self.wrong(case, now)

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse when nothing waits for a retry."""
        if self.effect and self.effect not in case.ledger:
            return f"'{self.effect}' is no effect of this case; `aftermath show` lists them."
        if not self._parked(case) and (self.effect or not case.anomalies):
            return "Nothing is parked; there is nothing to retry."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Forget the outcomes in the way, so that their effects are due again."""
        parked = self._parked(case)
        ledger = {key: each for key, each in case.ledger.items() if key not in parked}
        return case.replace(ledger=ledger, anomalies=case.anomalies if self.effect else ())

    def _parked(self, case: Case) -> frozenset[str]:
        waiting = {Status.REFUSED, Status.UNAVAILABLE}
        if self.effect:
            waiting = waiting | {Status.UNKNOWN}
        return frozenset(
            key
            for key, each in case.ledger.items()
            if each.status in waiting and self.effect in ("", key)
        )
