"""What customers will be told, who approved exactly that, and whether it is out."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from domain.engine.value import FromOutside, PersonId, Value
from domain.plain_text import OneLine

CUSTOMERS = "customers"
"""The key of the mail to customers, which is never sent twice by itself."""

Part = Annotated[str, Field(max_length=5000)]


class MessageText(FromOutside):
    """The customer message: three parts (S2), plain text."""

    subject: Annotated[OneLine, Field(max_length=200)]
    summary: Part
    what_happened: Part
    what_we_do: Part

    @property
    def digest(self) -> str:
        """SHA-256 over the exact words, Unicode NFC and LF, as 64 hex digits."""
        words = {
            name: unicodedata.normalize("NFC", value).replace("\r\n", "\n")
            for name, value in self.model_dump().items()
        }
        exact = json.dumps(words, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(exact.encode()).hexdigest()


class SignedDecision(Value):
    """What a person decided about one exact text, as the web part saw it and signed it.

    `evidence` is what it saw of them. Who reaches Temporal alone can write one down, but cannot
    make its `proof`, which is looked at where a text leaves.
    """

    case: str
    request: str
    digest: str
    person: PersonId
    decision: str
    evidence: str
    proof: str = ""


class Approval(Value):
    """One request to one liaison for one exact text, and what came of it.

    `superseded` requests stay on record; their links show no text any more.
    """

    id: str
    liaison: PersonId
    version: int
    digest: str
    requested_at: AwareDatetime
    decision: Literal["approved", "changes"] | None = None
    comment: str = ""
    decided_at: AwareDatetime | None = None
    evidence: str = ""
    proof: str = ""
    wrong_codes: int = 0
    superseded_at: AwareDatetime | None = None

    def signed(self, case: str) -> SignedDecision:
        """Return the decision as it can be proved."""
        return SignedDecision(
            case=case,
            request=self.id,
            digest=self.digest,
            person=self.liaison,
            decision=self.decision or "",
            evidence=self.evidence,
            proof=self.proof,
        )


class CodeWish(Value):
    """Somebody wants the code of a request mailed to them."""

    request: str
    at: AwareDatetime


class CustomerMessage(Value):
    """What customers will be told, who approved exactly that, and whether it is out.

    `again` is the newest decision to send it again, of as many as `sent_again` counts. Of
    `wrong_codes` each person has so many typed, and may type none once `locked`. `handed_on` are
    people who said nothing, or that it is not theirs: the next one is asked.
    """

    text: MessageText | None = None
    version: int = 0
    drafted_by: PersonId | None = None
    drafted_at: AwareDatetime | None = None
    approvals: tuple[Approval, ...] = ()
    handed_on: tuple[PersonId, ...] = ()
    posted_at: AwareDatetime | None = None
    posted_url: str = ""
    withdrawn_at: AwareDatetime | None = None
    withdrawn_reason: str = ""
    sent_again: int = 0
    again: SignedDecision | None = None
    wrong_codes: dict[PersonId, int] = {}
    locked: dict[PersonId, AwareDatetime] = {}
    codes_wanted: dict[PersonId, CodeWish] = {}

    @property
    def approval(self) -> Approval | None:
        """The request that counts: the newest, unless it was superseded."""
        newest = self.approvals[-1] if self.approvals else None
        return None if newest is None or newest.superseded_at else newest

    @property
    def asked_about(self) -> tuple[Approval, MessageText]:
        """The request that counts, and the text that it is about.

        Raises:
            LookupError: nobody was asked about a text.
        """
        if self.approval is None or self.text is None:
            raise LookupError("Nobody was asked about a text.")
        return self.approval, self.text

    @property
    def approved_at(self) -> AwareDatetime | None:
        """When the present text was approved, if it was."""
        asked = self.approval
        return asked.decided_at if asked and asked.decision == "approved" else None

    @property
    def finished(self) -> bool:
        """It is posted, or will never be."""
        return self.posted_at is not None or self.withdrawn_at is not None

    def with_newest(self, change: Callable[[Approval], Approval]) -> "CustomerMessage":
        """Return the message with its newest approval request changed, if there is one."""
        if self.approval is None:
            return self
        return self.replace(approvals=(*self.approvals[:-1], change(self.approval)))

    def superseded(self, now: datetime) -> "CustomerMessage":
        """Return the message with its request ended, open or decided, unless it is out already."""
        if self.finished:
            return self
        return self.with_newest(lambda newest: newest.replace(superseded_at=now))
