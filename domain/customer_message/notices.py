"""What people are told about the customer message."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.customer_message.state import MessageText, SignedDecision
from domain.engine.notice import Notice
from domain.incident import IncidentFacts


class DraftWanted(Notice):
    """Ask the owner for the customer message, or for its revision as `comment` says."""

    kind: ClassVar[str] = "message-draft"

    incident: IncidentFacts
    comment: str = ""


class ReviewWanted(Notice):
    """Ask the liaison to approve one exact text; the code stands only in this mail."""

    kind: ClassVar[str] = "approval"

    incident: IncidentFacts
    version: int
    digest: str
    text: MessageText


class Approved(Notice):
    """Tell who is responsible that a text was approved, and how to stop it with the mail's code."""

    kind: ClassVar[str] = "approved"

    incident: IncidentFacts
    digest: str
    channel: Literal["manual", "mail"]
    leaves_at: AwareDatetime


class CodeSent(Notice):
    """Give somebody who asked for it the code that their next step needs."""

    kind: ClassVar[str] = "code"

    incident: IncidentFacts


class CodesLocked(Notice):
    """Ask to look at wrong codes that were typed in somebody's name, and to unlock theirs."""

    kind: ClassVar[str] = "locked-code"

    incident: IncidentFacts
    person_name: str


class PostingWanted(Notice):
    """Give the liaison the approved text to post, and ask where it was posted.

    It leaves only with the proof that exactly this text was approved.
    """

    kind: ClassVar[str] = "posting"

    incident: IncidentFacts
    text: MessageText
    approved: SignedDecision


class DeliveryUnknown(Notice):
    """Ask the owner whether the customer message arrived; it is never repeated by itself."""

    kind: ClassVar[str] = "delivery"

    incident: IncidentFacts
