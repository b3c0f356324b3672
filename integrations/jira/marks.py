"""The marks by which a ticket is known: its key in Jira, and our label and proof."""

import hashlib
import re
from typing import Any

PROPERTY = "com.aftermath.key"
"""The proof that a ticket is ours: people can copy a label, and Jira copies it to clones."""

KEY = r"^[A-Z][A-Z0-9_]+-[1-9][0-9]*$"
"""How a ticket's key is written."""

_LABEL = re.compile(r"pm-([0-9a-f]{24})")


Issue = dict[str, Any]


def digest(key: str) -> str:
    """Return the hash of a key, which stands in the label and in the proof."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def label(key_digest: str) -> str:
    """Return the label of a key's hash."""
    return f"pm-{key_digest}"


def proof(key_digest: str) -> dict[str, Any]:
    """Return the entity property that a new ticket carries."""
    return {"key": PROPERTY, "value": {"key": key_digest}}


def is_key(text: str) -> bool:
    """Tell whether a text can be a ticket's key."""
    return bool(re.fullmatch(KEY, text))


def digests_of(issue: Issue) -> list[str]:
    """Return the hashes that an issue's labels name; labels alone prove nothing."""
    labels = issue.get("fields", {}).get("labels") or []
    return [found.group(1) for each in labels if (found := _LABEL.fullmatch(each))]
