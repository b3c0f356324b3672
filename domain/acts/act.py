"""What every act of a person has in common."""

from abc import ABC, abstractmethod
from datetime import datetime

from domain.case import Case
from domain.engine.value import Value
from domain.incident import PersonId

NOT_READY = "This postmortem is still being set up. Try again in a minute."
CLOSED = "This postmortem is closed; there is nothing left to do."
PUBLISHING = "notice:published:"


class Act(Value, ABC):
    """Something a person does to a case, through an update.

    A repeat of the same act is harmless: it is refused with where things stand, or changes
    nothing.
    """

    by: PersonId

    def refusal(self, case: Case, now: datetime) -> str | None:
        """Say why this cannot be done now and what to do instead, or None when it can."""
        if case.closed_at is not None:
            return CLOSED
        if case.rules is None or case.directory is None:
            return NOT_READY
        return self.wrong(case, now)

    @abstractmethod
    def wrong(self, case: Case, now: datetime) -> str | None:
        """Say what is wrong with the act in an open case that is set up, or None."""

    @abstractmethod
    def applied(self, case: Case, now: datetime) -> Case:
        """Return the case after the act; only called when nothing refuses it."""


def published(case: Case) -> bool:
    """Tell whether the report is out, or on its way out right now."""
    on_its_way = any(each.startswith(PUBLISHING) for each in case.under_way)
    return case.published_at is not None or on_its_way
