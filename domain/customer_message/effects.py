"""The approved message on its way to customers, and the request that asks for its approval."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case import Case
from domain.customer_message.state import CUSTOMERS, Approval, MessageText, SignedDecision
from domain.engine.effect import Effect, Transition
from domain.engine.value import PersonId, Value
from domain.people import is_away, reviewers


class CustomerMailing(Value):
    """The approved message on its way to the customers' list, for the `sending`th time: from 1.

    `again` is there when somebody decided to send it once more.
    """

    case: str
    revision: int
    sending: int
    at: AwareDatetime
    to: PersonId
    text: MessageText
    approved: SignedDecision
    again: SignedDecision | None = None


class SendToCustomers(Effect[Case, None]):
    """Send the approved message to the customers' list: never twice by itself."""

    activity: ClassVar[str] = "send_to_customers"
    summary: ClassVar[str] = "send the customer message"
    once: ClassVar[bool] = True
    noteworthy: ClassVar[bool] = True

    key: str = CUSTOMERS
    to: PersonId
    text: MessageText
    approved: SignedDecision
    again: SignedDecision | None = None

    def request(self, case: Case, now: datetime) -> CustomerMailing:
        """Return the exact text, and the proof that exactly this was approved."""
        return CustomerMailing(
            case=case.id,
            revision=case.revision,
            sending=case.message.sent_again + 1,
            at=now,
            to=self.to,
            text=self.text,
            approved=self.approved,
            again=self.again,
        )

    def learned(self, case: Case, answer: None, now: datetime) -> Case:
        """Note that it is out."""
        return case.replace(message=case.message.replace(posted_at=now))

    def noted_as(self) -> dict[str, str]:
        """Return which text left, never its words."""
        return {"digest": self.approved.digest[:10]}


class RequestApproval(Transition[Case]):
    """The text is there and all is settled: the liaison is asked about exactly this text."""

    name: ClassVar[str] = "request-approval"

    def applied(self, case: Case, now: datetime) -> Case:
        """Open a new request for the present text, replacing any open one."""
        message, liaison = case.message.superseded(now), _asked_first(case, now)
        if message.text is None or liaison is None:
            return case
        number = len(message.approvals) + 1
        request = Approval(
            id=f"r{case.revision}-{message.text.digest[:10]}-{number}",
            liaison=liaison,
            version=message.version,
            digest=message.text.digest,
            requested_at=now,
        )
        asked = message.replace(approvals=(*message.approvals, request))
        return case.replace(message=asked)


class HandOnReview(Transition[Case]):
    """Whoever was asked says nothing: the next one gets a request of their own, never a yes."""

    name: ClassVar[str] = "hand-on-review"

    person: PersonId

    def applied(self, case: Case, now: datetime) -> Case:
        """End the request; the next one is asked about the same text."""
        return handed_on(case, self.person, now)

    def reached(self) -> tuple[str, ...]:
        """Return who was passed over."""
        return (self.person,)


def handed_on(case: Case, person: PersonId, now: datetime) -> Case:
    """Return the case without somebody among those who decide about the message."""
    message = case.message.superseded(now)
    return case.replace(message=message.replace(handed_on=(*message.handed_on, person)))


def _asked_first(case: Case, now: datetime) -> PersonId | None:
    """Return the first who is here; where all are away, the first of them."""
    line = reviewers(case)
    return next((each for each in line if not is_away(case, each, now)), next(iter(line), None))
