"""Google's credentials as a deployment keeps them: one of two files, or a token as it stands."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as oauth2
from google.oauth2 import service_account

from integrations.errors import Refused

SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.freebusy",
    "https://www.googleapis.com/auth/drive.file",
)
"""The least that works: events, busy times, and the files that we made ourselves."""

WHOLE_DRIVE = "https://www.googleapis.com/auth/drive"
"""What Google wants granted before it shows us a folder that people made."""

SCOPES_FOR_PEOPLES_FOLDER = (*SCOPES[:-1], WHOLE_DRIVE)

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, no secret

_OAUTH = ("client_id", "client_secret", "refresh_token")


def google_credentials(
    *,
    token: str | None = None,
    service_account_file: Path | None = None,
    subject: str | None = None,
    refresh_token_file: Path | None = None,
    peoples_folder: bool = False,
) -> Any | None:
    """Return the credentials that are there; None when there are none.

    A service account asks for its scopes itself: for those that show a folder of people's own
    only where there is to be one. A refresh token has the scopes that were consented to.

    Raises:
        Refused: a file cannot be used; nothing of what it holds is told.
    """
    if token is not None:
        return static_token(token)
    if service_account_file is not None:
        scopes = SCOPES_FOR_PEOPLES_FOLDER if peoples_folder else SCOPES
        return service_account_for(_kept(service_account_file), subject or "", scopes)
    if refresh_token_file is not None:
        kept = _kept(refresh_token_file, *_OAUTH)
        # Google's own library writes the address of the token service beside them.
        service = kept.get("token_uri") or TOKEN_URI
        return refreshing_token(**{name: kept[name] for name in _OAUTH}, token_uri=service)
    return None


def static_token(token: str) -> oauth2.Credentials:
    """Return credentials that never refresh; the simulator takes any."""
    return oauth2.Credentials(token=token)  # type: ignore[no-untyped-call]


def service_account_for(
    key: Mapping[str, Any], subject: str, scopes: Sequence[str] = SCOPES
) -> service_account.Credentials:
    """Return credentials of a service account that acts for `subject` by delegation."""
    reading: Any = service_account.Credentials
    try:
        credentials: service_account.Credentials = reading.from_service_account_info(
            dict(key), scopes=list(scopes), subject=subject
        )
    except (ValueError, GoogleAuthError):
        raise Refused("The Google service account key cannot be read.") from None
    return credentials


def refreshing_token(
    client_id: str,
    client_secret: str,
    refresh_token: str,
    token_uri: str = TOKEN_URI,
) -> oauth2.Credentials:
    """Return credentials of one Google account that consented once."""
    return oauth2.Credentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=refresh_token,
        client_id=client_id,
        client_secret=client_secret,
        token_uri=token_uri,
    )


def _kept(file: Path, *needed: str) -> Mapping[str, Any]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = None
    if not isinstance(kept, dict):
        raise Refused(f"{file} cannot be read as JSON: put the file there as Google gave it.")
    missing = [name for name in needed if not isinstance(kept.get(name), str)]
    if missing:
        raise Refused(f"{file} lacks {', '.join(missing)}: give the account's consent again.")
    return kept
