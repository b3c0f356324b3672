"""Who the bearer of a Google token is, and what it may ask for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from simulator.errors import google_invalid_token, google_unauthenticated
from simulator.google.accounts.access_tokens import PREFIX, AccessTokens
from simulator.google.accounts.credentials import Accounts
from simulator.google.accounts.scopes import OWN_FILES, has_whole_drive, refuse_outside
from simulator.world import WorldHere

_SERVICE_ACCOUNT = ".iam.gserviceaccount.com"


@dataclass(frozen=True)
class Bearer:
    """Who asks; a token that names no scopes may ask for everything."""

    email: str
    scopes: frozenset[str] | None = None

    @property
    def is_service_account(self) -> bool:
        """Say whether this is a robot that stands for nobody."""
        return self.email.endswith(_SERVICE_ACCOUNT)

    @property
    def sees_own_files_only(self) -> bool:
        """Say whether files that people made are hidden from this application."""
        scopes = self.scopes
        return scopes is not None and OWN_FILES in scopes and not has_whole_drive(scopes)


async def _bearer(request: Request, world: WorldHere) -> Bearer:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise google_unauthenticated()
    if not given.startswith(PREFIX) and not Accounts(world).are_known:
        return Bearer(world.settings.account)
    held = AccessTokens(world).living(given)
    if held is None:
        raise google_invalid_token(request.url.path)
    bearer = Bearer(held["email"], frozenset(held["scope"].split()) or None)
    refuse_outside(bearer.scopes, request.method, request.url.path)
    return bearer


BearerHere = Annotated[Bearer, Depends(_bearer)]


async def _caller(bearer: BearerHere) -> str:
    return bearer.email


Caller = Annotated[str, Depends(_caller)]
