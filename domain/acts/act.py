"""What every act of a person has in common."""

from datetime import datetime

from domain.case import Case
from domain.frozen import Frozen
from domain.incident import PersonId


class Act(Frozen):
    """Something a person does to a case, through an update.

    A repeat of the same act is harmless: it is refused with where things stand, or changes
    nothing.
    """

    by: PersonId

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Say why this cannot be done now and what to do instead, or None when it can."""
        raise NotImplementedError

    def applied(self, case: Case, now: datetime) -> Case:
        """Return the case after the act; only called when nothing refuses it."""
        raise NotImplementedError


NOT_READY = "This postmortem is still being set up. Try again in a minute."
CLOSED = "This postmortem is closed; there is nothing left to do."
