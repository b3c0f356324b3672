"""Who owns the postmortem, as a value: appointed, or passed over."""

from datetime import datetime

from domain.case import Case
from domain.engine.value import PersonId
from domain.ownership.state import Passed
from domain.people import chosen_facilitator, commander, is_away, responsible_manager


def with_owner(case: Case, owner: PersonId, now: datetime) -> Case:
    """Return the case with its one owner; the same owner again changes nothing.

    A facilitator who becomes the owner is replaced: nobody leads their own review (S0).
    """
    if case.ownership.owner == owner:
        return case
    owned = case.ownership.replace(owner=owner, accepted_at=now, appointed=None, by_default=False)
    case = case.replace(ownership=owned)
    if case.meeting.facilitator != owner:
        return case
    return case.replace(meeting=case.meeting.replace(facilitator=chosen_facilitator(case)))


def passed_over(case: Case, person: PersonId, reason: str, now: datetime) -> Case:
    """Return the case with the next candidate asked from now on, but for who is away."""
    ownership = case.ownership
    passed = (*ownership.passed, Passed(person=person, at=now, reason=reason))
    case = case.replace(ownership=ownership.replace(passed=passed, nominated_at=now))
    following = case.ownership.nominee
    if following is not None and is_away(case, following, now):
        return passed_over(case, following, "away", now)
    return case


def asked_to_appoint(case: Case, now: datetime) -> Case:
    """Return the case with the engineering manager asked to appoint, or owning it (2.3).

    Where the manager was the one asked before, nobody is left to name another.
    """
    manager = responsible_manager(case, now)
    if manager is None or manager in (commander(case), case.ownership.asked_to_appoint):
        return owned_by_default(case, now)
    asked = case.ownership.replace(asked_to_appoint=manager, asked_to_appoint_at=now)
    return case.replace(ownership=asked)


def owned_by_default(case: Case, now: datetime) -> Case:
    """Return the case with the engineering manager as its owner, since nobody else was named."""
    manager = responsible_manager(case, now) or commander(case)
    if manager is None:
        return case
    owned = with_owner(case, manager, now)
    return owned.replace(ownership=owned.ownership.replace(by_default=True))
