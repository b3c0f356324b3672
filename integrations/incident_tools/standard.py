"""Our own signed webhook, for any tool: the body is the Incident schema of docs/, as it stands."""

from collections.abc import Sequence

from pydantic import ValidationError

from domain.incident import Incident
from integrations.inbound import Malformed, fields_of, is_signed, marked


class Standard:
    """Any tool that sends our own schema."""

    name = "generic"
    header = "X-Aftermath-Signature"
    gives_up_when_refused = False

    def verify(self, secrets: Sequence[str], raw_body: bytes, signature: str) -> bool:
        """Tell whether `X-Aftermath-Signature: sha256=…` signs a body with one of our secrets."""
        return is_signed(secrets, raw_body, marked(signature, "sha256="))

    def read(self, body: bytes) -> Incident:
        """Return the incident that a body tells of.

        Raises:
            Malformed: the body is not the Incident schema; the text names the fields.
        """
        try:
            return Incident.model_validate_json(body)
        except ValidationError as error:
            raise Malformed(f"This is no incident of our schema: {fields_of(error)}.") from None
