"""Who owns the postmortem, as a value: appointed, or passed over."""

from datetime import datetime

from domain.case import Case
from domain.engine.value import PersonId
from domain.ownership.state import Passed
from domain.people import chosen_facilitator


def with_owner(case: Case, owner: PersonId, now: datetime) -> Case:
    """Return the case with its one owner; the same owner again changes nothing.

    A facilitator who becomes the owner is replaced: nobody leads their own review (S0).
    """
    if case.ownership.owner == owner:
        return case
    owned = case.ownership.replace(owner=owner, accepted_at=now, appointed=None)
    case = case.replace(ownership=owned)
    if case.meeting.facilitator != owner:
        return case
    return case.replace(meeting=case.meeting.replace(facilitator=chosen_facilitator(case)))


def passed_over(case: Case, person: PersonId, reason: str, now: datetime) -> Case:
    """Return the case with the next candidate asked from now on."""
    ownership = case.ownership
    passed = (*ownership.passed, Passed(person=person, at=now, reason=reason))
    return case.replace(ownership=ownership.replace(passed=passed, nominated_at=now))
