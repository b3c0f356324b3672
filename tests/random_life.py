"""A life in which anybody does anything, tools say anything, and any vendor may be away.

What must hold whatever happens is checked after every step (domain.md §2.6).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain import lifecycle
from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.effects import OpenIssue
from domain.action_items.state import ActionItem
from domain.calendar.working_time import is_working, local
from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
)
from domain.customer_message.codes import ReportWrongCode
from domain.customer_message.effects import SendToCustomers
from domain.customer_message.notices import PostingWanted
from domain.customer_message.state import MessageText
from domain.decisions.acts import ConfirmActionItem, Decide, ItemAnswer, ItemDecision
from domain.decisions.state import Verdict
from domain.decisions.subject import ConfirmByDefault, DropUnconfirmed, DropUndecided
from domain.engine import agenda
from domain.engine.act import Act
from domain.engine.effect import Transition
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.engine.signal import told
from domain.engine.waiting import Waiting
from domain.incident import Role
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting, Waive
from domain.moments import posting_allowed_at
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.ownership.subject import PassOver
from domain.people import calendar_of
from domain.preparation.notices import PreRead
from domain.preparation.subject import RecordDocument
from tests.playing import OLIVER, RUI, Play, Trouble

SECRET = "Zwiebelkuchen"
"""Stands in every text that people write, so that it can be found where it must not be."""

ASKED_BY = {
    "ownership": "nomination",
    "appointment": "appointment",
    "deleted-meeting": "meeting-deleted",
    "book-by-hand": "book-by-hand",
    "document-by-hand": "document-by-hand",
    "meeting-outcome": "meeting-outcome",
    "missed-meeting": "missed-meeting",
    "decisions": "decisions",
    "confirmation": "confirmation",
    "unreachable-ticket": "unreachable-ticket",
    "ticket-by-hand": "ticket-by-hand",
    "item-done": "item-done",
    "delivery": "delivery",
    "message-draft": "message-draft",
    "approval": "approval",
    "posting": "posting",
}
"""The kind of notice that asks for what is waited for; a ticket asks by itself."""

EXCUSED = ("no decision taken", "not confirmed by the owning team")

AnAct = Act[Case]


@dataclass
class RandomLife(Play):
    """A play that looks at everything that leaves it."""

    deletions: int = 0
    ticketed: set[str] = field(default_factory=set)
    chased: set[tuple[str, object]] = field(default_factory=set)
    pre_read: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)
    left: set[tuple[str, str]] = field(default_factory=set)

    def _carry_out(self, effects: tuple[AnyEffect, ...]) -> None:
        before, waiting = self.case, self.waits()
        assert before.closed_at is None, f"after the end: {effects}"
        assert len({each.key for each in effects}) == len(effects)
        chased_now = {
            each.to for each in effects if isinstance(each, SendNotice) and self._chases(each)
        }
        for effect in effects:
            self._not_before_asking(before, effect, waiting)
        super()._carry_out(effects)
        self._remember_who_was_asked(effects)
        for at, effect in self.done[-len(effects) :]:
            if at == self.now and effect in effects:
                self._look_at(before, effect, waiting)
        for person in chased_now:
            self._may_be_chased(before, person)

    def _remember_who_was_asked(self, effects: tuple[AnyEffect, ...]) -> None:
        """Note which notices were handed over last, or cannot reach whom they are for."""
        for effect in effects:
            if isinstance(effect, SendNotice):
                tried = self.case.ledger[effect.key].status
                if tried in (Status.DONE, Status.REFUSED):
                    self.asked[effect.notice.kind, effect.to] = self.now

    def _not_before_asking(self, case: Case, effect: AnyEffect, waiting: list[Waiting]) -> None:
        """Nobody is passed over, reminded or escalated about before they were asked."""
        for each in waiting:
            about_it = _chases_it(effect, each) or _rests_on(effect, each)
            if about_it and each.what in ASKED_BY and not _knew_by_themselves(case, each):
                asked = self._asked(each)
                assert asked, f"{effect.key}: {each.person} was never asked"
                assert asked >= _wanted_since(case, each), f"{effect.key}: not asked again"

    def _asked(self, waiting: Waiting) -> datetime | None:
        """Return when somebody was asked last; who is asked how it went is asked to decide."""
        kinds = {ASKED_BY[waiting.what]}
        if waiting.what == "decisions":
            kinds.add(ASKED_BY["meeting-outcome"])
        found = (self.asked.get((kind, waiting.person)) for kind in kinds)
        return max(filter(None, found), default=None)

    def _chases(self, notice: SendNotice[Case]) -> bool:
        return bool(notice.chases) and self.trouble(notice, self.now) is None

    def _look_at(self, case: Case, effect: AnyEffect, waiting: list[Waiting]) -> None:
        assert SECRET not in effect.key
        assert SECRET not in "".join(effect.noted_as().values())
        match effect:
            case SendToCustomers():
                self._may_leave(case, effect.approved.digest)
            case SendNotice(notice=PostingWanted(approved=approved)):
                self._may_leave(case, approved.digest)
            case SendNotice(notice=PreRead()):
                assert (effect.to, effect.version) not in self.pre_read
                self.pre_read.add((effect.to, effect.version))
            case SendNotice() if effect.chases:
                assert effect.chases in {each.key for each in waiting}, f"{effect.key} is done"
            case OpenIssue():
                self._ticket(case, effect)
        if isinstance(effect, SendNotice):
            assert (effect.key, effect.version) not in self.left, f"{effect.key} left twice"
            self.left.add((effect.key, effect.version))

    def _may_leave(self, case: Case, digest: str) -> None:
        approval, allowed = case.message.approval, posting_allowed_at(case)
        assert case.meeting.held_at is not None
        assert case.items == tuple(item for item in case.items if item.settled)
        assert approval is not None
        assert approval.decision == "approved"
        assert approval.digest == digest
        assert allowed is not None
        assert allowed <= self.now

    def _ticket(self, case: Case, effect: OpenIssue) -> None:
        item = case.item(effect.item)
        assert effect.item not in self.ticketed
        self.ticketed.add(effect.item)
        assert item is not None
        assert item.accepted
        assert item.confirmation is not None
        assert item.priority in ("P0", "P1")

    def _may_be_chased(self, case: Case, person: str) -> None:
        calendar = calendar_of(case, person)
        day = local(self.now, calendar.changes).date()
        assert is_working(self.now, calendar), f"{person} is reminded outside working hours"
        assert (person, day) not in self.chased, f"{person} is reminded twice on {day}"
        self.chased.add((person, day))

    # --- steps ------------------------------------------------------------------------------

    def try_act(self, act: AnAct) -> None:
        """Do something if it is allowed; a repeat at once must change nothing."""
        if act.refusal(self.case, self.now) is not None:
            return
        assert act.by in act.allowed_for(self.case)
        self.case = act.done(self.case, self.now)
        if not isinstance(act, ReportWrongCode) and act.refusal(self.case, self.now) is None:
            assert act.done(self.case, self.now) == self.case, f"repeated: {act}"
        self.settle()
        self.check()

    def answer(self, waiting: Waiting, *, yes: bool) -> AnAct:
        """What the person waited for does about it."""
        return _ANSWERS[waiting.what](self, waiting, yes)

    def try_signal(self, name: str, args: tuple[object, ...]) -> None:
        self.case = told(self.case, lifecycle.signals(), name, args, self.now)
        self.settle()
        self.check()

    def pass_time(self, span: timedelta) -> None:
        self.until(self.now + span)
        self.check()

    # --- what always holds --------------------------------------------------------------------

    def check(self) -> None:
        assert Case.model_validate_json(self.case.model_dump_json()) == self.case
        assert not agenda.due(self.life, self.now)
        wake = agenda.wake_at(self.life, self.now)
        assert wake is None or wake > self.now
        assert len(self.events) <= 1 + self.deletions
        self._check_versions()
        self._check_people()
        self._check_verdicts()
        self._check_waits()
        self._check_words()

    def _check_versions(self) -> None:
        """Two versions of one thing at one time would replace each other for ever."""
        wanted: dict[str, str] = {}
        for entry in self.life.entries:
            too_late = entry.until is not None and entry.until <= max(self.now, entry.at)
            if not too_late and entry.effect.key != "event":
                version = wanted.setdefault(entry.effect.key, entry.effect.version)
                assert version == entry.effect.version, entry.effect.key

    def _check_people(self) -> None:
        case = self.case
        incident, chair = case.incident, case.meeting.facilitator
        if chair is None or incident is None:
            return
        involved = {
            each.person for each in incident.participants if each.role is not Role.FACILITATOR
        }
        assert chair not in {case.ownership.owner, *involved}

    def _check_verdicts(self) -> None:
        for item in self.case.items:
            decision = item.decision
            if decision is None or decision.verdict is Verdict.ACCEPTED:
                continue
            silent = decision.reason in EXCUSED
            assert decision.reason
            assert silent or decision.consequence or decision.verdict is Verdict.ALREADY_DONE
            assert item.issue is None

    def _check_waits(self) -> None:
        """Whoever is waited for may do what ends the wait."""
        for each in self.life.asked:
            if each.spec.answered_by:
                assert each.waiting.person in each.spec.answered_by[0].allowed_for(self.case)
            assert self.case.closed_at is None

    def _check_words(self) -> None:
        assert SECRET not in self.seen.model_dump_json()
        assert SECRET not in "".join(line.model_dump_json() for line in self.case.journal)
        numbers = [line.number for line in self.case.journal]
        assert numbers == list(range(1, len(numbers) + 1))


def _chases_it(effect: AnyEffect, waiting: Waiting) -> bool:
    return isinstance(effect, SendNotice) and effect.chases == waiting.key


def _rests_on(effect: AnyEffect, waiting: Waiting) -> bool:
    """Tell whether a step is taken because this person has not answered."""
    match effect:
        case PassOver():
            return waiting.what == "ownership"
        case DropUndecided():
            return waiting.what == "decisions"
        case ConfirmByDefault() | DropUnconfirmed():
            return waiting.what == "confirmation" and effect.item in waiting.items
    return False


def _knew_by_themselves(case: Case, waiting: Waiting) -> bool:
    """Who recorded the meeting had the page about its decisions before them."""
    return waiting.what == "decisions" and case.meeting.recorded_by == waiting.person


def _wanted_since(case: Case, waiting: Waiting) -> datetime:
    """Decisions are asked for as the meeting ends, by the notice that asks how it went."""
    ended = case.meeting.end if waiting.what == "decisions" else None
    return min(filter(None, (ended, waiting.since)))


def _verdict(item: ActionItem) -> ItemDecision:
    return ItemDecision(
        item=item.id,
        verdict=Verdict.ACCEPTED,
        decided_by=OLIVER,
        priority=item.priority if item.priority in ("P0", "P2") else "P1",
        team="edge-platform",
    )


def _confirm(_: RandomLife, waiting: Waiting, yes: bool) -> AnAct:  # noqa: FBT001
    kind: dict[str, object] = {"answer": "confirm" if yes else "decline"}
    said = {} if yes else {"reason": SECRET, "consequence": SECRET}
    answers = (ItemAnswer.model_validate({"item": i, **kind, **said}) for i in waiting.items)
    return ConfirmActionItem(by=waiting.person, answers=tuple(answers))


def _decide_message(play: RandomLife, waiting: Waiting, yes: bool) -> AnAct:  # noqa: FBT001
    approval = play.case.message.approval
    assert approval is not None
    return DecideExternalMessage(
        by=waiting.person,
        approval_id=waiting.request,
        digest=approval.digest,
        decision="approved" if yes else "changes",
        comment=SECRET,
        evidence="link and code",
        proof="it was seen",
    )


def _drafted(play: RandomLife, waiting: Waiting, _: bool) -> AnAct:  # noqa: FBT001
    parts = dict.fromkeys(MessageText.model_fields, f"{SECRET} {play.now}")
    return DraftExternalMessage(by=waiting.person, text=MessageText(**parts))


def _finished(_: RandomLife, waiting: Waiting, yes: bool) -> AnAct:  # noqa: FBT001
    outcome = "done" if yes else "won't do"
    told = {"by": waiting.person, "item": waiting.about, "outcome": outcome, "reason": SECRET}
    return RecordDone.model_validate(told)


URL = "https://elsewhere.example.com/1"

_ANSWERS: Mapping[str, Callable[[RandomLife, Waiting, bool], AnAct]] = {
    "ownership": lambda _, waiting, yes: (
        AcceptOwnership(by=waiting.person) if yes else DeclineOwnership(by=waiting.person)
    ),
    "appointment": lambda _, waiting, yes: AppointOwner(
        by=waiting.person, owner=RUI if yes else "nobody-we-know"
    ),
    "deleted-meeting": lambda play, waiting, _: MoveMeeting(
        by=waiting.person, start=play.now + timedelta(days=1), reason=SECRET
    ),
    "book-by-hand": lambda _, waiting, __: RecordBooking(by=waiting.person, reference=URL),
    "document-by-hand": lambda _, waiting, __: RecordDocument(by=waiting.person, reference=URL),
    "meeting-outcome": lambda _, waiting, yes: RecordMeeting(by=waiting.person, held=yes),
    "decisions": lambda play, waiting, _: Decide(
        by=waiting.person, decisions=tuple(map(_verdict, play.case.items))
    ),
    "confirmation": _confirm,
    "action-item": _finished,
    "unreachable-ticket": _finished,
    "ticket-by-hand": lambda _, waiting, __: RecordTicket(
        by=waiting.person, item=waiting.about, reference=URL
    ),
    "item-done": _finished,
    "delivery": lambda _, waiting, yes: SettleDelivery(
        by=waiting.person,
        outcome="arrived" if yes else "send again",
        evidence="link and code",
        proof="it was seen",
    ),
    "message-draft": _drafted,
    "approval": _decide_message,
    "missed-meeting": lambda play, waiting, yes: (
        RecordMeeting(by=waiting.person, held=yes)
        if play.case.meeting.start
        else Waive(by=waiting.person, reason=SECRET)
    ),
    "mending": lambda _, waiting, __: Retry(by=waiting.person),
    "posting": lambda _, waiting, __: MarkPosted(by=waiting.person, url=URL),
}


def troubled(away: dict[str, tuple[Status, datetime]]) -> Trouble:
    """Trouble that a test may change while it plays: a status and until when it lasts.

    It is told per kind of effect, or of notice.
    """

    def trouble(effect: AnyEffect, now: datetime) -> Status | None:
        kind = effect.notice.kind if isinstance(effect, SendNotice) else ""
        found = away.get(type(effect).__name__) or away.get(kind)
        if found is None or now >= found[1] or isinstance(effect, Transition):
            return None
        return found[0]

    return trouble
