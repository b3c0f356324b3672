"""PagerDuty: whether a webhook of its V3 is genuine, and the incident that it resolves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from domain.engine.value import PersonId
from domain.incident import (
    LONGEST_SERVICE,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_PARTICIPANTS,
    Incident,
    Participant,
    Role,
    Severity,
)
from domain.plain_text import one_line
from integrations.inbound import RETRIED_FOR, Ignored, Malformed, fields_of, is_signed, marked
from integrations.incident_tools.source import PAGERDUTY_KEYS as KEY_PREFIX
from integrations.ports import Names

TOOL = "pagerduty"
HOSTS = ".pagerduty.com"


class _Body(BaseModel):
    """PagerDuty adds fields and event types at any time: what we do not use is ignored."""

    model_config = ConfigDict(extra="ignore")


class _Reference(_Body):
    id: str
    summary: str | None = None


class _Incident(_Body):
    id: str
    number: int | None = None
    title: str | None = None
    html_url: str | None = None
    created_at: AwareDatetime | None = None
    service: _Reference
    assignees: tuple[_Reference, ...] = ()
    priority: _Reference | None = None


class _Event(_Body):
    event_type: str


class _Happened(_Body):
    occurred_at: AwareDatetime


class _Moment(_Body):
    event: _Happened


class _Resolution(_Event):
    occurred_at: AwareDatetime
    agent: _Reference | None = None
    data: _Incident


class _Delivery(_Body):
    event: _Event


class _ResolvedDelivery(_Body):
    event: _Resolution


class PagerDuty:
    """PagerDuty's V3 webhooks.

    `severities` maps the summaries of priorities (`P1`) to ours, in any case.
    """

    name = TOOL
    header = "X-PagerDuty-Signature"
    gives_up_when_refused = True

    def __init__(self, names: Names, severities: Mapping[str, str]) -> None:
        self._names = names
        self._severities = severities

    def verify(self, secrets: Sequence[str], raw_body: bytes, signature: str) -> bool:
        """Tell whether `X-PagerDuty-Signature` signs this body with one of our secrets."""
        return is_signed(secrets, raw_body, marked(signature, "v1="))

    def is_stale(self, raw_body: bytes, signature: str, now: datetime) -> bool:  # noqa: ARG002 - it signs no time
        """Tell whether it happened longer ago than PagerDuty tries to tell it: for 48 hours."""
        try:
            happened = _Moment.model_validate_json(raw_body).event.occurred_at
        except ValidationError:
            return False
        return now - happened > RETRIED_FOR

    def read(self, body: bytes) -> Incident | Ignored:
        """Return the incident that a delivery resolves, or why it starts nothing.

        A service that the organisation file does not know keeps PagerDuty's id: the case then
        shows it, whereas a dropped delivery would lose a postmortem without a trace. For the same
        reason what is too long is cut, and named.

        Raises:
            Malformed: the body is no delivery of PagerDuty's.
        """
        try:
            kind = _Delivery.model_validate_json(body).event.event_type
            if kind != "incident.resolved":
                return Ignored("only resolved incidents start a postmortem")
            event = _ResolvedDelivery.model_validate_json(body).event
            severity = _severity(event.data.priority, self._severities)
            if severity is None:
                return Ignored("no priority that the policy maps")
            return _incident(event, severity, self._names)
        except ValidationError as error:
            raise Malformed(f"This is no PagerDuty V3 event we know: {fields_of(error)}.") from None


def _severity(priority: _Reference | None, severities: Mapping[str, str]) -> Severity | None:
    if priority is None or priority.summary is None:
        return None
    ours = {name.casefold(): severity for name, severity in severities.items()}
    severity = ours.get(priority.summary.strip().casefold())
    return Severity(severity) if severity else None


def _incident(event: _Resolution, severity: Severity, names: Names) -> Incident:
    told, key, began = event.data, _key(event.data), event.data.created_at
    title, url = one_line(told.title or ""), one_line(told.html_url or "")
    service, people = one_line(_service(told.service, names)), _participants(event, names)
    longest = {
        "title": len(title) > LONGEST_TITLE,
        "services": len(service) > LONGEST_SERVICE,
        "url": len(url) > LONGEST_URL,
        "participants": len(people) > MOST_PARTICIPANTS,
    }
    return Incident(
        key=key,
        title=title[:LONGEST_TITLE] or f"Incident {key}",
        severity=severity,
        services=(service[:LONGEST_SERVICE],),
        resolved_at=event.occurred_at,
        started_at=began if began and began <= event.occurred_at else None,
        url=url[:LONGEST_URL],
        source=TOOL,
        participants=people[:MOST_PARTICIPANTS],
        shortened=tuple(name for name, too_long in longest.items() if too_long),
    )


def _key(told: _Incident) -> str:
    """Return the number that people say, and whose it is: each account counts for itself.

    Without an account, PagerDuty's id, which is one everywhere.
    """
    host = urlsplit(told.html_url or "").hostname or ""
    account = host.removesuffix(HOSTS) if host.endswith(HOSTS) else ""
    named = f"{account}-{told.number}" if account and told.number is not None else told.id
    return f"{KEY_PREFIX}{named}"


def _service(told: _Reference, names: Names) -> str:
    return (
        names.service_called(TOOL, told.id)
        or names.service_called(TOOL, told.summary or "")
        or told.id
    )


def _participants(event: _Resolution, names: Names) -> tuple[Participant, ...]:
    """Return those we know: the first assignee from the pool commanded, all others responded."""
    assigned = [names.person_called(TOOL, each.id) for each in event.data.assignees]
    resolver = names.person_called(TOOL, event.agent.id) if event.agent else None
    known = list(dict.fromkeys(person for person in [*assigned, resolver] if person))
    commander = next((each for each in assigned if each and names.commands_incidents(each)), None)
    return tuple(Participant(person=each, role=_role(each, commander)) for each in known)


def _role(person: PersonId, commander: PersonId | None) -> Role:
    return Role.INCIDENT_COMMANDER if person == commander else Role.RESPONDER
