"""What every act of a person has in common: who may, why not, and what it changes."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar, Generic

from domain.engine.budget import outgrows
from domain.engine.journal import Door, Happening
from domain.engine.ledger import C
from domain.engine.value import FromOutside, PersonId

NOT_READY = "This postmortem is still being set up. Try again in a minute."
NOT_SHOWN = "Nobody asks this of you at the moment. Open the page again to see how it stands."
CLOSED = "This postmortem is closed; there is nothing left to do."
FULL = (
    "This postmortem holds as much text as it can take. Write it shorter, or into the document; "
    "short answers still go through."
)

OPERATIONS: PersonId = "operations"
"""Who acts from the command line: whoever reaches Temporal may, and no person is named."""


class Act(FromOutside, ABC, Generic[C]):
    """Something that a person does to a case, through an update of this name.

    A repeat of the same act is harmless: it is refused with where things stand, or changes
    nothing. Who may do it is decided here and nowhere else, so that page, chat and command
    line agree.
    """

    name: ClassVar[str]
    while_set_up: ClassVar[bool] = False
    """Whether it is possible before the case knows its rules and people."""

    while_asked: ClassVar[bool] = False
    """Whether it is offered only to somebody of whom something else is asked."""

    by: PersonId
    through: Door = Door.TEMPORAL

    @classmethod
    @abstractmethod
    def allowed_for(cls, case: C) -> frozenset[PersonId]:
        """Return who may do this to the case as it stands."""

    @classmethod
    def offered(cls, case: C) -> bool:
        """Tell whether to offer it to somebody of whom nobody asks it."""
        return False

    @classmethod
    def code_for(cls, case: C) -> str:
        """Return the request whose code, which stands only in a mail, a page asks for; or none."""
        return ""

    @abstractmethod
    def wrong(self, case: C, now: datetime) -> str | None:
        """Say what is wrong with it in an open case, whoever does it, or None."""

    @abstractmethod
    def applied(self, case: C, now: datetime) -> C:
        """Return the case after the act; only called when nothing refuses it."""

    def not_yours(self, case: C) -> str:
        """Say why this person may not do it."""
        return "This is not yours to do in this case. Pass it on to whoever was asked."

    def noted_as(self) -> dict[str, str]:
        """Return the facts of its line in the journal: ids, no words that people typed."""
        return {}

    def refusal(self, case: C, now: datetime) -> str | None:
        """Say why this cannot be done now and what to do instead, or None when it can."""
        if case.closed_at is not None or case.is_ending:
            return CLOSED
        if not case.is_set_up and not self.while_set_up:
            return NOT_READY
        reason = self.wrong(case, now)
        if reason is None and self.by not in self.allowed_for(case):
            return self.not_yours(case)
        if reason is None and outgrows(case, self.done(case, now)):
            return FULL
        return reason

    def stands(self, case: C, now: datetime) -> bool:
        """Tell whether the case is already as the act would leave it; refuse it first."""
        return self.done(case, now) is case

    def done(self, case: C, now: datetime) -> C:
        """Return the case after the act, with a line in its journal if anything changed."""
        after = self.applied(case, now)
        if after == case:
            return case
        return after.with_line(
            now, Happening.ACT, self.name, by=self.by, through=self.through, facts=self.noted_as()
        )


def possible(act: type[Act[C]], case: C, person: PersonId) -> bool:
    """Tell whether a person may do an act to the case as it stands, whatever they would fill in."""
    is_open = case.closed_at is None and not case.is_ending
    return is_open and case.is_set_up and person in act.allowed_for(case)
