"""What people are told about the customer message."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.customer_message.state import MessageText
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
    """Tell who is responsible that a text was approved, and how to stop it."""

    kind: ClassVar[str] = "approved"

    incident: IncidentFacts
    digest: str
    channel: Literal["manual", "mail"]
    leaves_at: AwareDatetime


class PostingWanted(Notice):
    """Give the liaison the approved text to post, and ask where it was posted."""

    kind: ClassVar[str] = "posting"

    incident: IncidentFacts
    digest: str
    text: MessageText


class DeliveryUnknown(Notice):
    """Ask the owner whether the customer message arrived; it is never repeated by itself."""

    kind: ClassVar[str] = "delivery"

    incident: IncidentFacts
