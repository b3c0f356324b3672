"""Who is asked to own the postmortem, and who does."""

from pydantic import AwareDatetime

from domain.engine.value import PersonId, Value


class Passed(Value):
    """Somebody who was asked to own the postmortem and does not."""

    person: PersonId
    at: AwareDatetime
    reason: str


class Ownership(Value):
    """Who is asked to own the postmortem, and who does (PM: exactly one).

    `appointed` is somebody whom a leader named and whom the case does not know yet.
    `asked_to_appoint` is the manager who is asked when the commander names nobody; who owns it
    `by_default` is that manager, when nobody else was named.
    """

    candidates: tuple[PersonId, ...] = ()
    nominated_at: AwareDatetime | None = None
    passed: tuple[Passed, ...] = ()
    owner: PersonId | None = None
    accepted_at: AwareDatetime | None = None
    appointed: PersonId | None = None
    asked_to_appoint: PersonId | None = None
    asked_to_appoint_at: AwareDatetime | None = None
    by_default: bool = False

    @property
    def nominee(self) -> PersonId | None:
        """The candidate being asked, if anybody is left to ask."""
        gone = {each.person for each in self.passed}
        if self.owner is not None or self.nominated_at is None:
            return None
        return next((each for each in self.candidates if each not in gone), None)
