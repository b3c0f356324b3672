"""What people said about the course of a case: held, put off, cancelled; who, why, how long."""

from typing import Literal

from pydantic import AwareDatetime

from domain.engine.value import PersonId, Value

Limit = Literal["meeting", "report"]
"""The limits of the policy that can be put off."""


class Word(Value):
    """Somebody said something, with their reason."""

    by: PersonId
    at: AwareDatetime
    reason: str = ""


class Hold(Word):
    """Everything stands still until an instant, or until somebody ends it."""

    until: AwareDatetime


class Extension(Word):
    """A limit of the policy lies later."""

    what: Limit
    until: AwareDatetime


class Snooze(Word):
    """What waits for one person is not chased until an instant."""

    person: PersonId
    until: AwareDatetime


class Steering(Value):
    """The course of a case: the hold that runs, those that are over, and what was put off."""

    hold: Hold | None = None
    over: tuple[Hold, ...] = ()
    extensions: tuple[Extension, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    cancelled: Word | None = None

    def extended(self, what: Limit) -> AwareDatetime | None:
        """Return until when a limit was put off, if it was."""
        return max((each.until for each in self.extensions if each.what == what), default=None)
