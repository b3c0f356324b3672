"""Whatever people, tools and vendors do, in whatever order: what must hold holds."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain import lifecycle
from domain.action_items.acts import RecordDone, RecordTicket
from domain.action_items.ticket import IssueState
from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode
from domain.customer_message.state import MessageText
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.act import OPERATIONS, Act
from domain.engine.ledger import Status
from domain.incident import Severity
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting, Waive
from domain.meeting.event import Response
from domain.operations.subject import Retry
from domain.ownership.acts import AcceptOwnership, AppointOwner, DeclineOwnership
from domain.policy import Connected
from domain.preparation.document import ActionRow
from domain.preparation.subject import RecordDocument
from domain.steering.acts import Cancel, Extend, PutOnHold, Resume, SnoozeReminders
from tests.playing import (
    AMARA,
    BEATRIZ,
    INES,
    JOANA,
    OLIVER,
    POLICY,
    PRIYA,
    RUI,
    an_incident,
)
from tests.random_life import ASKED_BY, SECRET, RandomLife, troubled
from tests.scenes import LEVEL_0, ROWS, mailing
from tests.silence import silent, stuck

HANNAH = "hannah-lindqvist"

people = st.sampled_from(
    (AMARA, RUI, INES, OLIVER, PRIYA, JOANA, BEATRIZ, HANNAH, OPERATIONS, "nobody-we-know")
)
item_ids = st.sampled_from(("AI-1", "AI-2", "AI-3", "AI-9"))
words = st.sampled_from(("", f"{SECRET} one", f"{SECRET}  ONE", f"{SECRET} two", f"{SECRET} é"))
teams = st.sampled_from(("edge-firewall", "edge-platform", "", "unheard-of"))
limits = st.sampled_from(("meeting", "report"))
priorities = st.sampled_from(("P0", "P1", "P2", "", "soon"))
spans = st.sampled_from(
    [timedelta(minutes=m) for m in (0, 1, 10, 45, 150)]
    + [timedelta(hours=h) for h in (5, 17, 24, 25)]
    + [timedelta(days=d) for d in (2, 4, 9, 30)]
)
instants = st.datetimes(timezones=st.just(UTC)) | st.builds(
    lambda hours: datetime(2027, 3, 23, 9, tzinfo=UTC) + timedelta(hours=hours),
    st.integers(0, 300),
)
rows = st.builds(
    ActionRow,
    id=st.sampled_from(("", "", "AI-1", "AI-2", "AI-7", "x")),
    text=words,
    priority=priorities,
    team=teams,
)
texts = st.builds(
    MessageText,
    subject=words,
    summary=words,
    what_happened=st.just(SECRET),
    what_we_do=st.just(SECRET),
)
dates = st.dates() | st.just(date(2027, 3, 1))
verdicts = st.builds(
    ItemDecision,
    item=item_ids,
    verdict=st.sampled_from(Verdict),
    decided_by=people,
    reason=words,
    consequence=words,
    revisit=st.none() | dates,
    priority=priorities,
    team=teams,
)
answers = st.builds(
    ItemAnswer,
    item=item_ids,
    answer=st.sampled_from(("confirm", "confirm", "defer", "decline")),
    reason=words,
    consequence=words,
    revisit=st.none() | dates,
)
some_approval = {"approval_id": words, "digest": words}
acts: st.SearchStrategy[Act[Case]] = st.one_of(
    st.builds(AcceptOwnership, by=people),
    st.builds(DeclineOwnership, by=people, reason=words),
    st.builds(AppointOwner, by=people, owner=people),
    st.builds(ProposeActionItems, by=people, items=st.lists(rows, max_size=3).map(tuple)),
    st.builds(MoveMeeting, by=people, start=instants, reason=words),
    st.builds(RecordMeeting, by=people, held=st.booleans(), note=words),
    st.builds(Waive, by=people, reason=words),
    st.builds(Decide, by=people, decisions=st.lists(verdicts, max_size=3).map(tuple)),
    st.builds(ConfirmActionItem, by=people, answers=st.lists(answers, max_size=3).map(tuple)),
    st.builds(DraftExternalMessage, by=people, text=texts),
    st.builds(
        DecideExternalMessage,
        by=people,
        decision=st.sampled_from(("approved", "changes")),
        comment=words,
        **some_approval,
    ),
    st.builds(ReportWrongCode, by=people, approval_id=words),
    st.builds(WithdrawMessage, by=people, reason=words, for_good=st.booleans()),
    st.builds(MarkPosted, by=people, url=words | st.just("https://status.example.com/1")),
    st.builds(
        SettleDelivery,
        by=people,
        evidence=words,
        proof=words,
        outcome=st.sampled_from(("arrived", "send again")),
    ),
    st.builds(RecordBooking, by=people, reference=words),
    st.builds(RecordDocument, by=people, reference=words),
    st.builds(RecordTicket, by=people, item=item_ids, reference=words),
    st.builds(
        RecordDone,
        by=people,
        item=item_ids,
        outcome=st.sampled_from(("done", "won't do")),
        reason=words,
    ),
    st.builds(PutOnHold, by=people, reason=words, until=instants),
    st.builds(Resume, by=people, reason=words),
    st.builds(Extend, by=people, reason=words, until=instants, what=limits),
    st.builds(SnoozeReminders, by=people, reason=words, until=instants),
    st.builds(Cancel, by=people, reason=words),
    st.builds(Retry, by=people, effect=st.sampled_from(("", "", "event", "customers", "x"))),
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
EFFECTS = [each.__name__ for each in lifecycle.effects()]
kinds = st.sampled_from(EFFECTS)
asking = st.sampled_from(sorted(ASKED_BY.values()))


class Lives(RuleBasedStateMachine):
    """Random people, tools and vendors around one case."""

    def __init__(self) -> None:
        super().__init__()
        self.away: dict[str, tuple[Status, datetime]] = {}

    @initialize(
        severity=st.sampled_from((Severity.SEV1, Severity.SEV1, Severity.SEV2)),
        by_hand=st.sampled_from((False, False, False, True)),
        mails=st.booleans(),
        owned=st.sampled_from((True, True, False)),
        hour=st.integers(0, 23 * 7),
        broken=st.none() | kinds,
    )
    def begin(  # noqa: PLR0913 - a case may begin in as many ways
        self,
        severity: Severity,
        hour: int,
        broken: str | None,
        *,
        by_hand: bool,
        mails: bool,
        owned: bool,
    ) -> None:
        resolved = datetime(2027, 3, 22, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
        incident = an_incident(resolved, severity).replace(summary=SECRET)
        if broken is not None:
            self.away[broken] = (Status.UNAVAILABLE, resolved + timedelta(days=1))
        options: dict[str, Any] = {"connected": LEVEL_0} if by_hand else {}
        policy = mailing() if mails else POLICY
        self.play = RandomLife(
            incident=incident, policy=policy, trouble=troubled(self.away), **options
        )
        self.frozen = self.play.case.rules
        if owned:
            self.play.try_act(AcceptOwnership(by=AMARA))

    @rule(act=acts)
    def somebody_does_something(self, act: Act[Case]) -> None:
        self.play.try_act(act)

    @rule(number=st.integers(0, 8), yes=st.sampled_from((True, True, True, False)))
    def somebody_does_what_is_asked(self, number: int, *, yes: bool) -> None:
        asked = self.play.waits()
        if asked:
            waiting = asked[number % len(asked)]
            self.play.pass_time(max(waiting.since - self.play.now, timedelta()))
            self.play.try_act(self.play.answer(waiting, yes=yes))

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.play.pass_time(span)

    @rule(typed=st.lists(rows, max_size=4))
    def people_write_in_the_document(self, typed: list[ActionRow]) -> None:
        self.play.rows = (*self.play.rows[len(typed) // 2 :], *typed)

    @rule(start=instants, hours=st.integers(-2, 30))
    def people_move_the_event(self, start: datetime, hours: int) -> None:
        if self.play.events and start.year < 9000:
            self.play.move_event(start, start + timedelta(hours=hours))

    @precondition(lambda self: self.play.events)
    @rule()
    def people_delete_the_event(self) -> None:
        self.play.delete_event()
        self.play.deletions += 1

    @rule(person=people, answer=st.sampled_from(Response))
    def people_answer_the_invitation(self, person: str, answer: Response) -> None:
        self.play.responses = {**self.play.responses, person: answer}

    @rule(state=st.sampled_from(IssueState), due=st.none() | dates, touched=st.none() | instants)
    def people_work_in_the_tracker(
        self, state: IssueState, due: date | None, touched: datetime | None
    ) -> None:
        for key, issue in list(self.play.issues.items())[:2]:
            now = issue.replace(state=state, due=due, touched_at=touched)
            self.play.issues[key] = now
            self.play.try_signal("ticket_changed", (now.model_dump(mode="json"),))

    @rule(
        name=st.sampled_from(("incident_resolved", "ticket_changed", "meeting_changed", "hello")),
        args=st.lists(json, max_size=2).map(tuple),
    )
    def tools_say_anything(self, name: str, args: tuple[object, ...]) -> None:
        self.play.try_signal(name, args)

    @precondition(lambda self: self.play.case.closed_at is None)
    @rule()
    def tools_repeat_themselves(self) -> None:
        before = self.play.case
        self.play.try_signal("incident_resolved", (self.play.incident.model_dump(mode="json"),))
        assert self.play.case.incident == before.incident

    @rule(
        kind=kinds | asking,
        status=st.sampled_from((Status.UNAVAILABLE, Status.UNAVAILABLE, Status.REFUSED)),
        span=spans,
    )
    def a_vendor_fails(self, kind: str, status: Status, span: timedelta) -> None:
        customers = kind == "SendToCustomers" and status is Status.REFUSED
        self.away[kind] = (Status.UNKNOWN if customers else status, self.play.now + span)

    @precondition(lambda self: self.away or self.play.case.anomalies)
    @rule()
    def operations_mend_everything(self) -> None:
        self.away.clear()
        self.play.try_act(Retry(by=OPERATIONS))

    def teardown(self) -> None:
        if hasattr(self, "play") and self.frozen is not None:
            assert self.play.case.rules == self.frozen
        if hasattr(self, "play") and self.play.case.is_set_up:
            self.away.clear()
            assert stuck(silent(self.play)) == []


@pytest.mark.parametrize("seed", [*range(7), 27])
def test_months_of_people_who_are_late_and_vendors_that_fail(seed: int) -> None:
    dice = Random(seed)
    away: dict[str, tuple[Status, datetime]] = {}
    resolved = datetime(2027, 3, 22, tzinfo=UTC) + timedelta(hours=dice.randrange(24 * 7))
    play = RandomLife(
        incident=an_incident(resolved),
        policy=mailing() if seed % 3 == 0 else POLICY,
        trouble=troubled(away),
        rows=ROWS,
        connected=LEVEL_0 if seed % 7 == 3 else Connected(),
    )

    for _ in range(90):
        asked = [each for each in play.waits() if each.since <= play.now]
        match dice.randrange(10):
            case 0 | 1 | 2 if asked:
                play.try_act(play.answer(dice.choice(asked), yes=dice.random() < 0.8))
            case 3:
                status = dice.choice((Status.UNAVAILABLE, Status.UNAVAILABLE, Status.REFUSED))
                until = play.now + timedelta(hours=dice.randrange(1, 40))
                away[dice.choice(EFFECTS)] = (status, until)
            case 4:
                play.try_act(Retry(by=OPERATIONS))
            case 5:
                play.rows = (*play.rows, ActionRow(text=f"{SECRET} {dice.randrange(9)}"))
            case _:
                play.pass_time(timedelta(hours=dice.choice((1, 3, 9, 20, 24, 50))))

    assert play.mails


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
