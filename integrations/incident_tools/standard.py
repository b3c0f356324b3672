"""Our own signed webhook, for any tool: the body is the Incident schema of docs/, as it stands."""

from collections.abc import Sequence

from pydantic import ValidationError

from domain.incident import Incident
from integrations.incident_tools.source import Malformed, fields_of, is_signed, marked

HEADER = "X-Aftermath-Signature"


def verify(secrets: Sequence[str], raw_body: bytes, header: str) -> bool:
    """Tell whether `X-Aftermath-Signature: sha256=…` signs this body with one of our secrets."""
    return is_signed(secrets, raw_body, marked(header, "sha256="))


def incident_from(body: bytes) -> Incident:
    """Return the incident that a body tells of.

    Raises:
        Malformed: the body is not the Incident schema; the text names the fields.
    """
    try:
        return Incident.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(f"This is no incident of our schema: {fields_of(error)}.") from None
