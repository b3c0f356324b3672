"""The Google accounts of a test: their secrets in files, and the simulated Google that knows them.

The secrets are made here, anew in each test, so that whatever holds one has got it from us.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.simulated import World

ROBOT = "robot@project.iam.gserviceaccount.com"


@dataclass(frozen=True)
class Consented:
    """What an account's consent left: an OAuth client, and a refresh token."""

    client_id: str = "client.apps.googleusercontent.com"
    client_secret: str = field(default_factory=lambda: f"GOCSPX-{secrets.token_hex(14)}")
    refresh_token: str = field(default_factory=lambda: f"1//{secrets.token_hex(40)}")

    def told_to(self, world: World, account: str, scopes: Sequence[str]) -> None:
        body = vars(self) | {"account": account, "scopes": list(scopes)}
        world.tell("consents", body)

    def kept_in(self, folder: Path, world: World) -> Path:
        """Write the file as google-auth writes an account's credentials."""
        file = folder / "consent.json"
        kept = vars(self) | {"type": "authorized_user", "token_uri": f"{world.url}/token"}
        file.write_text(json.dumps(kept))
        return file


@cache
def robots_key() -> rsa.RSAPrivateKey:
    """Return the key of the service account; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def make_robot_known(world: World, email: str = ROBOT) -> None:
    public = robots_key().public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    world.tell("service-accounts", {"email": email, "public_key": pem.decode()})


def service_account_key(url: str, email: str = ROBOT) -> dict[str, str]:
    """Return a service account's key as Google's console gives it."""
    return {
        "type": "service_account",
        "client_email": email,
        "private_key": private_pem(robots_key()),
        "token_uri": f"{url.rstrip('/')}/token",
    }


def key_file(folder: Path, world: World, email: str = ROBOT) -> Path:
    file = folder / "key.json"
    file.write_text(json.dumps(service_account_key(world.url, email)))
    return file
