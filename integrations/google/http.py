"""Google's HTTP: each request sent once, and our words for what went wrong."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httplib2  # type: ignore[import-untyped]
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession
from googleapiclient import discovery_cache
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from requests import RequestException

from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.http import TIMEOUT, Timeout, connected_widely, lost, pause_asked
from integrations.request_gate import pass_gate

_THROTTLING = {"rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"}
_REASON = re.compile(r"[A-Za-z_]{1,60}")

_TODO = {
    "accessNotConfigured": "Switch this API on in the Google Cloud project.",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "Grant our scopes, then consent or delegate again.",
    "fileNotFound": "Check that it exists and is shared with the account that we act as.",
    "forbidden": "Give the account that we act as the right to change it.",
    "forbiddenForServiceAccounts": "Set PM_GOOGLE_SUBJECT and delegate our scopes to the "
    "service account: alone it may invite nobody.",
    "insufficientFilePermissions": "Give the account that we act as the right to change it.",
    "insufficientPermissions": "Grant our scopes, then consent or delegate again.",
    "notFound": "Check that it exists and is shared with the account that we act as.",
    "PERMISSION_DENIED": "Give the account that we act as the right to change it.",
    "quotaExceeded": "A daily quota is used up: raise it, or retry tomorrow.",
    "requiredAccessLevel": "Give the account that we act as the right to change events.",
    "storageQuotaExceeded": "The account's drive is full.",
}
"""What a person can do about a reason of Google's."""

_TOKEN_TODO = {
    "invalid_grant": "The consent was revoked or has expired, or the account to act as does not "
    "exist: consent again, or check PM_GOOGLE_SUBJECT and the key's age.",
    "unauthorized_client": "Domain-wide delegation lacks our client or one of our scopes: an "
    "administrator of the domain has to add it.",
    "invalid_client": "The client is unknown or its secret is wrong: put a new file there.",
    "access_denied": "An administrator of the domain has forbidden it.",
    "invalid_scope": "Domain-wide delegation lacks one of our scopes.",
}
"""What a person can do about an error of the token service."""


class Missing(Refused):
    """There is no such thing, or none that we may see."""


class Gone(Missing):
    """There was such a thing; somebody deleted it."""


class Exists(Refused):
    """The id is taken already."""


class Changed(Unavailable):
    """Somebody changed it since it was read: read again, apply again."""


class GoogleAccess:
    """Google's services at one address with one set of credentials, for all threads."""

    def __init__(self, credentials: Any, base_url: str = "", timeout: Timeout = TIMEOUT) -> None:
        made: Any = AuthorizedSession
        session = made(credentials)
        connected_widely(session)
        self._transport = _Transport(session, timeout)
        self._base_url = base_url.rstrip("/")

    def service(self, name: str, version: str) -> Any:
        """Return a service of googleapiclient, built from its own wheel without a request."""
        document = json.loads(discovery_cache.get_static_doc(name, version))
        if self._base_url:
            document["rootUrl"] = f"{self._base_url}/"
            document["baseUrl"] = f"{self._base_url}/{document['servicePath']}"
        return build_from_document(document, http=self._transport)


def call(request: Any, doing: str, *, reading: bool = False) -> dict[str, Any]:
    """Send one request once and return its JSON object, or raise our word for what went wrong.

    `doing` completes "Google refused to …". What only reads is never ambiguous.
    """
    answer = _sent(request, doing, reading=reading or request.method == "GET")
    if not isinstance(answer, dict):
        raise stranger(doing)
    return answer


def call_for_text(request: Any, doing: str) -> str:
    """Send one request that reads, and return its body as text."""
    answer = _sent(request, doing, reading=True)
    return answer.decode("utf-8-sig") if isinstance(answer, bytes) else str(answer)


class _Transport:
    """What googleapiclient takes for httplib2, over requests.

    httplib2 sends a POST twice when the far side closes the connection, and is not safe to
    share between threads. This puts each call on the wire once, and follows no redirect.
    """

    def __init__(self, session: Any, timeout: Timeout) -> None:
        self._session = session
        self._timeout = timeout

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_httplib2: object,
    ) -> tuple[Any, bytes]:
        """Send one request and return the answer in httplib2's shape."""
        answer = self._session.request(
            method,
            uri,
            data=body.encode() if isinstance(body, str) else body,
            headers=dict(headers or {}),
            timeout=self._timeout,
            allow_redirects=False,
        )
        shaped = httplib2.Response({**answer.headers, "status": str(answer.status_code)})
        shaped.reason = answer.reason
        return shaped, answer.content

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()


def _sent(request: Any, doing: str, *, reading: bool) -> Any:
    pass_gate()
    try:
        return request.execute(num_retries=0)
    except HttpError as error:
        raise _refusal(error, doing, reading=reading) from None
    except RefreshError as error:
        if error.retryable:
            raise Unavailable(f"Google gave no access token to {doing}.") from None
        raise Refused(f"Google gave us no access to {doing}. {_token_todo(error)}") from None
    except TransportError:
        raise Unavailable(f"Google's token service could not be reached to {doing}.") from None
    except GoogleAuthError:
        raise Refused(f"Google's credentials cannot be used to {doing}.") from None
    except RequestException as error:
        raise lost("Google", doing, error, reading=reading) from None
    except ValueError:
        raise stranger(doing) from None


def _refusal(error: HttpError, doing: str, *, reading: bool) -> ServiceError:
    status, reason = error.status_code, _reason(error)
    told = (
        f"Google refused to {doing} ({status} {reason})."
        if reason
        else (f"Google refused to {doing} ({status}).")
    )
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.FORBIDDEN and reason in _THROTTLING
    ):
        return Throttled(f"Google asks for a pause: {told}", retry_after=pause_asked(error.resp))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed = f"Google failed to {doing} ({status})."
        return Unavailable(failed) if reading else Ambiguous(failed)
    if status < HTTPStatus.BAD_REQUEST:
        return stranger(doing)
    kind: dict[int, type[ServiceError]] = {
        HTTPStatus.NOT_FOUND: Missing,
        HTTPStatus.GONE: Gone,
        HTTPStatus.CONFLICT: Exists,
        HTTPStatus.PRECONDITION_FAILED: Changed,
    }
    todo = f" {_TODO[reason]}" if reason in _TODO else ""
    return kind.get(status, Refused)(f"{told}{todo}")


def stranger(doing: str) -> Refused:
    """Return our word for an answer that cannot be Google's."""
    return Refused(
        f"Something that is not Google answered when asked to {doing}. Check that no proxy or "
        "sign-in page stands between us and Google."
    )


def _token_todo(error: RefreshError) -> str:
    """Say what to do, from the error's code alone; the vendor's words stay with it."""
    told = " ".join(str(each) for each in error.args)
    known = (todo for code, todo in _TOKEN_TODO.items() if re.search(rf"\b{code}\b", told))
    return next(known, "Check Google's credentials in the settings.")


def _reason(error: HttpError) -> str:
    """Return the vendor's reason code, never its words."""
    try:
        told = json.loads(error.content)["error"]
        reasons = [each.get("reason", "") for each in told.get("errors") or told.get("details", [])]
        reason = next(filter(None, reasons), "") or told.get("status", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return reason if isinstance(reason, str) and _REASON.fullmatch(reason) else ""
