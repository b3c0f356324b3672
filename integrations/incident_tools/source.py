"""What an incident tool is to us: a name, a header that signs, and a way to read its bodies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.incident import Incident
from integrations.inbound import Ignored

PAGERDUTY_KEYS = "PD-"
"""How the keys of PagerDuty begin; no other tool may take one of them."""


class IncidentSource(Protocol):
    """One tool that tells of incidents by webhook; `name` is the last part of its address."""

    @property
    def name(self) -> str:
        """What the tool is called in addresses, counts and logs."""
        ...

    @property
    def header(self) -> str:
        """The header that signs a body."""
        ...

    @property
    def gives_up_when_refused(self) -> bool:
        """Whether refusing a genuine body would make the tool stop telling us anything."""
        ...

    def verify(self, secrets: Sequence[str], raw_body: bytes, signature: str) -> bool:
        """Tell whether the header's value signs this body with one of our secrets."""
        ...

    def is_stale(self, raw_body: bytes, signature: str, now: datetime) -> bool:
        """Tell whether a genuine body is older than the tool itself would send it."""
        ...

    def read(self, body: bytes) -> Incident | Ignored:
        """Return the incident that a body tells of, or why it starts nothing.

        Raises:
            Malformed: the body is not what the tool promised to send.
        """
        ...
