"""Google's token endpoint: an access token for a refresh token, or for a signed assertion."""

import base64
import json
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel

from simulator.errors import token_error
from simulator.google.accounts.access_tokens import AccessTokens
from simulator.google.accounts.credentials import Accounts
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Settings, WorldHere

router = APIRouter()

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLAIMS = {"iss": str, "sub": str, "scope": str, "aud": str, "iat": int, "exp": int}


class Asked(BaseModel):
    """What is handed in, by either way."""

    grant_type: str = ""
    assertion: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""


@router.post("/token")
async def token(world: WorldHere, asked: Annotated[Asked, Form()]) -> JSON:
    """Give an access token for a signed assertion or a refresh token."""
    if error := world.settings.google_token_error:
        raise token_error(error)
    if asked.grant_type == _JWT_BEARER:
        claims = _claims(asked.assertion)
        Accounts(world).refuse_unbelievable(asked.assertion, claims)
        _refuse_undelegated(world.settings, claims)
        return AccessTokens(world).issue(_stood_for(claims), str(claims["scope"]))
    if asked.grant_type != "refresh_token":
        raise token_error("unsupported_grant_type", f"Invalid grant_type: {asked.grant_type}")
    if not asked.refresh_token:
        raise token_error("invalid_request", "Missing required parameter: refresh_token")
    client = asked.client_id, asked.client_secret
    granted = Accounts(world).consented(client, asked.refresh_token, asked.scope)
    return AccessTokens(world).issue(*granted)


def _claims(assertion: str) -> JSON:
    try:
        told = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    except (IndexError, ValueError):
        claims = None
    if claims is None or misfit(claims, _CLAIMS):
        raise token_error("invalid_grant", "Invalid JWT: Failed to decode the assertion.")
    return dict(claims)


def _refuse_undelegated(settings: Settings, claims: JSON) -> None:
    asked = set(str(claims.get("scope") or "").split())
    if not asked:
        raise token_error("invalid_scope")
    delegated = settings.google_delegated_scopes
    if claims.get("sub") and delegated is not None and not asked <= set(delegated):
        raise token_error("unauthorized_client")


def _stood_for(claims: JSON) -> str:
    bearer = str(claims.get("sub") or claims.get("iss") or "")
    if not bearer:
        raise token_error("invalid_grant", "Invalid JWT: neither iss nor sub is given.")
    return bearer
