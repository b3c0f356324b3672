"""A case played against the clock without a server: the core alone, its outside pretended.

The pretended world does what it is asked and remembers it; it holds no rule of ours.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from domain import agenda, turns
from domain.acts.act import Act
from domain.almanac import Almanac
from domain.case import Case, Status
from domain.effects import (
    Effect,
    OpenIssue,
    PutDocument,
    PutEvent,
    ReadBusy,
    ReadEvent,
    ReadIssues,
    RecordAlmanac,
    ReserveFolder,
    ResolveRules,
    SendNotice,
    Turn,
)
from domain.facts import told
from domain.incident import Incident, Severity
from domain.outcomes import Busy, Folder, Issues, Report, note
from domain.outside import ActionRow, DocumentReading, EventReading, Interval, IssueReading
from domain.policy import Connected, Policy
from integrations.directory import FileDirectory
from integrations.policy_file import read_policy

ROOT = Path(__file__).parent.parent
POLICY = read_policy(ROOT / "policy.toml")
MOST_ROUNDS = 60

AMARA, RUI, TOMAS, YUKI = "amara-okafor", "rui-barbosa", "tomas-figueiredo", "yuki-tanaka"
INES, KWAME, OLIVER, PRIYA = "ines-duarte", "kwame-mensah", "oliver-hartley", "priya-raman"
JOANA, HELENA, BEATRIZ = "joana-neves", "helena-vasconcelos", "beatriz-leal"


def almanac(now: datetime) -> Almanac:
    return FileDirectory(ROOT / "organisation.toml").almanac(now)


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


Trouble = Callable[[Effect, datetime], Status | None]


def no_trouble(effect: Effect, now: datetime) -> Status | None:
    return None


@dataclass
class Play:
    """One case, its clock, and everything that left it."""

    incident: Incident = field(default_factory=an_incident)
    connected: Connected = field(default_factory=Connected)
    policy: Policy = POLICY
    trouble: Trouble = no_trouble
    busy: dict[str, tuple[Interval, ...]] = field(default_factory=dict)
    rows: tuple[ActionRow, ...] = ()
    empty_sections: tuple[str, ...] = ("Impact", "Timeline")
    issues: dict[str, IssueReading] = field(default_factory=dict)
    done: list[tuple[datetime, Effect]] = field(default_factory=list)
    event: tuple[datetime, datetime] | None = None
    most_rounds: int = 0

    def __post_init__(self) -> None:
        self.now = self.incident.resolved_at + timedelta(minutes=1)
        self.case = Case(id=f"postmortem-{self.incident.key}")
        self.signal("incident_resolved", self.incident.model_dump(mode="json"))

    def signal(self, name: str, *payloads: object) -> None:
        self.case = told(self.case, name, payloads, self.now)
        self.settle()

    def act(self, act: Act) -> None:
        """Do something as a person; a refusal fails the test."""
        reason = act.refusal(self.case, self.now)
        assert reason is None, reason
        self.case = act.applied(self.case, self.now)
        self.settle()

    def refusal(self, act: Act) -> str:
        return act.refusal(self.case, self.now) or ""

    def until(self, instant: datetime) -> None:
        """Let time pass, carrying out whatever becomes due on the way."""
        while (wake := agenda.wake_at(self.case, self.now)) is not None and wake <= instant:
            self.now = wake
            self.settle()
        self.now = max(self.now, instant)

    def wait(self, **span: int) -> None:
        self.until(self.now + timedelta(**span))

    def settle(self) -> None:
        rounds = 0
        while effects := agenda.due(self.case, self.now):
            rounds += 1
            assert rounds < MOST_ROUNDS, f"the agenda does not empty: {effects}"
            for effect in effects:
                self._carry_out(effect)
        self.most_rounds = max(self.most_rounds, rounds)

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Turn):
            self.case = turns.take(self.case, effect, self.now)
            return
        status = self.trouble(effect, self.now) or Status.DONE
        value = self._answer(effect) if status is Status.DONE else None
        if status is Status.DONE:
            self.done.append((self.now, effect))
        report = Report(key=effect.key, status=status, reason="" if value else "trouble")
        self.case = note(self.case, effect, report, value, self.now)

    def _answer(self, effect: Effect) -> BaseModel | None:
        match effect:
            case ResolveRules():
                return self.policy.rules_for(effect.severity, self.connected, 1)
            case RecordAlmanac():
                return almanac(self.now)
            case ReadBusy():
                return Busy(times={p: self.busy.get(p, ()) for p in effect.people})
            case PutEvent():
                self.event = (effect.event.start, effect.event.end)
                return self._event()
            case ReadEvent():
                return self._event()
            case ReserveFolder():
                return Folder(id="folder-1")
            case PutDocument():
                return self._document(effect)
            case OpenIssue():
                key = f"{effect.issue.project}-{len(self.issues) + 1}"
                self.issues[key] = IssueReading(key=key, due=effect.issue.due, touched_at=self.now)
                return self.issues[key]
            case ReadIssues():
                return Issues(found=tuple(self.issues[key] for key in effect.issues))
            case _:
                return None

    def _event(self) -> EventReading:
        if self.event is None:
            return EventReading(exists=False)
        start, end = self.event
        return EventReading(exists=True, url="https://calendar/1", start=start, end=end)

    def _document(self, effect: PutDocument) -> DocumentReading:
        known = {row.text.casefold(): row.id for row in effect.document.rows}
        self.rows = tuple(
            row.model_copy(update={"id": row.id or known.get(row.text.casefold(), "")})
            for row in self.rows
        )
        return DocumentReading(
            document_id="document-1",
            url="https://documents/1",
            empty_sections=self.empty_sections,
            rows=self.rows,
        )

    def sent(self, kind: str) -> list[tuple[datetime, str]]:
        """When which person got a notice of this kind."""
        return [
            (at, effect.to)
            for at, effect in self.done
            if isinstance(effect, SendNotice) and effect.letter.kind == kind
        ]

    def kinds(self, kind: type[Effect]) -> list[Effect]:
        return [effect for _, effect in self.done if isinstance(effect, kind)]
