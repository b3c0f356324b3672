"""Whether Google gives us a token, and for every scope that we need."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from integrations.checks.examination import Finding, fail, ok, warn
from integrations.errors import Unavailable
from integrations.google.credentials import SCOPES, WHOLE_DRIVE
from integrations.http import Timeout

_ALL = "https://www.googleapis.com/auth/"
_WIDER: Mapping[str, tuple[str, ...]] = {
    f"{_ALL}calendar.events": (f"{_ALL}calendar",),
    f"{_ALL}calendar.freebusy": (f"{_ALL}calendar", f"{_ALL}calendar.readonly"),
    f"{_ALL}drive.file": (WHOLE_DRIVE,),
}
"""Scopes that include another one."""

_NO_SUCH_ACCOUNT = "invalid_grant"


def scope_findings(
    credentials: Any, about: str, *, simulated: bool, timeout: Timeout
) -> Iterator[Finding]:
    """Yield what Google says to our credentials."""
    if isinstance(credentials, service_account.Credentials):
        yield from _delegated(credentials, about, timeout)
    elif credentials.refresh_token:
        yield from _consented(credentials, about, timeout)
    elif simulated:
        yield ok(about, "a token is set as it stands, for an address of its own.")
    else:
        yield warn(
            about,
            "PM_GOOGLE_TOKEN expires within the hour.",
            "Set PM_GOOGLE_REFRESH_TOKEN_FILE or PM_GOOGLE_SERVICE_ACCOUNT_FILE instead.",
        )


def sees_only_our_files(credentials: Any, timeout: Timeout) -> bool:
    """Tell whether Google is known to hide from us what people made: the consent decides.

    A service account asks for what it needs, and a bare token tells nothing.
    """
    if not getattr(credentials, "refresh_token", None):
        return False
    granted = _asked(credentials, timeout).scopes
    return bool(granted) and WHOLE_DRIVE not in granted


def _delegated(
    credentials: service_account.Credentials, about: str, timeout: Timeout
) -> Iterator[Finding]:
    answer = _asked(credentials, timeout)
    if not answer.refused:
        yield ok(about, "the service account gets a token: the delegation is granted.")
        return
    lacking = [] if answer.refused == _NO_SUCH_ACCOUNT else _refused_alone(credentials, timeout)
    if lacking:
        yield fail(
            about,
            f"the delegation lacks {len(lacking)} of {len(credentials.scopes)} scopes.",
            "In the Admin console, under Security > API controls > Domain-wide delegation, "
            f"authorise the client id of the key file for: {', '.join(lacking)}",
        )
        return
    yield fail(
        about,
        "Google does not accept the service account's key, or the account it acts as.",
        "Check PM_GOOGLE_SUBJECT, that the key still exists, and this machine's clock.",
    )


def _refused_alone(credentials: Any, timeout: Timeout) -> list[str]:
    alone = {scope: credentials.with_scopes([scope]) for scope in credentials.scopes}
    return [scope for scope, single in alone.items() if _asked(single, timeout).refused]


def _consented(credentials: Any, about: str, timeout: Timeout) -> Iterator[Finding]:
    again = "Give the account's consent again, and put the new refresh token into the file."
    answer = _asked(credentials, timeout)
    if answer.refused:
        yield fail(about, "Google does not accept the refresh token.", again)
        return
    granted = set(answer.scopes or SCOPES)
    lacking = [scope for scope in SCOPES if not granted & {scope, *_WIDER.get(scope, ())}]
    if lacking:
        told = f"the consent lacks {len(lacking)} of {len(SCOPES)} scopes: {', '.join(lacking)}."
        yield fail(about, told, again)
    else:
        yield ok(about, "the account gets a token for all scopes.")


@dataclass
class _Answer:
    """What the token service said: the code of its refusal, or the scopes it granted."""

    refused: str = ""
    scopes: tuple[str, ...] = ()


def _asked(credentials: Any, timeout: Timeout) -> _Answer:
    """Ask for a token.

    Raises:
        Unavailable: the token service is away.
    """
    away = "Google's token service could not be reached."
    answer = _Answer()
    with requests.Session() as session:
        made: Any = Request
        transport = made(session)

        def bounded(*args: Any, **kwargs: Any) -> Any:
            told = transport(*args, **{**kwargs, "timeout": timeout})
            # The library keeps the granted scopes only of credentials that name some.
            answer.scopes = _scopes(told.data)
            return told

        try:
            credentials.refresh(bounded)
        except TransportError:
            raise Unavailable(away) from None
        except RefreshError as error:
            if error.retryable:
                raise Unavailable(away) from None
            answer.refused = _code(error)
        except GoogleAuthError:
            answer.refused = "unusable"
    return answer


def _scopes(body: bytes) -> tuple[str, ...]:
    try:
        return tuple(str(json.loads(body).get("scope", "")).split())
    except (ValueError, AttributeError):
        return ()


def _code(error: RefreshError) -> str:
    told = error.args[1] if len(error.args) > 1 else {}
    return str(told.get("error", "refused")) if isinstance(told, dict) else "refused"
