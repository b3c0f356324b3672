"""Names that make doing something twice do it once."""

import hashlib

from pydantic import BaseModel

from domain.case import Case


def outside_key(case: Case, purpose: str) -> str:
    """Return the key that a far system knows one thing of one case by."""
    revision = case.rules.revision if case.rules else 1
    return f"{case.id}:r{revision}:{purpose}"


def fingerprint(value: BaseModel) -> str:
    """Return a short digest of a wanted state; it serves as its version."""
    return hashlib.sha256(value.model_dump_json().encode()).hexdigest()[:16]
