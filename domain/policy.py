"""The numbers of the process as data: the policy file, and the rules that bind one case."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.calendar.spans import Span
from domain.engine.escalation import EscalationStep
from domain.engine.value import PersonId, Value
from domain.incident import Role, Severity


class Whom(StrEnum):
    """Who is told at a step of a ladder."""

    WAITED_FOR = "waited for"
    MANAGER = "manager"
    OWNER = "owner"
    COMMANDER = "commander"
    BACKUP_LIAISON = "backup liaison"
    HEAD_OF_SUPPORT = "head of support"
    PROCESS_OWNER = "process owner"


class LadderStep(EscalationStep):
    """One step of a ladder, as the policy may write it."""

    tell: Whom


class Connected(Value):
    """Which integrations a deployment has; what is absent becomes a person's step."""

    calendar: bool = True
    documents: bool = True
    issues: bool = True


class SeverityRules(Value):
    """What depends on the severity."""

    eligible: bool
    meeting_within: Span
    meeting_minutes: Annotated[int, Field(ge=15, le=120)]
    action_due_days: Annotated[int, Field(ge=1)]
    external_message: bool
    meeting_may_be_waived: bool = False
    required_roles: tuple[Role, ...]
    optional_roles: tuple[Role, ...] = ()


class OwnershipRules(Value):
    """How many candidates are asked before a leader appoints."""

    candidates_at_most: Annotated[int, Field(ge=0)]


class MeetingRules(Value):
    """How the meeting is booked and prepared."""

    long_incident: Span
    long_incident_adds_minutes: int
    invite_after: Span
    pre_read_before: Span
    booked_again_at_most: Annotated[int, Field(ge=0)]
    booked_again_in_silence: Annotated[int, Field(ge=0)]
    agenda: tuple[tuple[Annotated[int, Field(ge=1)], str], ...]


class DocumentRules(Value):
    """What the document consists of: heading and prompt, in order."""

    sections: tuple[tuple[str, str], ...]
    minimum_sections: tuple[str, ...]
    opening: str


class ActionRules(Value):
    """How proposals become tickets and are followed until done."""

    ticket_priorities: tuple[str, ...]
    cool_down: Span
    follow_up_every: Span
    left_alone_for: Span


class MessageRules(Value):
    """How the customer message leaves."""

    channel: Literal["manual", "mail"]
    mailing_list: PersonId | None = None
    hold_back: Span
    wrong_codes_allowed: Annotated[int, Field(ge=1)]
    code_requests_allowed: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _knows_where_to(self) -> Self:
        if self.channel == "mail" and self.mailing_list is None:
            raise ValueError("Channel mail needs a mailing_list.")
        return self


class PublicationRules(Value):
    """Who gets the report, and by when at the latest."""

    publish_by: Span
    lists: tuple[PersonId, ...] = ()


class Patience(Value):
    """After how long a case goes on by itself.

    Whoever says nothing about external text is followed by the next one; it is never a yes.
    """

    ownership: Span
    appointment: Span
    deleted_meeting: Span
    meeting_outcome: Span
    decisions: Span
    approval: Span


class ProcessOwnerRules(Value):
    """How often the process owner hears of what waits although its ladder is climbed."""

    hears_every: Span


class SteeringRules(Value):
    """For how long people may hold a case, or put its limits and reminders off."""

    hold_at_most: Span
    extend_at_most: Span
    snooze_at_most: Span
    snoozes_at_most: Annotated[int, Field(ge=0)]


class Rules(Value):
    """What holds for every severity."""

    ownership: OwnershipRules
    meeting: MeetingRules
    document: DocumentRules
    action_items: ActionRules
    message: MessageRules
    publication: PublicationRules
    patience: Patience
    process_owner: ProcessOwnerRules
    steering: SteeringRules
    ladders: dict[str, tuple[LadderStep, ...]]


class CaseRules(Rules):
    """The policy as it binds one case, frozen when the case starts.

    `revision` counts from 1; it is part of every key, so that a late second resolution of
    a finished incident never adopts the old event or tickets. `recorded_resolution` is the one
    that the record of a closed case is about, if there is one.
    """

    process_name: str
    severity: SeverityRules
    connected: Connected
    revision: int = 1
    recorded_resolution: AwareDatetime | None = None


class Policy(Rules):
    """The policy file, whole."""

    process_name: str = "postmortem"
    severities: dict[Severity, SeverityRules]
    priorities: dict[str, Severity]

    def rules_for(self, severity: Severity, connected: Connected, revision: int) -> CaseRules:
        """Return the rules that bind a case of this severity."""
        shared = {name: getattr(self, name) for name in Rules.model_fields}
        return CaseRules(
            **shared,
            process_name=self.process_name,
            severity=self.severities[severity],
            connected=connected,
            revision=revision,
        )

    def wants(self, severity: Severity) -> bool:
        """Tell whether incidents of this severity get a postmortem (S2: sev1 and sev2)."""
        known = self.severities.get(severity)
        return known is not None and known.eligible
