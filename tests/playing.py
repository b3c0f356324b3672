"""A case played against the clock without a server: the core alone, its outside pretended.

The pretended world does what it is asked and remembers it; it holds no rule of ours.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel

from domain import lifecycle
from domain.action_items.effects import Issues, OpenIssue, ReadIssues
from domain.action_items.state import ActionItem
from domain.action_items.ticket import IssueState, ObservedIssue
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.case import Case
from domain.engine import agenda
from domain.engine.act import Act
from domain.engine.agenda import Life
from domain.engine.editions import NEWEST
from domain.engine.effect import Transition, noted, taken
from domain.engine.entry import AnyEffect
from domain.engine.ledger import Report, Status
from domain.engine.notice import Notice, SendNotice
from domain.engine.signal import told
from domain.engine.subject import Attention
from domain.engine.waiting import Waiting
from domain.incident import Incident, Severity
from domain.intake.effects import RecordDirectory, ResolveRules
from domain.intake.people_of_case import of_case
from domain.meeting.effects import Busy, CallOffEvent, PutEvent, ReadBusy, ReadEvent
from domain.meeting.event import EventFacts, ObservedEvent, Response
from domain.policy import Connected, Policy
from domain.preparation.document import ActionRow, ObservedDocument
from domain.preparation.effects import Folder, PutDocument, ReserveFolder
from domain.preparation.facts import RowFacts
from domain.views.summary import CaseSummary, summary
from integrations.files.directory import FileDirectory
from integrations.files.policy import read_policy

ROOT = Path(__file__).parent.parent
POLICY = read_policy(ROOT / "policy.toml")
MOST_ROUNDS = 60

AnEffect = TypeVar("AnEffect", bound=AnyEffect)
ANotice = TypeVar("ANotice", bound=Notice)

AMARA, RUI, TOMAS = "amara-okafor", "rui-barbosa", "tomas-figueiredo"
INES, KWAME, OLIVER, PRIYA = "ines-duarte", "kwame-mensah", "oliver-hartley", "priya-raman"
JOANA, HELENA, BEATRIZ = "joana-neves", "helena-vasconcelos", "beatriz-leal"
GRACE, MARCUS, NADIA = "grace-holloway", "marcus-webb", "nadia-haddad"


DIRECTORY = FileDirectory(ROOT / "organisation.toml")


@cache
def snapshot(now: datetime) -> DirectorySnapshot:
    return DIRECTORY.snapshot(now)


def an_incident(
    resolved_at: datetime = datetime(2027, 1, 12, 14, 52, tzinfo=UTC),
    severity: Severity = Severity.SEV1,
    key: str = "INC-204",
) -> Incident:
    """An incident on an ordinary Tuesday, unless told otherwise."""
    return Incident.model_validate(
        {
            "key": key,
            "title": "Web requests answered with errors",
            "severity": severity,
            "services": ["edge-firewall", "edge-proxy"],
            "started_at": resolved_at - timedelta(minutes=70),
            "resolved_at": resolved_at,
            "summary": "A new firewall rule used up every CPU that serves web traffic.",
            "url": f"https://incidents.example.com/{key}",
            "participants": [
                {"person": JOANA, "role": "incident commander"},
                {"person": AMARA, "role": "responder"},
                {"person": RUI, "role": "responder"},
            ],
        }
    )


Trouble = Callable[[AnyEffect, datetime], Status | None]


def no_trouble(_: AnyEffect, __: datetime) -> Status | None:
    return None


class Decisions(Protocol):
    """Whoever wants to know what was decided in each moment, and what came of it."""

    def noted(self, play: "Play", rounds: list[list[str]], wakes_at: datetime | None) -> None:
        """Learn of one moment."""
        ...


@dataclass
class Event:
    """An event as the pretended calendar keeps it: what people changed stays theirs."""

    start: datetime
    end: datetime
    written: tuple[datetime, datetime]
    deleted: bool = False


@dataclass(frozen=True)
class Sent:
    """One mail: everything that was due for one person in one moment."""

    at: datetime
    to: str
    kinds: tuple[str, ...]
    nags: bool


@dataclass
class Play:
    """One case, its clock, and everything that left it."""

    incident: Incident = field(default_factory=an_incident)
    connected: Connected = field(default_factory=Connected)
    policy: Policy = POLICY
    directory: DirectorySnapshot | None = None
    trouble: Trouble = no_trouble
    busy: dict[str, tuple[Interval, ...]] = field(default_factory=dict)
    rows: tuple[ActionRow, ...] = ()
    empty_sections: tuple[str, ...] = ("Impact", "Timeline")
    issues: dict[str, ObservedIssue] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    editors: tuple[str, ...] = ()
    done: list[tuple[datetime, AnyEffect]] = field(default_factory=list)
    mails: list[Sent] = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)
    revision: int = 1
    recorded: datetime | None = None
    edition: int = NEWEST
    decisions: Decisions | None = None
    most_rounds: int = 0
    _lived: Life[Case] | None = None

    def __post_init__(self) -> None:
        self.now = self.incident.resolved_at + timedelta(minutes=1)
        key = f"postmortem-{self.incident.key}"
        self.case = Case(id=key, edition=self.edition, received_at=self.now)
        self.signal("incident_resolved", self.incident.model_dump(mode="json"))

    @property
    def life(self) -> Life[Case]:
        if self._lived is None or self._lived.case is not self.case:
            self._lived = lifecycle.life(self.case)
        return self._lived

    @property
    def attention(self) -> tuple[Attention, ...]:
        return lifecycle.attention(self.life)

    @property
    def stuck(self) -> list[str]:
        """The kinds of what needs attention."""
        return [each.kind for each in self.attention]

    @property
    def seen(self) -> CaseSummary:
        """What operations see."""
        return summary(self.life, self.attention, self.now)

    def waits(self, what: str = "") -> list[Waiting]:
        """What is waited for, or will be: all of it, or of one kind."""
        return [each.waiting for each in self.life.asked if what in ("", each.waiting.what)]

    def signal(self, name: str, *payloads: object) -> None:
        self.case = told(self.case, lifecycle.signals(), name, payloads, self.now)
        self.settle()

    def act(self, act: Act[Case]) -> None:
        """Do something as a person; a refusal fails the test."""
        reason = act.refusal(self.case, self.now)
        assert reason is None, reason
        self.case = act.done(self.case, self.now)
        self.settle()

    def refusal(self, act: Act[Case]) -> str:
        return act.refusal(self.case, self.now) or ""

    def until(self, instant: datetime | None) -> None:
        """Let time pass, carrying out whatever becomes due on the way."""
        assert instant is not None
        while (wake := agenda.wake_at(self.life, self.now)) is not None and wake <= instant:
            assert wake > self.now
            self.now = wake
            self.settle()
        self.now = max(self.now, instant)
        self.settle()

    def wait(self, **span: int) -> None:
        self.until(self.now + timedelta(**span))

    def settle(self) -> None:
        rounds: list[list[str]] = []
        while effects := agenda.due(self.life, self.now):
            rounds.append([f"{type(e).__name__} {e.key}@{e.version}" for e in effects])
            assert len(rounds) < MOST_ROUNDS, f"the agenda does not empty: {effects}"
            self._carry_out(effects)
        self.most_rounds = max(self.most_rounds, len(rounds))
        if self.decisions is not None:
            self.decisions.noted(self, rounds, agenda.wake_at(self.life, self.now))

    def _carry_out(self, effects: tuple[AnyEffect, ...]) -> None:
        letters: dict[str, list[SendNotice[Case]]] = {}
        for effect in effects:
            if isinstance(effect, Transition):
                self.case = taken(self.case, effect, self.now)
            elif self._reported(effect) and isinstance(effect, SendNotice):
                letters.setdefault(effect.to, []).append(effect)
        for to, sent in letters.items():
            kinds = tuple(each.notice.kind for each in sent)
            self.mails.append(Sent(self.now, to, kinds, any(each.chases for each in sent)))

    def _reported(self, effect: AnyEffect) -> bool:
        """Note what became of an effect, and tell whether it was done."""
        status = self.trouble(effect, self.now)
        if status is None:
            report, value = self._answer(effect)
        else:
            report, value = Report(key=effect.key, status=status, reason="trouble"), None
        if report.status is Status.DONE:
            self.done.append((self.now, effect))
        self.case = noted(self.case, effect, report, value, self.now)
        return report.status is Status.DONE

    def _answer(self, effect: AnyEffect) -> tuple[Report, BaseModel | None]:
        if isinstance(effect, PutEvent) and self._deleted(effect.event.key):
            reason = "Somebody deleted the meeting from the calendar."
            return Report(key=effect.key, status=Status.REFUSED, reason=reason), None
        if isinstance(effect, CallOffEvent):
            self.events[effect.event_key].deleted = True
        return Report(key=effect.key), self._value(effect)

    def _value(self, effect: AnyEffect) -> BaseModel | None:
        match effect:
            case ResolveRules():
                rules = self.policy.rules_for(effect.severity, self.connected, self.revision)
                return rules.replace(recorded_resolution=self.recorded)
            case RecordDirectory():
                everything = self.directory or snapshot(self.now)
                return of_case(everything, effect.request(self.case, self.now))
            case ReadBusy():
                return Busy(times={p: self.busy.get(p, ()) for p in effect.people})
            case PutEvent():
                return self._put(effect.event)
            case ReadEvent():
                return self._event(effect.event_key)
            case ReserveFolder():
                return Folder(id="folder-1")
            case PutDocument():
                return self._document(effect)
            case OpenIssue():
                key = f"{effect.ticket.project}-{len(self.issues) + 1}"
                due = effect.ticket.due
                self.issues[key] = ObservedIssue(key=key, due=due, touched_at=self.now)
                return self.issues[key]
            case ReadIssues():
                return Issues(found=tuple(self.issues[key] for key in effect.issues))
            case _:
                return None

    def _put(self, wanted: EventFacts) -> ObservedEvent:
        time = (wanted.start, wanted.end)
        event = self.events.setdefault(wanted.key, Event(*time, written=time))
        if event.written != time:
            event.start, event.end = event.written = time
        return self._event(wanted.key)

    def _deleted(self, key: str) -> bool:
        return key in self.events and self.events[key].deleted

    def _event(self, key: str) -> ObservedEvent:
        if key not in self.events or self._deleted(key):
            return ObservedEvent(exists=False)
        event = self.events[key]
        return ObservedEvent(
            exists=True,
            url="https://calendar/1",
            start=event.start,
            end=event.end,
            responses=self.responses,
        )

    def _document(self, effect: PutDocument) -> ObservedDocument:
        """Write our ids and what is missing, and leave people's words alone."""
        wanted = {row.item.id: row for row in effect.document.rows}
        ids = {row.item.text.casefold(): row.item.id for row in wanted.values()}
        known = {row.id for row in self.rows}
        rows = []
        for row in self.rows:
            found = "" if row.id else ids.get(" ".join(row.text.split()).casefold(), "")
            rows.append(row.replace(id=found) if found and found not in known else row)
            known.add(found)
        missing = (each for key, each in wanted.items() if key not in known)
        added = [_row(each) for each in missing]
        self.rows = (*rows, *added)
        return ObservedDocument(
            document_id="document-1",
            url="https://documents/1",
            empty_sections=self.empty_sections,
            rows=self.rows,
            editors=self.editors,
        )

    def copy(self) -> "Play":
        """Return the same play, to be played on in another way."""
        again = copy(self)
        again.issues, again.responses = dict(self.issues), dict(self.responses)
        again.done, again.mails = list(self.done), list(self.mails)
        again.events = {key: copy(event) for key, event in self.events.items()}
        return again

    def move_event(self, start: datetime, end: datetime | None = None) -> None:
        """Move the meeting as a person does it in the calendar."""
        event = list(self.events.values())[-1]
        event.start, event.end = start, end or start + (event.end - event.start)

    def delete_event(self) -> None:
        list(self.events.values())[-1].deleted = True

    def take(self, key: str, state: IssueState = IssueState.DONE) -> None:
        """Change a ticket in the tracker, without its telling anybody."""
        self.issues[key] = self.issues[key].replace(state=state, touched_at=self.now)

    def mails_to(self, person: str) -> list[tuple[str, ...]]:
        return [sent.kinds for sent in self.mails if sent.to == person]

    def item(self, item_id: str) -> ActionItem:
        found = self.case.item(item_id)
        assert found is not None
        return found

    def sent(self, kind: str) -> list[tuple[datetime, str]]:
        """When which person got a notice of this kind."""
        return [(at, effect.to) for at, effect in self.notices() if effect.notice.kind == kind]

    def notices(self) -> list[tuple[datetime, SendNotice[Case]]]:
        return [(at, effect) for at, effect in self.done if isinstance(effect, SendNotice)]

    def told(self, kind: type[ANotice]) -> list[ANotice]:
        """The notices of one kind that left, in their order."""
        return [effect.notice for _, effect in self.notices() if isinstance(effect.notice, kind)]

    def kinds(self, kind: type[AnEffect]) -> list[AnEffect]:
        return [effect for _, effect in self.done if isinstance(effect, kind)]


def _row(wanted: RowFacts) -> ActionRow:
    return ActionRow(
        id=wanted.item.id,
        text=wanted.item.text,
        type=wanted.type,
        priority=wanted.priority,
        team=wanted.team,
        done_when=wanted.done_when,
    )
