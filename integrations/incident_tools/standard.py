"""Our own signed webhook, for any tool: the body is the Incident schema of docs/, as it stands."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from domain.incident import Incident
from integrations.inbound import TOLERANCE, Malformed, fields_of, is_signed, marked
from integrations.incident_tools.source import PAGERDUTY_KEYS


class Standard:
    """Any tool that sends our own schema.

    It signs the body together with the time: `t=1767225600,v1=…`, the HMAC-SHA256 of the seconds
    since 1970, a dot and the body. So whoever captures a delivery cannot send it again for long.
    """

    name = "generic"
    header = "X-Aftermath-Signature"
    gives_up_when_refused = False

    def verify(self, secrets: Sequence[str], raw_body: bytes, signature: str) -> bool:
        """Tell whether the header signs a time and this body with one of our secrets."""
        return any(
            is_signed(secrets, f"{time}.".encode() + raw_body, marked(signature, "v1="))
            for time in marked(signature, "t=")[:1]
        )

    def is_stale(self, raw_body: bytes, signature: str, now: datetime) -> bool:  # noqa: ARG002 - the header says when
        """Tell whether it was signed at another time than about now."""
        time = next(iter(marked(signature, "t=")), "")
        if not (time.isascii() and time.isdecimal() and len(time) <= LONGEST_TIME):
            return True
        return abs(now - datetime.fromtimestamp(int(time), UTC)) > TOLERANCE

    def read(self, body: bytes) -> Incident:
        """Return the incident that a body tells of.

        Raises:
            Malformed: the body is not the Incident schema; the text names the fields.
        """
        try:
            incident = Incident.model_validate_json(body)
        except ValidationError as error:
            raise Malformed(f"This is no incident of our schema: {fields_of(error)}.") from None
        if incident.key.upper().startswith(PAGERDUTY_KEYS):
            raise Malformed(f"Keys that begin with {PAGERDUTY_KEYS} are PagerDuty's: use another.")
        return incident


LONGEST_TIME = 11
"""Digits of a time in seconds, for the next three thousand years."""
