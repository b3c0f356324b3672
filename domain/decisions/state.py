"""What leaders decided about a proposal, and what the owning team answered."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from domain.engine.value import PersonId, Value


class Verdict(StrEnum):
    """What leaders decided about a proposal (S0)."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DECLINED = "declined"
    ALREADY_DONE = "already done"


class Decision(Value):
    """One verdict with its reason, its consequence and who stands behind it.

    `recorded_by` is who wrote it down for them.
    """

    verdict: Verdict
    by: PersonId
    at: AwareDatetime
    recorded_by: PersonId | None = None
    reason: str = ""
    consequence: str = ""
    revisit: date | None = None
    committed_by: PersonId | None = None


class Confirmation(Value):
    """The owning team's yes to an accepted item; `by` is None when silence counted."""

    at: AwareDatetime
    by: PersonId | None = None
