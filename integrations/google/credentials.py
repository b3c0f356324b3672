"""Google's credentials as a deployment keeps them: one of two files, or a token as it stands."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integrations.errors import Refused
from integrations.google.access import (
    SCOPES,
    SCOPES_FOR_PEOPLES_FOLDER,
    TOKEN_URI,
    refreshing_token,
    service_account_for,
    static_token,
)

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
