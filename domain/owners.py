"""Who owns the postmortem, as a value: appointed, or passed over."""

from datetime import datetime

from domain.case import Case, Passed
from domain.incident import PersonId
from domain.people import chosen_facilitator


def with_owner(case: Case, owner: PersonId, now: datetime) -> Case:
    """Return the case with its one owner; the same owner again changes nothing.

    A facilitator who becomes the owner is replaced: nobody leads their own review (S0).
    """
    if case.ownership.owner == owner:
        return case
    case = case.replace(ownership=case.ownership.replace(owner=owner, accepted_at=now))
    if case.meeting.facilitator != owner:
        return case
    return case.replace(meeting=case.meeting.replace(facilitator=chosen_facilitator(case)))


def pass_over(case: Case, person: PersonId, reason: str, now: datetime) -> Case:
    """Return the case with the next candidate asked from now on."""
    ownership = case.ownership
    passed = (*ownership.passed, Passed(person=person, at=now, reason=reason))
    return case.replace(ownership=ownership.replace(passed=passed, nominated_at=now))
