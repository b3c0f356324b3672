"""Google's token endpoint, and who the bearer of a token is and what it may ask for."""

import base64
import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request

from simulator.errors import VendorError, google_unauthenticated
from simulator.google_scopes import OWN_FILES, has_whole_drive, refuse_outside
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Settings, WorldHere

router = APIRouter()

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME_SECONDS = 3599
_PREFIX = "ya29.simulator."
_SERVICE_ACCOUNT = ".iam.gserviceaccount.com"
_UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
    "for any of the scopes requested."
)
_ERRORS = {
    "invalid_grant": (400, "Token has been expired or revoked."),
    "invalid_client": (401, "The OAuth client was not found."),
    "unauthorized_client": (401, _UNAUTHORIZED),
    "invalid_scope": (400, "Invalid OAuth scope or ID token audience provided."),
}


@dataclass(frozen=True)
class Bearer:
    """Who asks; a token that was not issued here may ask for everything."""

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


@router.post("/token")
async def token(
    world: WorldHere,
    grant_type: Annotated[str, Form()] = "",
    assertion: Annotated[str, Form()] = "",
    refresh_token: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
) -> JSON:
    """Give an access token for a signed assertion or a refresh token."""
    if error := world.settings.google_token_error:
        raise _refused(error)
    if grant_type == _JWT_BEARER:
        claims = _claims(assertion)
        _refuse_undelegated(world.settings, claims)
        bearer = str(claims.get("sub") or claims.get("iss") or "")
        return _granted(bearer, str(claims["scope"]))
    if grant_type == "refresh_token" and refresh_token:
        return _granted(world.settings.account, scope)
    if grant_type == "refresh_token":
        raise _refused("invalid_request", "Missing required parameter: refresh_token")
    raise _refused("unsupported_grant_type", f"Invalid grant_type: {grant_type}")


async def _bearer(request: Request, world: WorldHere) -> Bearer:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise google_unauthenticated()
    if not given.startswith(_PREFIX):
        return Bearer(world.settings.account)
    try:
        email, _, scopes = _decoded(given.removeprefix(_PREFIX)).partition(" ")
    except ValueError:
        email, scopes = "", ""
    if not email:
        raise google_unauthenticated()
    bearer = Bearer(email, frozenset(scopes.split()) or None)
    refuse_outside(bearer.scopes, request.method, request.url.path)
    return bearer


BearerHere = Annotated[Bearer, Depends(_bearer)]


async def _caller(bearer: BearerHere) -> str:
    return bearer.email


Caller = Annotated[str, Depends(_caller)]


def _refuse_undelegated(settings: Settings, claims: JSON) -> None:
    asked = set(str(claims.get("scope") or "").split())
    if not asked:
        raise _refused("invalid_scope")
    delegated = settings.google_delegated_scopes
    if claims.get("sub") and delegated is not None and not asked <= set(delegated):
        raise _refused("unauthorized_client")


def _granted(bearer: str, scope: str) -> JSON:
    if not bearer:
        raise _refused("invalid_grant", "Invalid JWT: neither iss nor sub is given.")
    name = base64.urlsafe_b64encode(f"{bearer} {scope}".encode()).decode().rstrip("=")
    granted = {
        "access_token": _PREFIX + name,
        "expires_in": _LIFETIME_SECONDS,
        "token_type": "Bearer",
    }
    return granted | ({"scope": scope} if scope else {})


def _claims(assertion: str) -> JSON:
    try:
        claims = json.loads(_decoded(assertion.split(".")[1]))
    except (IndexError, ValueError):
        claims = None
    if claims is None or misfit(claims, {"iss": str, "sub": str, "scope": str}):
        raise _refused("invalid_grant", "Invalid JWT: Failed to decode the assertion.")
    return dict(claims)


def _decoded(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _refused(error: str, description: str | None = None) -> VendorError:
    status, usual = _ERRORS.get(error, (400, "Bad Request"))
    return VendorError(status, {"error": error, "error_description": description or usual})
