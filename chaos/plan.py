"""What the people of each life will decide: thrown beforehand, so that it can be compared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from chaos.dice import Dice, dice
from domain.customer_message.state import MessageText
from domain.decisions.state import Verdict
from domain.incident import Incident, Severity
from domain.preparation.document import ActionRow

TEAMS = {"edge-firewall": "ines-duarte", "edge-platform": "oliver-hartley"}
"""The teams that own action items, and who leads each."""

TICKETED = frozenset({"P0", "P1"})
_PRIORITIES = ("P0", "P1", "P1", "P2")
_VERDICTS = (
    Verdict.ACCEPTED,
    Verdict.ACCEPTED,
    Verdict.ACCEPTED,
    Verdict.DEFERRED,
    Verdict.DECLINED,
)
_ANSWERS: tuple[Literal["confirm", "decline"], ...] = ("confirm", "confirm", "confirm", "decline")
_FROM_CLICK_TO_PAGE = 0.6
_FEWEST, _MOST = 2, 4


@dataclass(frozen=True)
class Proposal:
    """One proposal and what leaders and team will say to it."""

    row: ActionRow
    verdict: Verdict
    leader: str
    answer: Literal["confirm", "decline"]
    revisit: date

    @property
    def text(self) -> str:
        """Its words, which no other proposal has."""
        return self.row.text

    @property
    def ends_as(self) -> Verdict:
        """The verdict that must stand on the closed case."""
        asked = self.verdict is Verdict.ACCEPTED
        return Verdict.DECLINED if asked and self.answer == "decline" else self.verdict

    @property
    def has_ticket(self) -> bool:
        """Whether exactly one ticket must be there in the end, or none."""
        return self.ends_as is Verdict.ACCEPTED and self.row.priority in TICKETED


@dataclass(frozen=True)
class Plan:
    """One life: its incident, and what its people will do."""

    incident: Incident
    proposals: tuple[Proposal, ...]
    text: MessageText
    first_declines: bool
    wants_a_change: bool

    @property
    def case_id(self) -> str:
        """The id of its case."""
        return f"postmortem-{self.incident.key}"

    @property
    def mails_customers(self) -> bool:
        """Whether customers get a mail."""
        return self.incident.severity is Severity.SEV1

    @property
    def final_text(self) -> MessageText:
        """The text that the liaison approves in the end."""
        return self.revised if self.wants_a_change else self.text

    @property
    def revised(self) -> MessageText:
        """The text after the liaison's wish."""
        return self.text.replace(summary=f"{self.text.summary} It is over.")

    def proposal(self, text: str) -> Proposal | None:
        """Return the proposal of these words."""
        return next((each for each in self.proposals if each.text == text), None)


def plans(count: int, seed: int, now: datetime) -> tuple[Plan, ...]:
    """Return so many lives, the same for the same seed."""
    return tuple(_plan(number, dice(seed, "life", number), now) for number in range(1, count + 1))


def by_page(plan: Plan, seed: int, what: str) -> bool:
    """Tell whether a person of this life does something through the pages."""
    return dice(seed, plan.case_id, what).random() < _FROM_CLICK_TO_PAGE


def _plan(number: int, throw: Dice, now: datetime) -> Plan:
    key = f"CHAOS-{number:04}"
    resolved = now - timedelta(minutes=throw.randint(2, 20))
    incident = Incident.model_validate(
        {
            "key": key,
            "title": f"Requests answered with errors in {key}",
            "severity": throw.choice(("sev1", "sev1", "sev2")),
            "services": ["edge-firewall", "edge-proxy"],
            "started_at": resolved - timedelta(minutes=throw.randint(20, 90)),
            "resolved_at": resolved,
            "participants": [
                {"person": "joana-neves", "role": "incident commander"},
                {"person": throw.choice(("amara-okafor", "rui-barbosa")), "role": "responder"},
                {"person": throw.choice(("yuki-tanaka", "tomas-figueiredo")), "role": "responder"},
            ],
        }
    )
    count = throw.randint(_FEWEST, _MOST)
    return Plan(
        incident=incident,
        proposals=tuple(_proposal(key, each, throw, now) for each in range(1, count + 1)),
        text=MessageText(
            subject=f"Errors on web requests ({key})",
            summary="Web requests were answered with errors.",
            what_happened="A new rule used up the machines that serve web traffic.",
            what_we_do="Rules reach one region first from now on.",
        ),
        first_declines=throw.random() < 1 / 3,
        wants_a_change=throw.random() < 1 / 4,
    )


def _proposal(key: str, number: int, throw: Dice, now: datetime) -> Proposal:
    team = throw.choice(tuple(TEAMS))
    row = ActionRow(
        text=f"Do thing {number} of {key}",
        type="prevent",
        priority=throw.choice(_PRIORITIES),
        team=team,
        done_when="A test shows it",
    )
    return Proposal(
        row=row,
        verdict=throw.choice(_VERDICTS),
        leader=TEAMS[team],
        answer=throw.choice(_ANSWERS),
        revisit=now.date() + timedelta(days=60),
    )
