"""What an incident tool tells us: the incident, its severity, who took part."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from domain.engine.value import FromOutside, PersonId, Value
from domain.plain_text import Lines, OneLine

LONGEST_TITLE, LONGEST_URL, LONGEST_SERVICE = 200, 500, 80
MOST_PARTICIPANTS = 100

IncidentKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
"""The incident tool's own key, as people say it: `INC-204`."""

ServiceId = Annotated[OneLine, Field(min_length=1, max_length=LONGEST_SERVICE)]
"""What the organisation file calls a service, or a tool that knows one which is not in there."""

FieldName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class Severity(StrEnum):
    """How bad it was; sev1 is worst."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"
    SEV5 = "sev5"


class Role(StrEnum):
    """What a person was, or is, to one incident and its postmortem."""

    INCIDENT_COMMANDER = "incident commander"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    RESPONDER = "responder"
    SERVICE_OWNER = "service owner"
    ENGINEERING_MANAGER = "engineering manager"
    PRODUCT_MANAGER = "product manager"
    POSTMORTEM_OWNER = "postmortem owner"
    FACILITATOR = "facilitator"
    CUSTOMER_LIAISON = "customer liaison"


class Participant(Value):
    """One person in one role."""

    person: PersonId
    role: Role


class Incident(FromOutside):
    """A resolved incident, in our words; the payload of `incident_resolved`.

    All instants carry an offset. `services` are ids of the organisation file; the first is
    the most affected one and decides whose calendar sets the limits. Texts are plain: letters
    that nobody sees are taken out before their lengths are counted. `shortened` names the fields
    of which the tool said more than fits in here.
    """

    key: IncidentKey
    title: Annotated[OneLine, Field(min_length=1, max_length=LONGEST_TITLE)]
    severity: Severity
    services: Annotated[tuple[ServiceId, ...], Field(min_length=1, max_length=20)]
    resolved_at: AwareDatetime
    started_at: AwareDatetime | None = None
    detected_at: AwareDatetime | None = None
    summary: Annotated[Lines, Field(max_length=2000)] = ""
    url: Annotated[OneLine, Field(max_length=LONGEST_URL)] = ""
    source: Annotated[OneLine, Field(max_length=40)] = "generic"
    participants: Annotated[tuple[Participant, ...], Field(max_length=MOST_PARTICIPANTS)] = ()
    shortened: Annotated[tuple[FieldName, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> "Incident":
        if self.started_at is not None and self.started_at > self.resolved_at:
            raise ValueError("The incident starts after it was resolved: check started_at.")
        return self

    def people_in(self, *roles: Role) -> tuple[PersonId, ...]:
        """Return who held one of the roles, in the order told, each once."""
        held = (each.person for each in self.participants if each.role in roles)
        return tuple(dict.fromkeys(held))

    def facts(self, process_name: str) -> "IncidentFacts":
        """Return what every notice says of it; the process bears the name that people gave it."""
        return IncidentFacts(
            key=self.key,
            title=self.title,
            severity=self.severity,
            summary=self.summary,
            url=self.url,
            process_name=process_name,
        )

    @property
    def began_at(self) -> datetime:
        """The earliest instant we know of."""
        return min(filter(None, (self.started_at, self.detected_at, self.resolved_at)))


class IncidentFacts(Value):
    """What every notice, document and ticket of a case speaks of."""

    key: str
    title: str
    severity: Severity
    summary: str = ""
    url: str = ""
    process_name: str
