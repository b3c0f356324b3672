"""What a case looks up before anything else: its rules, and who is who."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.case import DIRECTORY, Case
from domain.engine.effect import Effect, Transition
from domain.engine.value import PersonId, Value
from domain.incident import Severity
from domain.people import asked_candidates, chosen_facilitator
from domain.policy import CaseRules


class ResolveRules(Effect[Case, CaseRules]):
    """Look the policy up for this case, and whether the incident was here before."""

    activity: ClassVar[str] = "resolve_rules"
    summary: ClassVar[str] = "look up the policy"
    answer: ClassVar[type[CaseRules]] = CaseRules
    local: ClassVar[bool] = True
    noteworthy: ClassVar[bool] = True

    key: str = "rules"
    case: str
    severity: Severity

    def learned(self, case: Case, answer: CaseRules, now: datetime) -> Case:
        """Freeze the rules for this case."""
        return _people_known(case.replace(rules=answer), now)


class PeopleWanted(Value):
    """Whom a case needs to know at an instant: `pick` turns pools, so that cases share the work."""

    now: AwareDatetime
    people: tuple[PersonId, ...]
    services: tuple[str, ...]
    teams: tuple[str, ...]
    pick: int = 0


class RecordDirectory(Effect[Case, DirectorySnapshot]):
    """Record the people of this case, their managers and stand-ins, holidays and clock changes."""

    activity: ClassVar[str] = "record_directory"
    summary: ClassVar[str] = "record people and holidays"
    answer: ClassVar[type[DirectorySnapshot]] = DirectorySnapshot
    local: ClassVar[bool] = True

    key: str = DIRECTORY
    people: tuple[PersonId, ...]
    services: tuple[str, ...]
    teams: tuple[str, ...]
    pick: int = 0

    def request(self, case: Case, now: datetime) -> PeopleWanted:
        """Return whom to look up, and when it is."""
        return PeopleWanted(
            now=now,
            people=self.people,
            services=self.services,
            teams=self.teams,
            pick=self.pick,
        )

    def learned(self, case: Case, answer: DirectorySnapshot, now: datetime) -> Case:
        """Compute with these people from now on; a service that nobody knows is noted."""
        strange = [each for each in self.services if each not in answer.services]
        if strange and case.directory is None:
            case = case.with_anomaly(now, "unknown-service", services=", ".join(strange))
        return _people_known(case.replace(directory=answer), now)


def _people_known(case: Case, now: datetime) -> Case:
    """Rank candidates and pick a facilitator once; later snapshots change neither."""
    if case.ownership.nominated_at is not None or not case.is_set_up:
        return case
    candidates = asked_candidates(case, now)
    case = case.replace(ownership=case.ownership.replace(candidates=candidates, nominated_at=now))
    return case.replace(meeting=case.meeting.replace(facilitator=chosen_facilitator(case)))


class EndUnwanted(Transition[Case]):
    """The policy asks for no postmortem, its record is kept already, or nobody told an incident."""

    name: ClassVar[str] = "close"

    key: str = "turn:close"

    def applied(self, case: Case, now: datetime) -> Case:
        """End the case, silently."""
        return case.replace(closed_at=now)


class MissIncident(Transition[Case]):
    """Nobody has told this case an incident: somebody must look what started it."""

    name: ClassVar[str] = "miss-incident"

    key: str = "turn:miss-incident"

    def applied(self, case: Case, now: datetime) -> Case:
        """Show it to operations."""
        return case.with_anomaly(now, "nobody-told")
