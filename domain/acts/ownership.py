"""Acts about who owns the postmortem."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.acts.act import Act
from domain.case import Case
from domain.incident import PersonId
from domain.owners import pass_over, with_owner
from domain.people import name_of


class AcceptOwnership(Act):
    """The nominee says yes."""

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse anybody who is not asked, and a second owner."""
        owner = case.ownership.owner
        if owner is not None and owner != self.by:
            return f"{name_of(case, owner)} owns this postmortem already. Nothing to do."
        if owner is None and self.by not in case.ownership.candidates:
            return "You are not among the people asked. An incident commander can appoint you."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make the nominee the owner."""
        return with_owner(case, self.by, now)


class DeclineOwnership(Act):
    """The nominee says no; the reason is kept, never published."""

    reason: Annotated[str, Field(max_length=500)] = ""

    def wrong(self, case: Case, now: datetime) -> str | None:
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

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse an owner whom the organisation file does not know."""
        if case.directory is None or self.owner not in case.directory.people:
            return f"'{self.owner}' is not in the organisation file. Use a person's id from there."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make the appointed person the owner."""
        return with_owner(case, self.owner, now)
