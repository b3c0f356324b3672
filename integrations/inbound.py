"""What comes in by webhook: a signature that holds, and words for bodies that we do not use."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import ValidationError

TOLERANCE = timedelta(minutes=5)
"""By how much a signed time may differ from our clock."""

RETRIED_FOR = timedelta(days=3)
"""Longer than any tool tries to deliver; what is older was captured by somebody."""

FIELDS_NAMED = 5
FIELD_NAME_LENGTH = 60


class Malformed(ValueError):
    """The body is not what the tool promised to send; the text is one sentence of ours."""


@dataclass(frozen=True)
class Ignored:
    """A well-formed body that starts nothing, and why."""

    reason: str


def is_signed(secrets: Sequence[str], raw_body: bytes, signatures: Iterable[str]) -> bool:
    """Tell whether any signature is the HMAC-SHA256 of the body under any secret.

    Several secrets let one be replaced without losing a delivery. An empty secret never counts.
    """
    given = [each.strip().lower().encode() for each in signatures]
    # Once for each secret: a stranger's header may hold thousands of signatures.
    digests = [_hex_digest(secret, raw_body) for secret in secrets if secret]
    matches = [hmac.compare_digest(signature, ours) for ours in digests for signature in given]
    return any(matches)


def marked(header: str, mark: str) -> list[str]:
    """Return the signatures of one kind in a header such as `v1=ab12,v1=cd34`."""
    parts = (part.strip() for part in header.split(","))
    return [part.removeprefix(mark) for part in parts if part.startswith(mark)]


def fields_of(error: ValidationError) -> str:
    """Name the fields that are wrong, without any value that a stranger sent."""
    places = [".".join(str(part) for part in each["loc"]) or "the body" for each in error.errors()]
    named = [place[:FIELD_NAME_LENGTH] for place in dict.fromkeys(places)]
    more = len(named) - FIELDS_NAMED
    return ", ".join(named[:FIELDS_NAMED]) + (f" and {more} more" if more > 0 else "")


def _hex_digest(secret: str, raw_body: bytes) -> bytes:
    return hmac.new(secret.encode(), raw_body, hashlib.sha256).hexdigest().encode()
