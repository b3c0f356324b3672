"""The links and codes in our mails: unforgeable, of one purpose each, holding ids and no time."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from domain.engine.value import PersonId

CODE_DIGITS = 6


class Purpose(StrEnum):
    """What a link lets its holder do; the value is the first part of its path."""

    STEPS = "s"
    APPROVAL = "a"
    WITHDRAW = "w"


@dataclass(frozen=True)
class Link:
    """What a genuine link says: which case, for whom, and which approval if any.

    Whether it may still be used is for the case to say.
    """

    purpose: Purpose
    case: str
    person: PersonId
    approval: str = ""


class Links:
    """Makes and reads links; the last key signs, every key is believed.

    The same ids give the same link and code each time, so a mail that is sent twice
    is the same mail twice.
    """

    def __init__(self, keys: Sequence[str], base_url: str) -> None:
        if not keys or not all(keys):
            raise ValueError("Links need at least one key, and none of them empty.")
        self._keys = list(keys)
        self._base_url = base_url.rstrip("/")

    def url(self, purpose: Purpose, case: str, person: PersonId, approval: str = "") -> str:
        """Return the address to put in a mail to one person."""
        if (purpose is Purpose.STEPS) == bool(approval):
            raise ValueError(
                f"A {purpose.name} link names an approval if and only if it needs one."
            )
        ids = [case, person] if purpose is Purpose.STEPS else [case, approval, person]
        token = self._serializer(purpose).dumps(ids)
        return f"{self._base_url}/{purpose}/{token}"

    def read(self, purpose: Purpose, token: str) -> Link | None:
        """Return what a token says, or None when it is not a token of ours for this purpose."""
        try:
            ids = self._serializer(purpose).loads(token)
        except BadData:
            return None
        match ids:
            case [str(case), str(person)] if purpose is Purpose.STEPS:
                return Link(purpose, case, person)
            case [str(case), str(approval), str(person)] if purpose is not Purpose.STEPS:
                return Link(purpose, case, person, approval)
        return None

    def code(self, approval_id: str, person: PersonId) -> str:
        """Return the six digits that stand only in the mail that asks for this approval."""
        return _code(self._keys[-1], approval_id, person)

    def code_matches(self, approval_id: str, person: PersonId, typed: str) -> bool:
        """Tell whether the digits typed are the code, whichever of our keys made it."""
        digits = "".join(typed.split()).encode()
        codes = [_code(key, approval_id, person).encode() for key in self._keys]
        matches = [hmac.compare_digest(digits, code) for code in codes]
        return any(matches)

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._keys,
            salt=f"aftermath.link.{purpose}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def _code(key: str, approval_id: str, person: PersonId) -> str:
    code_key = hmac.digest(key.encode(), b"aftermath.code", "sha256")
    # The null byte keeps two ids apart: no pair of them reads like another pair.
    digest = hmac.digest(code_key, f"{approval_id}\0{person}".encode(), "sha256")
    return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
