"""Google's token endpoint, and who the bearer of a token is."""

import base64
import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request

from simulator.errors import VendorError, google_unauthenticated
from simulator.store import JSON
from simulator.world import WorldHere

router = APIRouter()

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME_SECONDS = 3599
_PREFIX = "ya29.simulator."


@router.post("/token")
async def token(
    world: WorldHere,
    grant_type: Annotated[str, Form()] = "",
    assertion: Annotated[str, Form()] = "",
    refresh_token: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
) -> JSON:
    """Give an access token for a signed assertion or a refresh token."""
    if grant_type == _JWT_BEARER:
        claims = _claims(assertion)
        bearer = str(claims.get("sub") or claims.get("iss") or "")
        return _granted(bearer, str(claims.get("scope", "")))
    if grant_type == "refresh_token" and refresh_token:
        return _granted(world.settings.account, scope)
    if grant_type == "refresh_token":
        raise _refused("invalid_request", "Missing required parameter: refresh_token")
    raise _refused("unsupported_grant_type", f"Invalid grant_type: {grant_type}")


async def _caller(request: Request, world: WorldHere) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise google_unauthenticated()
    if not given.startswith(_PREFIX):
        return world.settings.account
    return _decoded(given.removeprefix(_PREFIX))


Caller = Annotated[str, Depends(_caller)]


def _granted(bearer: str, scope: str) -> JSON:
    if not bearer:
        raise _refused("invalid_grant", "Invalid JWT: neither iss nor sub is given.")
    name = base64.urlsafe_b64encode(bearer.encode()).decode().rstrip("=")
    granted = {
        "access_token": _PREFIX + name,
        "expires_in": _LIFETIME_SECONDS,
        "token_type": "Bearer",
    }
    return granted | ({"scope": scope} if scope else {})


def _claims(assertion: str) -> JSON:
    try:
        return dict(json.loads(_decoded(assertion.split(".")[1])))
    except (IndexError, ValueError):
        raise _refused("invalid_grant", "Invalid JWT: Failed to decode the assertion.") from None


def _decoded(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _refused(error: str, description: str) -> VendorError:
    return VendorError(400, {"error": error, "error_description": description})
