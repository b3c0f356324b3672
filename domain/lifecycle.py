"""The life of a postmortem: the subjects, in the order of the story.

This is the table of contents. Each subject is a folder that says what it wants done and when,
what it waits for, what people may do about it, and what they are told. Nothing else lists them:
pages, ladders, reminders, the worker and the command line find all of it here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.action_items.subject import ACTION_ITEMS
from domain.case import Case
from domain.customer_message.subject import CUSTOMER_MESSAGE
from domain.decisions.subject import DECISIONS
from domain.engine.act import NOT_SHOWN, Act, possible
from domain.engine.agenda import Life
from domain.engine.effect import Effect
from domain.engine.entry import AnyEffect, Entry
from domain.engine.escalation import EscalationStep, escalation, is_climbed
from domain.engine.journal import Door
from domain.engine.notice import Notice, SendNotice
from domain.engine.remembering import remembered
from domain.engine.signal import SignalSpec
from domain.engine.subject import Attention, Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Asked, WaitSpec, asked, lapsing
from domain.intake.subject import INTAKE
from domain.meeting.subject import MEETING
from domain.operations.chasing import chase
from domain.operations.still_waiting import still_waiting
from domain.operations.subject import OPERATIONS
from domain.ownership.subject import OWNERSHIP
from domain.people import calendar_of, usual_calendar, whom
from domain.phases import phase
from domain.preparation.subject import PREPARATION
from domain.publication.subject import PUBLICATION
from domain.steering.subject import STEERING, on_hold, unhurried

__all__ = [
    "SUBJECTS",
    "acts",
    "attention",
    "effects",
    "life",
    "notices",
    "open_to",
    "phase",
    "refusal",
    "signals",
    "waits",
]

SUBJECTS: list[Subject[Case]] = [
    INTAKE,  # the incident tool says that it is resolved; rules and people are looked up
    OWNERSHIP,  # one candidate after the other is asked; at last a leader appoints
    MEETING,  # a time is held from the first minute; people are invited; somebody records it
    PREPARATION,  # one document that people write in; the pre-read a day ahead
    DECISIONS,  # leaders decide each proposal, and the owning teams confirm
    ACTION_ITEMS,  # one ticket for each, followed until it is done
    CUSTOMER_MESSAGE,  # one exact text, approved by the liaison, held back, let out once
    PUBLICATION,  # the report goes out, the record is kept, the case closes
    STEERING,  # people hold it, put off its limits and reminders, and end it
    OPERATIONS,  # limits that pass, refusals, and what somebody mended
]


@remembered
def life(case: Case) -> Life[Case]:
    """Return everything that lies ahead of a case: worked out once for each of its states."""
    return Life(
        case=case,
        asked=tuple(_asked(case)) if _goes_on(case) else (),
        write=_entries,
        read=_readings,
        calendar_of=calendar_of,
    )


def _goes_on(case: Case) -> bool:
    """Tell whether a case is set up, wanted, and neither on hold nor at its end."""
    stands_still = case.is_ending or case.steering.hold is not None or case.closed_at is not None
    return case.is_wanted and case.is_set_up and not stands_still


def _entries(case: Case, waiting: tuple[Asked[Case], ...]) -> Iterator[Entry]:
    if case.closed_at is not None:
        return
    if case.is_ending:
        yield from (entry for subject in SUBJECTS for entry in subject.ending(case))
        return
    if case.steering.hold is not None:
        yield from on_hold(case)
        return
    for subject in SUBJECTS if _goes_on(case) else [INTAKE]:
        yield from subject.entries(case)
    for each in waiting:
        if each.entry is not None:
            yield each.entry
        seen = unhurried(case, each.waiting)
        yield from lapsing(seen, each)
        yield from _escalation(seen, each)
    yield from still_waiting(case, waiting)


def _asked(case: Case) -> Iterator[Asked[Case]]:
    for spec in waits().values():
        yield from asked(case, spec)


def _escalation(case: Case, each: Asked[Case]) -> Iterator[Entry]:
    calendar = usual_calendar(case, each.waiting.person)
    return escalation(case, each, _ladder(case, each), calendar, whom, chase)


def _ladder(case: Case, each: Asked[Case]) -> Sequence[EscalationStep]:
    return case.rules.ladders.get(each.spec.name, ()) if case.rules else ()


def _readings(case: Case) -> Mapping[str, AnyEffect]:
    return {each.key: each for subject in SUBJECTS for each in subject.readings(case)}


def attention(life: Life[Case]) -> tuple[Attention, ...]:
    """Return what cannot go on without a person, and what made no sense and is not settled."""
    case = life.case
    strange = (
        Attention(each.kind, each.facts) for each in case.anomalies if each.settled_at is None
    )
    if case.closed_at is not None:
        return tuple(strange)
    subjects = SUBJECTS if case.is_set_up else [OPERATIONS]
    stuck = (each for subject in subjects for each in subject.attention(case))
    return (*stuck, *_climbed(life), *strange)


def _climbed(life: Life[Case]) -> Iterator[Attention]:
    """Yield what still waits although its ladder has been climbed to the top (2.2)."""
    for each in life.asked:
        calendar = usual_calendar(life.case, each.waiting.person)
        if is_climbed(life.case, each, _ladder(life.case, each), calendar, whom):
            waiting = each.waiting
            yield Attention("ladder-climbed", {"wait": waiting.what, "person": waiting.person})


def open_to(life: Life[Case], act: type[Act[Case]], person: PersonId) -> bool:
    """Tell whether a page shows an act to somebody: it answers a wait of theirs, or is offered."""
    if not possible(act, life.case, person):
        return False
    mine = [each.spec.answered_by for each in life.asked if each.waiting.person == person]
    if act.while_asked and not mine:
        return False
    return act.offered(life.case) or any(act in answers for answers in mine)


def refusal(case: Case, act: Act[Case], now: datetime) -> str | None:
    """Say why an act cannot be done now, or None; what a page does not show, it cannot do."""
    reason = act.refusal(case, now)
    if reason is None and act.through is Door.PAGE and not open_to(life(case), type(act), act.by):
        return NOT_SHOWN
    return reason


def waits() -> dict[str, WaitSpec[Case]]:
    """Return every kind of wait by its name, in the order of the story."""
    return {spec.name: spec for subject in SUBJECTS for spec in subject.waits}


def acts() -> dict[str, type[Act[Case]]]:
    """Return everything that a person can do to a case, by the name of its update."""
    return {act.name: act for subject in SUBJECTS for act in subject.acts}


def effects() -> tuple[type[Effect[Case, Any]], ...]:
    """Return every kind of effect that is carried out outside."""
    return (SendNotice, *(each for subject in SUBJECTS for each in subject.effects))


def notices() -> dict[str, type[Notice]]:
    """Return every kind of notice, by the name of its file in `wording/`."""
    return {each.kind: each for subject in SUBJECTS for each in subject.notices}


def signals() -> dict[str, SignalSpec[Case]]:
    """Return every fact that tools tell, by the name of its signal."""
    return {each.name: each for subject in SUBJECTS for each in subject.signals}
