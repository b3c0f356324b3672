"""Acts about who owns the postmortem."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.acts.act import CLOSED, NOT_READY, Act
from domain.case import Case, Passed
from domain.incident import PersonId


class AcceptOwnership(Act):
    """The nominee says yes."""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse anybody who is not asked, and a second owner."""
        if case.almanac is None:
            return NOT_READY
        owner = case.ownership.owner
        if owner is not None and owner != self.by:
            return f"{case.almanac.name_of(owner)} owns this postmortem already. Nothing to do."
        if self.by not in case.ownership.candidates:
            return "You are not among the people asked. An incident commander can appoint you."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make the nominee the owner."""
        return with_owner(case, self.by, now)


class DeclineOwnership(Act):
    """The nominee says no; the reason is kept, never published."""

    reason: Annotated[str, Field(max_length=500)] = ""

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse anybody but the one who is being asked."""
        if case.ownership.nominee != self.by:
            return "You are not being asked (any more). Nothing to do."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Ask the next candidate."""
        return pass_over(case, self.by, self.reason or "declined", now)


class AppointOwner(Act):
    """A leader names the owner, who need not accept."""

    owner: PersonId

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Refuse an owner whom the organisation file does not know."""
        if case.almanac is None:
            return NOT_READY
        if case.closed_at is not None:
            return CLOSED
        if self.owner not in case.almanac.people:
            return f"'{self.owner}' is not in the organisation file. Use a person's id from there."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make the appointed person the owner."""
        return with_owner(case, self.owner, now)


def with_owner(case: Case, owner: PersonId, now: datetime) -> Case:
    """Return the case with its one owner; the same owner again changes nothing."""
    if case.ownership.owner == owner:
        return case
    return case.but(ownership=case.ownership.but(owner=owner, accepted_at=now))


def pass_over(case: Case, person: PersonId, reason: str, now: datetime) -> Case:
    """Return the case with the next candidate asked from now on."""
    ownership = case.ownership
    passed = (*ownership.passed, Passed(person=person, at=now, reason=reason))
    return case.but(ownership=ownership.but(passed=passed, nominated_at=now))
