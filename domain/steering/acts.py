"""Acts about the course of a case: hold, resume, extend, snooze, cancel; each with its reason."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.case import Case
from domain.engine.act import OPERATIONS, Act
from domain.engine.clock import due_at
from domain.engine.value import PersonId
from domain.moments import meeting_limit, report_limit
from domain.people import commander, home_calendar, process_owner
from domain.steering.state import Extension, Hold, Limit, Snooze, Word

KEPT = 20
"""Of how many holds and snoozes a case keeps the reasons."""

Reason = Annotated[str, Field(max_length=500, description="Reason")]
Until = Annotated[AwareDatetime, Field(description="Until when?")]


class Steer(Act[Case]):
    """An act of whoever answers for the case as a whole, who says why."""

    reason: Reason

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, the commander, and who runs the programme."""
        able = (case.ownership.owner, commander(case), process_owner(case), OPERATIONS)
        return frozenset(filter(None, able))

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the owner, the incident commander and the process owner do this. Ask one."

    def wrong(self, case: Case, now: datetime) -> str | None:
        """Refuse what says no reason; else say what is wrong with it."""
        return self.unfit(case, now) if self.reason.strip() else "Say why."

    def unfit(self, case: Case, now: datetime) -> str | None:
        """Say what is wrong with it, whatever the reason."""
        return None

    def word(self, now: datetime) -> dict[str, object]:
        """Return who said it when, and why."""
        return {"by": self.by, "at": now, "reason": self.reason.strip()}


class PutOnHold(Steer):
    """Nothing is sent and nothing falls due until an instant, or until somebody resumes it."""

    name: ClassVar[str] = "hold"

    until: Until

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While it goes on."""
        return case.steering.hold is None

    def unfit(self, case: Case, now: datetime) -> str | None:
        """Refuse a second hold, and one without a limit."""
        if case.steering.hold is not None:
            return "It is on hold already. Resume it first."
        return _too_far(case, now, self.until, case.binding.steering.hold_at_most)

    def applied(self, case: Case, now: datetime) -> Case:
        """Let it stand still."""
        hold = Hold.model_validate({**self.word(now), "until": self.until})
        return case.replace(steering=case.steering.replace(hold=hold))

    def noted_as(self) -> dict[str, str]:
        """Return until when."""
        return {"until": self.until.isoformat()}


class Resume(Steer):
    """The hold ends before its time."""

    name: ClassVar[str] = "resume"

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While it is on hold."""
        return case.steering.hold is not None

    def unfit(self, case: Case, now: datetime) -> str | None:
        """Refuse what is not on hold."""
        return None if case.steering.hold is not None else "It is not on hold. Nothing to do."

    def applied(self, case: Case, now: datetime) -> Case:
        """Let it go on; the time that it stood still counts nowhere."""
        return resumed(case, now)


def resumed(case: Case, now: datetime) -> Case:
    """Return the case going on, with every span that ran as much later as it stood still."""
    hold, steering = case.steering.hold, case.steering
    if hold is None:
        return case
    over = (*steering.over, hold)[-KEPT:]
    holds = (*case.holds, Interval(start=hold.at, end=now))
    return case.replace(steering=steering.replace(hold=None, over=over), holds=holds)


class Extend(Steer):
    """A limit of the policy lies later for this case."""

    name: ClassVar[str] = "extend"

    what: Annotated[Limit, Field(description="Which limit?")]
    until: Until

    @classmethod
    def offered(cls, case: Case) -> bool:
        """Until the report is out."""
        return case.published_at is None

    def unfit(self, case: Case, now: datetime) -> str | None:
        """Refuse what makes a limit no later, and what puts it off for too long."""
        limit = meeting_limit(case) if self.what == "meeting" else report_limit(case)
        if limit is None or self.until <= limit:
            return "That is not later than the limit is now. Choose a later time."
        furthest = case.binding.steering.extend_at_most
        return _too_far(case, max(now, limit), self.until, furthest)

    def applied(self, case: Case, now: datetime) -> Case:
        """Put it off."""
        extension = Extension.model_validate(
            {**self.word(now), "what": self.what, "until": self.until}
        )
        extensions = (*case.steering.extensions, extension)[-KEPT:]
        return case.replace(steering=case.steering.replace(extensions=extensions))

    def noted_as(self) -> dict[str, str]:
        """Return which limit, and until when."""
        return {"what": self.what, "until": self.until.isoformat()}


class SnoozeReminders(Steer):
    """Somebody needs until an instant for what waits for them: nobody is chased about it."""

    name: ClassVar[str] = "snooze"
    while_asked: ClassVar[bool] = True

    until: Until
    person: Annotated[str, Field(max_length=64)] = ""

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """Whoever can be waited for, for themselves; the commander and others for anybody."""
        people = case.directory.people if case.directory else ()
        return super().allowed_for(case) | frozenset(people)

    @classmethod
    def offered(cls, case: Case) -> bool:
        """While it goes on."""
        return case.steering.hold is None

    def unfit(self, case: Case, now: datetime) -> str | None:
        """Refuse another's reminders, too long a time, and more of it than the policy allows."""
        rules, whose = case.binding.steering, self.person or self.by
        if whose != self.by and self.by not in super().allowed_for(case):
            return "You can put off your own reminders only."
        if case.directory is None or whose not in case.directory.people:
            return "Say whose reminders: the id of somebody in this case."
        earlier = [each for each in case.steering.snoozes if each.person == whose]
        if any(each.until >= self.until for each in earlier):
            return "It is put off as long already. Nothing to do."
        if len(earlier) >= rules.snoozes_at_most:
            return "It was put off often enough. Give it to somebody else, or do it now."
        return _too_far(case, now, self.until, rules.snooze_at_most)

    def applied(self, case: Case, now: datetime) -> Case:
        """Leave them alone until then."""
        whose = self.person or self.by
        snooze = Snooze.model_validate({**self.word(now), "person": whose, "until": self.until})
        snoozes = (*case.steering.snoozes, snooze)[-KEPT:]
        return case.replace(steering=case.steering.replace(snoozes=snoozes))

    def noted_as(self) -> dict[str, str]:
        """Return whose, and until when."""
        return {"person": self.person or self.by, "until": self.until.isoformat()}


class Cancel(Steer):
    """It ends here: the event is called off, the document says so, and people are told once."""

    name: ClassVar[str] = "cancel"
    while_set_up: ClassVar[bool] = True

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The commander, and who runs the programme."""
        return frozenset(filter(None, (commander(case), process_owner(case), OPERATIONS)))

    @classmethod
    def offered(cls, case: Case) -> bool:
        """Always: whoever may, can."""
        return True

    def not_yours(self, case: Case) -> str:
        """Say who could do it."""
        return "Only the incident commander and the process owner cancel it. Ask one of them."

    def applied(self, case: Case, now: datetime) -> Case:
        """End it, in an orderly way."""
        word = Word.model_validate(self.word(now))
        return case.replace(steering=case.steering.replace(cancelled=word))


def _too_far(case: Case, since: datetime, until: datetime, furthest: Span) -> str | None:
    if until <= since:
        return "That time is over. Choose one in the future."
    if until > due_at(since, furthest, home_calendar(case)):
        return f"The policy allows {furthest.in_words} at the most. Choose an earlier time."
    return None
