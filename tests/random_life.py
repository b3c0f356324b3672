"""A life in which anybody does anything, tools say anything, and any vendor may be away.

What must hold whatever happens is checked after every step (domain.md §2.6).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.acts import CompleteStep
from domain.summary import details

from domain.action_items.effects import OpenIssue
from domain.action_items.state import ActionItem
from domain.calendar.working_time import is_working, local
from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    ReportWrongCode,
)
from domain.customer_message.effects import SendToCustomers
from domain.customer_message.state import MessageText
from domain.decisions.acts import ConfirmActionItem, Decide, ItemAnswer, ItemDecision
from domain.decisions.state import Verdict
from domain.engine import agenda
from domain.engine.act import Act
from domain.engine.agenda import wake_at
from domain.engine.effect import Effect
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.engine.signal import told
from domain.engine.waiting import Waiting
from domain.incident import Role
from domain.lifecycle import life, waits
from domain.meeting.acts import RecordMeeting
from domain.moments import posting_allowed_at
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.people import calendar_of
from domain.policy import Wait
from domain.views.summary import summary
from tests.playing import INES, RUI, Play, Trouble

SECRET = "Zwiebelkuchen"
"""Stands in every text that people write, so that it can be found where it must not be."""

ASKED_BY = {
    Wait.OWNERSHIP: "nomination",
    Wait.APPOINTMENT: "appointment",
    Wait.MEETING_OUTCOME: "meeting-outcome",
    Wait.DECISIONS: "meeting-outcome",
    Wait.CONFIRMATION: "confirmation",
    Wait.MESSAGE_DRAFT: "message-draft",
    Wait.APPROVAL: "approval",
    Wait.POSTING: "posting",
    Wait.DELIVERY: "delivery",
    Wait.STEP: "step",
}
"""The kind of mail that asks for what is waited for; a ticket asks by itself."""

BY_DEFAULT = {
    "pass over": Wait.OWNERSHIP,
    "drop undecided": Wait.DECISIONS,
    "confirm by default": Wait.CONFIRMATION,
    "drop unconfirmed": Wait.CONFIRMATION,
}
"""What a case does by itself, and for what it waited in vain."""

EXCUSED = ("no decision taken", "not confirmed by the owning team")


@dataclass
class RandomLife(Play):
    """A play that looks at everything that leaves it."""

    deletions: int = 0
    ticketed: set[str] = field(default_factory=set)
    nagged: set[tuple[str, object]] = field(default_factory=set)
    pre_read: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        before = self.case
        assert before.closed_at is None, f"after the end: {effects}"
        assert len({each.key for each in effects}) == len(effects)
        nagged_now = {
            each.to for each in effects if isinstance(each, SendNotice) and self._sends(each)
        }
        for effect in effects:
            self._not_before_asking(before, effect)
        super()._carry_out(effects)
        self._remember_who_was_asked(effects)
        for at, effect in self.done[-len(effects) :]:
            if at == self.now and effect in effects:
                self._look_at(before, effect)
        for person in nagged_now:
            self._nagged(before, person)

    def _remember_who_was_asked(self, effects: tuple[Effect, ...]) -> None:
        """Note which letters were handed over last, or cannot reach whom they are for."""
        for effect in effects:
            tried = isinstance(effect, SendNotice) and self.case.ledger[effect.key].status
            if isinstance(effect, SendNotice) and tried in (Status.DONE, Status.REFUSED):
                self.asked[effect.letter.kind, effect.to] = self.now

    def _not_before_asking(self, case: Case, effect: Effect) -> None:
        """Nobody is passed over, reminded or escalated about before they were asked."""
        nags = isinstance(effect, SendNotice) and effect.nags
        if isinstance(effect, Turn) and effect.what in BY_DEFAULT:
            found = [each for each in waits(case) if _rests_on(effect, each)]
        else:
            found = [each for each in waits(case) if nags and f":{each.key}:" in effect.key]
        for each in found:
            if each.what in ASKED_BY and not _knew_by_themselves(case, each):
                asked = self.asked.get((ASKED_BY[each.what], each.person))
                assert asked, f"{effect.key}: {each.person} was never asked"
                assert asked >= _wanted_since(case, each), f"{effect.key}: not asked again"

    def _sends(self, notice: SendNotice) -> bool:
        return notice.nags and self.trouble(notice, self.now) is None

    def _look_at(self, case: Case, effect: Effect) -> None:
        assert SECRET not in effect.about
        assert SECRET not in effect.key
        match effect:
            case SendToCustomers():
                self._may_leave(case, effect.digest)
            case SendNotice() if effect.letter.kind == "posting":
                assert case.message.text is not None
                self._may_leave(case, case.message.text.digest)
            case SendNotice() if effect.letter.kind == "pre-read":
                assert (effect.to, effect.version) not in self.pre_read
                self.pre_read.add((effect.to, effect.version))
            case SendNotice() if effect.nags:
                kinds = {each.what.value for each in waits(case)}
                assert effect.about.split(": ")[1] in kinds, f"{effect.about} is done"
            case OpenIssue():
                self._ticket(case, effect)

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

    def _nagged(self, case: Case, person: str) -> None:
        calendar = calendar_of(case, person)
        day = local(self.now, calendar.changes).date()
        assert is_working(self.now, calendar), f"{person} is reminded outside working hours"
        assert (person, day) not in self.nagged, f"{person} is reminded twice on {day}"
        self.nagged.add((person, day))

    # --- steps ------------------------------------------------------------------------------

    def try_act(self, act: Act) -> None:
        """Do something if it is allowed; a repeat at once must change nothing."""
        if act.refusal(self.case, self.now) is not None:
            return
        self.case = act.applied(self.case, self.now)
        if not isinstance(act, ReportWrongCode) and act.refusal(self.case, self.now) is None:
            assert act.applied(self.case, self.now) == self.case, f"repeated: {act}"
        self.settle()
        self.check()

    def answer(self, waiting: Waiting, *, yes: bool) -> Act:
        """What the person waited for does about it."""
        case, by = self.case, waiting.person
        approval = case.message.approval
        match waiting.what:
            case Wait.OWNERSHIP:
                return AcceptOwnership(by=by) if yes else DeclineOwnership(by=by)
            case Wait.APPOINTMENT:
                return AppointOwner(by=by, owner=RUI)
            case Wait.MEETING_OUTCOME:
                return RecordMeeting(by=by, held=yes)
            case Wait.DECISIONS:
                return Decide(by=by, decisions=tuple(map(_verdict, case.items)))
            case Wait.CONFIRMATION:
                ids = waiting.about.split()
                answers = (ItemAnswer(item=item, answer="confirm") for item in ids)
                return ConfirmActionItem(by=by, answers=tuple(answers))
            case Wait.MESSAGE_DRAFT:
                parts = dict.fromkeys(MessageText.model_fields, f"{SECRET} {self.now}")
                return DraftExternalMessage(by=by, text=MessageText(**parts))
            case Wait.APPROVAL if approval is not None:
                return DecideExternalMessage(
                    by=by,
                    approval_id=approval.id,
                    digest=approval.digest,
                    decision="approved" if yes else "changes",
                    comment=SECRET,
                )
            case Wait.POSTING:
                return MarkPosted(by=by, url="https://status.example.com/1")
            case _:
                return CompleteStep(by=by, step=waiting.about, reference="https://elsewhere/1")

    def try_signal(self, name: str, args: tuple[object, ...]) -> None:
        self.case = told(self.case, name, args, self.now)
        self.settle()
        self.check()

    def pass_time(self, span: timedelta) -> None:
        self.until(self.now + span)
        self.check()

    # --- what always holds --------------------------------------------------------------------

    def check(self) -> None:
        assert Case.model_validate_json(self.case.model_dump_json()) == self.case
        assert not agenda.due(self.case, self.now)
        wake = wake_at(self.case, self.now)
        assert wake is None or wake > self.now
        assert len(self.events) <= 1 + self.deletions
        self._check_versions()
        self._check_people()
        self._check_verdicts()
        self._check_words()

    def _check_versions(self) -> None:
        """Two versions of one thing at one time would replace each other for ever."""
        wanted: dict[str, str] = {}
        for entry in life(self.case):
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

    def _check_words(self) -> None:
        assert SECRET not in summary(self.case, self.now).model_dump_json()
        assert SECRET not in details(self.case, self.now)


def _rests_on(turn: Turn, waiting: Waiting) -> bool:
    """Tell whether a step is taken because this person has not answered."""
    about_it = not waiting.about or turn.subject in waiting.about.split()
    return waiting.what is BY_DEFAULT[turn.what] and about_it


def _knew_by_themselves(case: Case, waiting: Waiting) -> bool:
    """Who recorded the meeting had the page about its decisions before them."""
    return waiting.what is Wait.DECISIONS and case.meeting.recorded_by == waiting.person


def _wanted_since(case: Case, waiting: Waiting) -> datetime:
    """Decisions are asked for as the meeting ends, by the letter that asks how it went."""
    ended = case.meeting.end if waiting.what is Wait.DECISIONS else None
    return min(filter(None, (ended, waiting.since)))


def _verdict(item: ActionItem) -> ItemDecision:
    return ItemDecision(
        item=item.id,
        verdict=Verdict.ACCEPTED,
        decided_by=INES,
        priority=item.priority if item.priority in ("P0", "P2") else "P1",
        team="edge-platform",
    )


def troubled(away: dict[str, tuple[Status, datetime]]) -> Trouble:
    """Trouble that a test may change while it plays: a status and until when it lasts.

    It is told per kind of effect, or of letter.
    """

    def trouble(effect: Effect, now: datetime) -> Status | None:
        letter = effect.letter.kind if isinstance(effect, SendNotice) else ""
        found = away.get(type(effect).__name__) or away.get(letter)
        if found is None or now >= found[1] or isinstance(effect, Turn):
            return None
        return found[0]

    return trouble
