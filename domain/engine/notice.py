"""Notices: what somebody is to be told, as facts; the words come from `wording/` when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal

from pydantic import AwareDatetime, SerializeAsAny

from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.ledger import C
from domain.engine.value import PersonId, Value


class Link(Value):
    """Where a notice leads; the mail's activity signs it for its reader.

    `subject` names the request that a review or stop link is about; `url` the document's address.
    """

    leads_to: Literal["steps", "approval", "withdraw", "document"] = "steps"
    subject: str = ""
    url: str = ""


class Notice(Value):
    """The facts of one message; `wording/notices/<kind>.md` says it in words.

    `code_for` names a request whose code is printed in this mail, and nowhere else. One that is
    `aside` comes after the others of its moment.
    """

    kind: ClassVar[str]
    aside: ClassVar[bool] = False

    link: Link | None = Link()
    code_for: str = ""


class SendNotice(Effect[C, None], Generic[C]):
    """Send one person, or one list, one notice.

    `chases` is the key of the wait that it is about, where it reminds or escalates: of those
    nobody gets more than one on a business day.
    """

    activity: ClassVar[str] = "send_notices"
    summary: ClassVar[str] = "send mail"
    together: ClassVar[bool] = True
    noteworthy: ClassVar[bool] = True

    to: PersonId
    notice: SerializeAsAny[Notice]
    chases: str = ""

    @classmethod
    def requested_together(cls, case: C, effects: Sequence[Any], now: datetime) -> "Mailing":
        """Return the notices of a moment with each one's facts written down once."""
        notices: list[Notice] = []
        for each in effects:
            if each.notice not in notices:
                notices.append(each.notice)
        envelopes = tuple(
            Envelope(
                key=each.key, version=each.version, to=each.to, notice=notices.index(each.notice)
            )
            for each in effects
        )
        written = tuple(Written.of(each) for each in notices)
        return Mailing(case=case.id, at=now, notices=written, envelopes=envelopes)

    def learned(self, case: C, answer: None, now: datetime) -> C:
        """Remember who was chased today."""
        return case.replace(reminded={**case.reminded, self.to: now}) if self.chases else case

    def noted_as(self) -> dict[str, str]:
        """Return which notice it was."""
        return {"notice": self.notice.kind}

    def reached(self) -> tuple[str, ...]:
        """Return who got it."""
        return (self.to,)


class Written(Value):
    """A notice on its way to the activity: its kind and its facts."""

    kind: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, notice: Notice) -> "Written":
        """Return a notice as it travels."""
        return cls(kind=notice.kind, facts=notice.model_dump(mode="json"))


class Envelope(Value):
    """Who gets which notice; notices are shared, since many people get the same one."""

    key: str
    version: str
    to: PersonId
    notice: int


class Mailing(Value):
    """All notices of one moment."""

    case: str
    at: AwareDatetime
    notices: tuple[Written, ...]
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """The notice that asks somebody, before it has a time: what it is about, and its version."""

    notice: Notice
    about: str = ""
    version: str = ""


def notice_key(kind: str, to: PersonId, about: str = "") -> str:
    """Return the key of one kind of notice to one person about one thing."""
    return ":".join(filter(None, ("notice", kind, about, to)))


def sending(
    notice: Notice, to: PersonId, at: datetime, *, about: str = "", version: str = ""
) -> Entry:
    """Return the entry that sends one person one notice, once per version."""
    effect: SendNotice[Any] = SendNotice(
        key=notice_key(notice.kind, to, about),
        version=version or at.isoformat(),
        to=to,
        notice=notice,
    )
    return Entry(at=at, effect=effect)
