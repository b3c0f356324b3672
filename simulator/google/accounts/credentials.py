"""Whom Google's token endpoint believes: accounts that consented, and service accounts' keys.

Until the first of them is made known, everybody is believed.
"""

import base64
from typing import Any

from google.auth import crypt
from pydantic import BaseModel, ConfigDict

from simulator.errors import token_error
from simulator.store import JSON
from simulator.world import World

_CONSENTS, _ROBOTS = "consents", "service_accounts"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_LONGEST_SECONDS = 3600
_LONG_LIVED = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


class Consent(BaseModel):
    """What one account allowed one application, once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    client_id: str
    client_secret: str
    refresh_token: str
    scopes: list[str]


class ServiceAccount(BaseModel):
    """A robot, and the public half of its key as PEM."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    public_key: str


class Accounts:
    """Checks what is handed to the token endpoint against what was made known."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_consent(self, consent: Consent) -> None:
        """Let a refresh token be good for what its account allowed."""
        self._world.store.put(_CONSENTS, consent.refresh_token, consent.model_dump())

    def add_robot(self, robot: ServiceAccount) -> None:
        """Let a service account sign for itself, and for those it stands in for."""
        self._world.store.put(_ROBOTS, robot.email, robot.model_dump())

    @property
    def are_known(self) -> bool:
        """Say whether anyone was made known, so that nobody else is believed."""
        return bool(self._world.store.count(_CONSENTS) + self._world.store.count(_ROBOTS))

    def consented(self, client: tuple[str, str], refresh_token: str, scope: str) -> tuple[str, str]:
        """Return the account that a refresh token stands for, and the scopes it grants."""
        if not self.are_known:
            return self._world.settings.account, scope
        name, secret = client
        clients = {c["client_id"]: c["client_secret"] for c in self._world.store.all(_CONSENTS)}
        if name not in clients:
            raise token_error("invalid_client")
        if clients[name] != secret:
            raise token_error("invalid_client", "Unauthorized")
        consent = self._world.store.get(_CONSENTS, refresh_token)
        if consent is None:
            raise token_error("invalid_grant", "Bad Request")
        if consent["client_id"] != name:
            raise token_error("unauthorized_client", "Unauthorized")
        asked = scope.split() or consent["scopes"]
        if not set(asked) <= set(consent["scopes"]):
            raise token_error("invalid_scope")
        return str(consent["account"]), " ".join(asked)

    def refuse_unbelievable(self, assertion: str, claims: JSON) -> None:
        """Refuse an assertion that no known service account signed, or not as it has to."""
        if not self.are_known:
            return
        robot = self._world.store.get(_ROBOTS, str(claims.get("iss")))
        if robot is None:
            raise token_error("invalid_grant", "Invalid grant: account not found")
        if not _is_signed(assertion, robot["public_key"]):
            raise token_error("invalid_grant", "Invalid JWT Signature.")
        if claims.get("aud") != _AUDIENCE:
            raise token_error("invalid_grant", "Invalid JWT: Failed audience check.")
        # Only their distance: the world's clock may be far from the one that a client reads.
        if not 0 < (claims.get("exp") or 0) - (claims.get("iat") or 0) <= _LONGEST_SECONDS:
            raise token_error("invalid_grant", _LONG_LIVED)
        person = claims.get("sub")
        if person and self._world.store.get("people", str(person).lower()) is None:
            raise token_error("invalid_grant", "Invalid email or User ID")


def _is_signed(assertion: str, public_key: str) -> bool:
    signed, _, signature = assertion.rpartition(".")
    verify: Any = crypt.verify_signature
    try:
        given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    return bool(verify(signed, given, public_key))
