"""Acts about the customer message: draft, approve, stop, post."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.action_items.items import all_settled
from domain.acts.act import Act
from domain.case import Approval, Case, MessageText, Status
from domain.customer_message import posting_allowed_at, replaced, superseded, with_newest

Comment = Annotated[str, Field(max_length=2000)]


class DraftExternalMessage(Act):
    """The owner writes or changes the text; a changed text voids every approval."""

    text: MessageText

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse when there is to be no message, when it is out, and when a part is empty."""
        if gone := _gone(case):
            return gone
        missing = [name.replace("_", " ") for name, part in self.text if not part.strip()]
        return f"The message needs all its parts: {', '.join(missing)}." if missing else None

    def applied(self, case: Case, now: datetime) -> Case:
        """Keep the text as the next version; the very same text changes nothing."""
        message = case.message
        if message.text == self.text and not _wants_changes(message.approval):
            return case
        message = superseded(message, now)
        drafted = message.replace(
            text=self.text, version=message.version + 1, drafted_by=self.by, drafted_at=now
        )
        return case.replace(message=drafted)


def _wants_changes(approval: Approval | None) -> bool:
    return approval is not None and approval.decision == "changes"


class DecideExternalMessage(Act):
    """The liaison approves one exact text, or asks for a change with a comment."""

    approval_id: str
    digest: str
    decision: Literal["approved", "changes"]
    comment: Comment = ""
    evidence: str = "link and code"

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a link that was replaced, another text, another decision, a silent no."""
        asked = _request(case, self.approval_id)
        if asked is None or asked.liaison != self.by:
            return "This link belongs to no open request. Use the newest mail."
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
        decided = {
            "decision": self.decision,
            "comment": self.comment,
            "decided_at": now,
            "evidence": self.evidence,
        }
        return case.replace(message=with_newest(case.message, **decided))


class ReportWrongCode(Act):
    """The web part saw a wrong code; too many of them end the request, a new one is sent."""

    approval_id: str

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a request that is not open."""
        asked = case.message.approval
        if asked is None or asked.id != self.approval_id or asked.decision is not None:
            return "This request is not open."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Count it, and replace the request when the allowance is used up."""
        asked = case.message.approval
        count = asked.wrong_codes + 1 if asked else 0
        message = with_newest(case.message, wrong_codes=count)
        if case.rules is not None and count >= case.rules.message.wrong_codes_allowed:
            message = superseded(message, now)
        return case.replace(message=message)


class WithdrawMessage(Act):
    """Stop an approved message before it leaves, or give it up for good."""

    reason: Comment
    for_good: bool = False

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
        if self.for_good:
            gone = case.message.replace(withdrawn_at=now, withdrawn_reason=self.reason)
            return case.replace(message=gone)
        return case.replace(message=replaced(case.message, self.reason, now))


class MarkPosted(Act):
    """The liaison says where the approved message now stands."""

    url: Annotated[str, Field(max_length=500)]

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse before approval and hold-back are over, and an address that is none."""
        if case.message.posted_at is not None and case.message.posted_url == self.url:
            return None
        allowed = posting_allowed_at(case)
        if case.message.finished or allowed is None:
            return "There is no approved message waiting to be posted."
        if not all_settled(case):
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


def _request(case: Case, approval_id: str) -> Approval | None:
    return next((each for each in case.message.approvals if each.id == approval_id), None)


def _gone(case: Case) -> str | None:
    """Say why a text cannot be changed or stopped any more, or None when it can."""
    message, fate = case.message, case.ledger.get("customers")
    if case.rules is None or not case.rules.severity.external_message:
        return "The policy asks for no customer message after this incident."
    if message.posted_at is not None:
        return "The message is out already. Post a correction where it stands."
    if message.withdrawn_at is not None:
        return "The message was given up; nothing can change any more."
    if "customers" in case.under_way:
        return "The message is leaving at this moment. Look again in a minute."
    if fate is not None and fate.status is Status.UNKNOWN:
        return "Nobody knows whether the message left. Say first whether it arrived."
    return None
