"""The links and codes in our mails: unforgeable, of one purpose each, holding ids and no time."""

import hashlib
import hmac
import json
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
    """What a genuine link says: which case, for whom, and which request if any.

    `revision` tells one postmortem of an incident from the next, which has the same case id.
    Whether it may still be used is for the case to say.
    """

    purpose: Purpose
    case: str
    revision: int
    person: PersonId
    request: str = ""

    def __post_init__(self) -> None:
        """Refuse a link that names a request without need, or lacks one."""
        if (self.purpose is Purpose.STEPS) == bool(self.request):
            raise ValueError(f"A {self.purpose.name} link names a request if and only if it must.")


class Links:
    """Makes and reads links; the last key signs, every key is believed.

    The codes have keys of their own: who can sign a link still cannot make its code. The same
    ids give the same link and code each time, so a mail that is sent twice is the same mail twice.
    """

    def __init__(self, keys: Sequence[str], code_keys: Sequence[str], base_url: str) -> None:
        if not keys or not all(keys) or not code_keys or not all(code_keys):
            raise ValueError("Links and codes need at least one key each, and none of them empty.")
        self._keys = list(keys)
        self._code_keys = list(code_keys)
        self._base_url = base_url.rstrip("/")

    def url(self, link: Link) -> str:
        """Return the address to put in a mail to one person."""
        ids = (link.case, link.revision, link.person, *filter(None, [link.request]))
        return f"{self._base_url}/{link.purpose}/{self._serializer(link.purpose).dumps(ids)}"

    def read(self, purpose: Purpose, token: str) -> Link | None:
        """Return what a token says, or None when it is not a token of ours for this purpose."""
        try:
            ids = self._serializer(purpose).loads(token)
        except BadData:
            return None
        match ids:
            case [str(case), int(revision), str(person)] if purpose is Purpose.STEPS:
                return Link(purpose, case, revision, person)
            case [str(case), int(revision), str(person), str(request)] if _asks(purpose, request):
                return Link(purpose, case, revision, person, request)
        return None

    def code(self, link: Link) -> str:
        """Return the six digits that stand only in one person's mails about a request."""
        return _code(self._code_keys[-1], link)

    def code_matches(self, link: Link, typed: str) -> bool:
        """Tell whether the digits typed are the code, whichever of our keys made it."""
        digits = "".join(typed.split()).encode()
        codes = [_code(key, link).encode() for key in self._code_keys]
        matches = [hmac.compare_digest(digits, code) for code in codes]
        return any(matches)

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._keys,
            salt=f"aftermath.link.{purpose}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def _asks(purpose: Purpose, request: str) -> bool:
    return purpose is not Purpose.STEPS and bool(request)


def _code(key: str, link: Link) -> str:
    # As JSON, so that no ids of one link read like those of another.
    ids = json.dumps([link.purpose, link.case, link.revision, link.request, link.person])
    digest = hmac.digest(key.encode(), f"aftermath.code{ids}".encode(), "sha256")
    return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
