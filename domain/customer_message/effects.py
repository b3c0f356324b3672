"""The approved message on its way to customers, and the request that asks for its approval."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case import Case
from domain.customer_message.state import CUSTOMERS, Approval, MessageText, SignedDecision
from domain.engine.effect import Effect, Transition
from domain.engine.value import PersonId, Value
from domain.people import customer_liaison


class CustomerMailing(Value):
    """The approved message on its way to the customers' list.

    `again` is there when somebody decided to send it once more.
    """

    case: str
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
        message, liaison = case.message.superseded(now), customer_liaison(case)
        if message.text is None or liaison is None:
            return case
        number = len(message.approvals) + 1
        request = Approval(
            id=f"{message.text.digest[:10]}-{number}",
            liaison=liaison,
            version=message.version,
            digest=message.text.digest,
            requested_at=now,
        )
        asked = message.replace(approvals=(*message.approvals, request))
        return case.replace(message=asked)
