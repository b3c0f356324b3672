"""Acts about who owns the postmortem."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.value import PersonId
from domain.ownership.changes import passed_over, with_owner
from domain.people import commander, leaders, name_of, ranked_candidates


class AcceptOwnership(Act[Case]):
    """Somebody who was asked says yes."""

    name: ClassVar[str] = "accept_ownership"

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Whoever was asked, or knows the incident as well, may say yes; and the owner again."""
        able = (*case.ownership.candidates, *ranked_candidates(case), case.ownership.owner)
        return frozenset(filter(None, able))

    def not_yours(self, case: Case) -> str:
        """Say who could change that."""
        return "You are not among the people asked. An incident commander can appoint you."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse a second owner."""
        owner = case.ownership.owner
        if owner is not None and owner != self.by:
            return f"{name_of(case, owner)} owns this postmortem already. Nothing to do."
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make them the owner."""
        return with_owner(case, self.by, now)


class DeclineOwnership(Act[Case]):
    """The nominee says no; the reason is kept, never published."""

    name: ClassVar[str] = "decline_ownership"

    reason: Annotated[str, Field(max_length=500)] = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Only who is being asked can say no."""
        return frozenset(filter(None, (case.ownership.nominee,)))

    def not_yours(self, case: Case) -> str:
        """Say where it stands."""
        return "You are not being asked (any more). Nothing to do."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse nothing: a no needs no reason."""
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Ask the next candidate."""
        return passed_over(case, self.by, self.reason or "declined", now)


class AppointOwner(Act[Case]):
    """A leader names the owner, who need not accept."""

    name: ClassVar[str] = "appoint_owner"

    owner: PersonId

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The commander, and who can commit a hit team."""
        asked = case.ownership.asked_to_appoint
        return frozenset(filter(None, (commander(case), *leaders(case), asked, OPERATIONS)))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """To the manager who owns it because nobody was named."""
        return case.ownership.by_default

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the incident commander or a leader of a team that was hit appoints an owner."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse nothing: whether the person exists is looked up afterwards."""
        return None

    def applied(self, case: Case, now: datetime) -> Case:
        """Make the appointed person the owner, as soon as the case knows them."""
        if case.directory is not None and self.owner in case.directory.people:
            return with_owner(case, self.owner, now)
        named = tuple(dict.fromkeys((*case.named, self.owner)))[-NAMED_AT_MOST:]
        appointed = case.ownership.replace(appointed=self.owner)
        return case.replace(named=named, ownership=appointed).looking_up_again()

    def noted_as(self) -> dict[str, str]:
        """Return whom they named."""
        return {"owner": self.owner}


NAMED_AT_MOST = 20
"""How many people beside the incident's a case remembers by name."""
