"""Intake: a resolved incident becomes a case that knows its rules and its people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.case import Case
from domain.engine.effect import Effect
from domain.engine.entry import Entry
from domain.engine.ledger import Status
from domain.engine.signal import SignalSpec
from domain.engine.subject import Subject
from domain.engine.value import fingerprint
from domain.incident import Incident
from domain.intake.effects import (
    EndUnwanted,
    MissIncident,
    RecordDirectory,
    ResolveRules,
)
from domain.intake.signals import incident_resolved
from domain.people import involved_teams

NOBODY_TOLD_AFTER = timedelta(hours=1)
"""A case that was started without its incident shows itself after this (design 5.1)."""

GIVEN_UP_AFTER = timedelta(days=28)
"""Such a case ends by itself: nobody is known who could be told of it."""

AGAIN_AFTER = timedelta(days=1)
"""Before rules and people are known nobody can be asked to mend what refuses to tell them."""


def entries(case: Case) -> Iterator[Entry]:
    """Look the policy up and record who is who, before anything else."""
    if case.incident is None or case.opened_at is None:
        yield from _untold(case)
        return
    if case.rules is None:
        rules = ResolveRules(case=case.id, severity=case.incident.severity)
        yield _looked_up(case, case.opened_at, rules)
    if case.rules is not None and not case.is_wanted:
        yield Entry(case.opened_at, EndUnwanted())
    else:
        yield _looked_up(case, case.opened_at, directory_wanted(case))


def _looked_up(case: Case, at: datetime, look_up: ResolveRules | RecordDirectory) -> Entry:
    """Look something up; what was refused is looked up again daily, since nobody is known yet."""
    known = case.ledger.get(look_up.key)
    if known is None or known.status is not Status.REFUSED or case.is_set_up:
        return Entry(at, look_up)
    return Entry(known.at + AGAIN_AFTER, look_up.replace(version=known.at.isoformat()))


def _untold(case: Case) -> Iterator[Entry]:
    if case.received_at is not None:
        yield Entry(case.received_at + NOBODY_TOLD_AFTER, MissIncident())
        yield Entry(case.received_at + GIVEN_UP_AFTER, EndUnwanted())


def directory_wanted(case: Case) -> RecordDirectory:
    """Return the effect that records everybody whom the case has named so far."""
    incident = case.incident
    told = [each.person for each in incident.participants] if incident else []
    people = dict.fromkeys((*told, *case.named))
    wanted = RecordDirectory(
        people=tuple(people),
        services=incident.services if incident else (),
        teams=_other_teams(case),
        pick=sum(map(ord, incident.key)) if incident else 0,
    )
    return wanted.replace(version=fingerprint(wanted))


def _other_teams(case: Case) -> tuple[str, ...]:
    """Return the teams that items name, but for those that were hit: they are known at once."""
    hit = {team.id for team in involved_teams(case)}
    named = dict.fromkeys(item.team for item in case.items if item.team)
    return tuple(each for each in named if each not in hit)


def readings(case: Case) -> Iterator[Effect[Case, Any]]:
    """Yield the snapshot, so that nobody is told more about people who have moved on."""
    if case.is_set_up:
        yield directory_wanted(case)


INTAKE = Subject(
    name="intake",
    entries=entries,
    effects=(ResolveRules, RecordDirectory),
    signals=(SignalSpec("incident_resolved", Incident, incident_resolved),),
    readings=readings,
)
