"""Codes that stand only in mails: what needs one, wrong ones that end in a lock, and a new one."""

from datetime import datetime
from typing import ClassVar

from domain.case import Case
from domain.customer_message.state import CodeWish
from domain.engine.act import OPERATIONS, Act
from domain.engine.value import PersonId
from domain.people import commander, leaders, owner_and_commander, speakers

LOCKED = (
    "Too many wrong codes were typed in your name, so yours are locked. "
    "The owner or the incident commander can unlock them."
)


def locked(case: Case, person: PersonId) -> bool:
    """Tell whether somebody's codes count no more, until another person unlocks them."""
    return person in case.message.locked


def unlockers(case: Case) -> tuple[PersonId, ...]:
    """Return who unlocks codes, the first one first; nobody unlocks their own."""
    able = (case.ownership.owner, commander(case), *leaders(case))
    return tuple(dict.fromkeys(filter(None, able)))


class Coded(Act[Case]):
    """An act that reaches outside, or voids what others decided: it needs the code from a mail."""

    @classmethod
    def code_for(cls, case: Case) -> str:
        """Return the request that counts."""
        return case.message.approval.id if case.message.approval else ""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse whose codes are locked; else say what is wrong."""
        if self.code_for(case) and locked(case, self.by):
            return LOCKED
        return super().refusal(case, now)


def _counts(case: Case) -> bool:
    """Tell whether a request counts, so that its code does something."""
    return case.message.approval is not None and not case.message.finished


def _with_codes(case: Case) -> frozenset[PersonId]:
    return owner_and_commander(case) | speakers(case)


class ReportWrongCode(Act[Case]):
    """The web part saw a wrong code.

    Too many of them end an open request, and a new one is sent; after some requests that ended
    so the codes of this person are locked.
    """

    name: ClassVar[str] = "report_wrong_code"

    approval_id: str

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Whoever may have a code."""
        return _with_codes(case)

    @classmethod
    def offered(cls, case: Case) -> bool:
        """Wherever a code can be typed."""
        return _counts(case)

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a request that does not count, and who is locked already."""
        asked = case.message.approval
        if asked is None or asked.id != self.approval_id or case.message.finished:
            return "This request is not open."
        return LOCKED if locked(case, self.by) else None

    def applied(self, case: Case, now: datetime) -> Case:
        """Count it, replace the request when its allowance is used up, and lock in the end."""
        rules, message = case.binding.message, case.message
        asked, _ = message.asked_about
        count = message.wrong_codes.get(self.by, 0) + 1
        message = message.replace(wrong_codes={**message.wrong_codes, self.by: count})
        if asked.decision is None and asked.liaison == self.by:
            message = message.with_newest(
                lambda newest: newest.replace(wrong_codes=newest.wrong_codes + 1)
            )
            if asked.wrong_codes + 1 >= rules.wrong_codes_allowed:
                message = message.superseded(now)
        if count >= rules.wrong_codes_allowed * rules.code_requests_allowed:
            message = message.replace(locked={**message.locked, self.by: now})
        return case.replace(message=message)


class UnlockCodes(Act[Case]):
    """Somebody who knows what happened lets others' codes count again; never their own."""

    name: ClassVar[str] = "unlock_codes"

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, the commander, and who leads a team that was hit."""
        return frozenset((*unlockers(case), OPERATIONS))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While anybody is locked."""
        return bool(case.message.locked)

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner and the incident commander unlock codes. Ask one of them."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse where nobody else is locked."""
        if case.message.locked.keys() - {self.by}:
            return None
        own = "Somebody else has to unlock your codes." if locked(case, self.by) else ""
        return own or "Nobody's codes are locked. Nothing to do."

    def applied(self, case: Case, now: datetime) -> Case:
        """Begin to count anew for everybody else."""
        freed = case.message.locked.keys() - {self.by}
        kept = {p: at for p, at in case.message.locked.items() if p not in freed}
        counts = {p: count for p, count in case.message.wrong_codes.items() if p not in freed}
        return case.replace(message=case.message.replace(locked=kept, wrong_codes=counts))


class SendCode(Act[Case]):
    """Somebody who may do more about the message has no mail with a code, and wants one."""

    name: ClassVar[str] = "send_code"

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Whoever may need a code."""
        return _with_codes(case)

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While a request counts, and the message has not ended."""
        return _counts(case)

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse where there is none, and a second mail about the same request."""
        if not self.offered(case):
            return "Nobody is asked about a customer message, so there is no code."
        wish, asked = case.message.codes_wanted.get(self.by), case.message.asked_about[0]
        if wish is not None and wish.request == asked.id:
            return "Your code was sent already. Look for the mail about this incident."
        return LOCKED if locked(case, self.by) else None

    def applied(self, case: Case, now: datetime) -> Case:
        """Note who wants it, and since when."""
        wish = CodeWish(request=case.message.asked_about[0].id, at=now)
        wanted = {**case.message.codes_wanted, self.by: wish}
        return case.replace(message=case.message.replace(codes_wanted=wanted))
