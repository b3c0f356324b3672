"""What cases tell Temporal, encrypted: it keeps and forwards what it cannot read.

Every payload with its metadata becomes one AES-256-GCM ciphertext under the newest key, and names
that key. What comes in clear is let through: tools tell us facts without a key of ours, and nothing
is believed because it was encrypted.
"""

import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from domain.engine.value import PersonId
from integrations.keys import held

ENCODING = b"binary/encrypted"
_ENCODING, _KEY = "encoding", "key"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_NAME_BYTES = 4
_OPAQUE_BYTES = 6


class UnknownKey(Exception):
    """What Temporal keeps was encrypted with a key that is not among ours, or was changed."""


def encryption(keys: Sequence[SecretStr]) -> "Encryption | None":
    """Return what encrypts with these keys, or None where there are none: all is in clear."""
    return Encryption(held(keys)) if keys else None


class Encryption(PayloadCodec):
    """Encrypts with the last key, and decrypts with every one.

    Raises:
        ValueError: there is no key, or an empty one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("Encryption needs at least one key, and none of them empty.")
        self._ring = {_name(key): AESGCM(_derived(key, b"cipher", _KEY_BYTES)) for key in keys}
        self._newest = _name(keys[-1])
        self._people = _derived(keys[-1], b"people", _KEY_BYTES)

    def opaque(self, person: PersonId) -> str:
        """Return what stands for a person in what Temporal must read, under the newest key."""
        return hmac.digest(self._people, person.encode(), "sha256")[:_OPAQUE_BYTES].hex()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads, each as one ciphertext."""
        return [self._encrypted(each) for each in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads as they were encrypted; those in clear as they are.

        Raises:
            UnknownKey: one was encrypted with a key that is not here, or was changed.
        """
        return [self._decrypted(each) for each in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ring[self._newest].encrypt(nonce, payload.SerializeToString(), self._newest)
        return Payload(metadata={_ENCODING: ENCODING, _KEY: self._newest}, data=nonce + sealed)

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get(_ENCODING) != ENCODING:
            return payload
        name = payload.metadata.get(_KEY, b"")
        if name not in self._ring:
            raise UnknownKey(f"No key {name.hex()} is among ours: put it back into the key list.")
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(self._ring[name].decrypt(nonce, sealed, name))
        except (InvalidTag, ValueError):
            raise UnknownKey(f"It was changed since key {name.hex()} encrypted it.") from None


class Keyless(PayloadCodec):
    """Stands where no key is: it encrypts nothing, and says so where something is encrypted."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads in clear."""
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads, which must be in clear.

        Raises:
            UnknownKey: one is encrypted.
        """
        if any(each.metadata.get(_ENCODING) == ENCODING for each in payloads):
            raise UnknownKey("What Temporal keeps is encrypted: set PM_PAYLOAD_KEYS to its keys.")
        return list(payloads)


def _name(key: str) -> bytes:
    """Return what names a key in clear; nothing of the key follows from it."""
    return _derived(key, b"name", _NAME_BYTES)


def _derived(key: str, purpose: bytes, length: int) -> bytes:
    """Return bytes for one purpose; a key is long and random, so that no salt is needed."""
    derivation = HKDF(SHA256(), length=length, salt=None, info=b"aftermath payload " + purpose)
    return derivation.derive(key.encode())
