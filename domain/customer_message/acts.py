"""Acts about the customer message: draft, approve, stop, post, and say whether it arrived."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.case import Case
from domain.customer_message.codes import Coded
from domain.customer_message.effects import handed_on
from domain.customer_message.state import CUSTOMERS, Approval, MessageText, SignedDecision
from domain.engine.act import OPERATIONS
from domain.engine.ledger import Status
from domain.engine.value import PersonId
from domain.moments import posting_allowed_at
from domain.people import authors, can_be_handed_on, owner_and_commander, speakers

Comment = Annotated[str, Field(max_length=2000)]
Evidence = Annotated[str, Field(max_length=100)]
Proof = Annotated[str, Field(max_length=100)]


class DraftExternalMessage(Coded):
    """The owner writes or changes the text; a changed text voids every approval."""

    name: ClassVar[str] = "draft_external_message"

    text: MessageText

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner alone: one person answers for the words until they are approved."""
        return frozenset(filter(None, (case.ownership.owner,)))

    @classmethod
    def code_for(cls, case: Case) -> str:
        """The code is needed where an approval, asked for or given, would be voided."""
        asked = case.message.approval
        return "" if asked is None or asked.decision == "changes" else asked.id

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While customers are to be told something, and the text can still change."""
        return _gone(case) is None

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner writes the customer message. Tell them what should change."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse when there is to be no message, when it is out, and when a part is empty."""
        if gone := _gone(case):
            return gone
        missing = [name.replace("_", " ") for name, part in self.text if not part.strip()]
        return f"The message needs all its parts: {', '.join(missing)}." if missing else None

    def applied(self, case: Case, now: datetime) -> Case:
        """Keep the text as the next version; the very same text changes nothing."""
        message, asked = case.message, case.message.approval
        wants_changes = asked is not None and asked.decision == "changes"
        if message.text == self.text and not wants_changes:
            return case
        drafted = message.superseded(now).replace(
            text=self.text, version=message.version + 1, drafted_by=self.by, drafted_at=now
        )
        return case.replace(message=drafted)

    def noted_as(self) -> dict[str, str]:
        """Return which text it is, never its words."""
        return {"digest": self.text.digest[:10]}


class DecideExternalMessage(Coded):
    """The liaison approves one exact text, or asks for a change with a comment.

    `evidence` is what the web part saw of them, and `proof` shows where the text leaves that it
    did.
    """

    name: ClassVar[str] = "decide_external_message"

    approval_id: str
    digest: str
    decision: Literal["approved", "changes"]
    comment: Comment = ""
    evidence: Evidence
    proof: Proof

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Whoever was asked, and did not write it: no text leaves on one person's word."""
        return frozenset(each.liaison for each in case.message.approvals) - authors(case)

    def not_yours(self, case: Case) -> str:
        """Say which link counts, or who decides instead."""
        if self.by in authors(case):
            return "You answer for these words yourself, so somebody else has to approve them."
        return "This link belongs to no open request. Use the newest mail."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a link that was replaced, another text, another decision, a silent no."""
        asked = _request(case, self.approval_id)
        if asked is None or asked.liaison != self.by:
            return self.not_yours(case)
        if case.message.withdrawn_at is not None:
            return "The message was given up; there is nothing left to decide."
        if asked.superseded_at is not None:
            return "This request was superseded by a newer one. Use the link in the newest mail."
        if asked.digest != self.digest:
            return "The text has changed since you opened the page. Reload and read it again."
        if asked.decision is not None and asked.decision != self.decision:
            return "This was decided already; the first decision stands."
        if self.decision == "changes" and not self.comment.strip():
            return "Say what should change, so that the owner can revise the text."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note the decision; the same one again changes nothing."""
        asked = _request(case, self.approval_id)
        if asked is None or asked.decision is not None:
            return case
        decided = case.message.with_newest(
            lambda newest: newest.replace(
                decision=self.decision,
                comment=self.comment,
                decided_at=now,
                evidence=self.evidence,
                proof=self.proof,
            )
        )
        return case.replace(message=decided)

    def noted_as(self) -> dict[str, str]:
        """Return what was decided, about which text, and what showed who it was."""
        return {
            "decision": self.decision,
            "digest": self.digest[:10],
            "evidence": self.evidence,
        }


class HandOnReviewNow(Coded):
    """Whoever is asked about the text says that it is not theirs: the next one is asked at once."""

    name: ClassVar[str] = "hand_on_review"

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who is asked now."""
        asked = case.message.approval
        return frozenset({asked.liaison} if asked is not None and asked.decision is None else ())

    def not_yours(self, case: Case) -> str:
        """Say where it stands."""
        return "You are not asked about the customer message (any more). Nothing to do."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse where nobody is left to ask."""
        if can_be_handed_on(case, self.by):
            return None
        return "Nobody else is left to decide about it. Say on the review page what should change."

    def applied(self, case: Case, now: datetime) -> Case:
        """Ask the next one; the link of this one says that it is over."""
        return handed_on(case, self.by, now)


class WithdrawMessage(Coded):
    """Stop an approved message before it leaves, or give it up for good."""

    name: ClassVar[str] = "withdraw_message"

    reason: Comment
    for_good: bool = False

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Everybody who answers for it: owner, commander and liaisons."""
        return owner_and_commander(case) | speakers(case)

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While a text that is asked about or approved has not left."""
        return case.message.approval is not None and _gone(case) is None

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner, the incident commander and the liaison stop the message."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse when it is out already, or when no reason is given."""
        if gone := _gone(case):
            return gone
        if not self.reason.strip():
            return "Say why the message is stopped."
        if not self.for_good and case.message.approved_at is None:
            return "There is no approved message to stop."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Void the approval; the owner is asked for a new text unless it is for good."""
        message, reason = case.message, self.reason
        if self.for_good:
            gone = message.replace(withdrawn_at=now, withdrawn_reason=reason)
            return case.replace(message=gone)
        stopped = message.with_newest(
            lambda newest: newest.replace(decision="changes", comment=reason, decided_at=now)
        )
        return case.replace(message=stopped)

    def noted_as(self) -> dict[str, str]:
        """Return whether it is for good."""
        return {"for_good": "yes" if self.for_good else "no"}


class MarkPosted(Coded):
    """The liaison says where the approved message now stands."""

    name: ClassVar[str] = "mark_posted"

    url: Annotated[str, Field(max_length=500)]

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Who speaks to customers in this case."""
        return speakers(case)

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the customer liaison says where the message was posted."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse before approval and hold-back are over, and an address that is none."""
        if case.message.posted_at is not None and case.message.posted_url == self.url:
            return None
        allowed = posting_allowed_at(case)
        if case.message.finished or allowed is None:
            return "There is no approved message waiting to be posted."
        if not case.all_settled:
            return "A proposal came up that is not decided yet. Post the message after that."
        if now < allowed:
            return "The message is held back for a few minutes after approval. Try again then."
        if not self.url.startswith(("https://", "http://")):
            return "Give the address of the post, beginning with https://."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note where and when it was posted."""
        if case.message.posted_at is not None:
            return case
        return case.replace(message=case.message.replace(posted_at=now, posted_url=self.url))


class SettleDelivery(Coded):
    """Somebody looked whether the customer message arrived: it did, or it is to be sent again.

    Customers get it once more only with the `proof` that the web part saw this decided.
    """

    name: ClassVar[str] = "settle_delivery"

    outcome: Literal["arrived", "send again"]
    evidence: Evidence
    proof: Proof

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner and the commander: a second mail to customers is theirs to answer for."""
        return owner_and_commander(case) | {OPERATIONS}

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While nobody knows whether it left."""
        fate = case.ledger.get(CUSTOMERS)
        return fate is not None and fate.status is Status.UNKNOWN

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner and the incident commander say whether the message arrived."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse while nobody doubts it."""
        if not self.offered(case):
            return "Nobody waits to hear whether the message arrived. Nothing to do."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note it as sent, or let it be due again with its proof."""
        if self.outcome == "arrived":
            fate = case.ledger[CUSTOMERS].replace(status=Status.DONE, at=now, reason="by hand")
            sent = case.replace(message=case.message.replace(posted_at=now))
            return sent.with_outcome(CUSTOMERS, fate)
        ledger = {key: each for key, each in case.ledger.items() if key != CUSTOMERS}
        decided = resending(case, self.by, self.evidence).replace(proof=self.proof)
        message = case.message.replace(again=decided, sent_again=case.message.sent_again + 1)
        return case.replace(ledger=ledger, message=message)

    def noted_as(self) -> dict[str, str]:
        """Return what they found."""
        return {"outcome": self.outcome}


def resending(case: Case, person: PersonId, evidence: str) -> SignedDecision:
    """Return the decision to send the message once more; no two of them are the same.

    Raises:
        LookupError: nobody was asked about a text.
    """
    asked, _ = case.message.asked_about
    return SignedDecision(
        case=case.id,
        request=f"{asked.id}:{case.message.sent_again + 1}",
        digest=asked.digest,
        person=person,
        decision="send again",
        evidence=evidence,
    )


def _request(case: Case, approval_id: str) -> Approval | None:
    return next((each for each in case.message.approvals if each.id == approval_id), None)


def _gone(case: Case) -> str | None:
    """Say why a text cannot be changed or stopped any more, or None when it can."""
    message, fate = case.message, case.ledger.get(CUSTOMERS)
    if not case.wants_message:
        return "The policy asks for no customer message after this incident."
    if message.posted_at is not None:
        return "The message is out already. Post a correction where it stands."
    if message.withdrawn_at is not None:
        return "The message was given up; nothing can change any more."
    if CUSTOMERS in case.under_way:
        return "The message is leaving at this moment. Look again in a minute."
    if fate is not None and fate.status is Status.UNKNOWN:
        return "Nobody knows whether the message left. Say first whether it arrived."
    return None
