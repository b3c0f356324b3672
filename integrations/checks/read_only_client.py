"""A client that changes nothing at a vendor: GET requests, and no others."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import requests

from integrations.errors import Refused, ServiceError, Throttled, Unavailable
from integrations.http import TIMEOUT, Timeout, lost, pause_asked

Auth = tuple[str, str] | Callable[[requests.PreparedRequest], requests.PreparedRequest]


class Unknown(Refused):
    """There is no such thing, or none that we may see."""


class NotAllowed(Refused):
    """The credentials are not accepted, or do not allow it."""


def bearer(token: str) -> Auth:
    """Return authentication by a token, which no file of the machine's overrides."""

    def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return signed


class ReadOnlyClient:
    """One vendor's API, read only. Each question goes on the wire once; no redirect is followed."""

    def __init__(self, vendor: str, base_url: str, auth: Auth, timeout: Timeout = TIMEOUT) -> None:
        self._vendor = vendor
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._timeout = timeout

    def get(self, path: str, doing: str, **query: str | int) -> Any:
        """Return the JSON of an answer, or raise our word for the trouble.

        `doing` completes "Jira refused to …".
        """
        params: dict[str, str | int] = dict(query)
        try:
            answer = requests.get(
                f"{self._base_url}/{path}",
                params=params,
                auth=self._auth,
                headers={"Accept": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise lost(self._vendor, doing, error, reading=True) from None
        if answer.status_code != HTTPStatus.OK:
            raise self._refusal(answer.status_code, answer.headers, doing)
        try:
            return answer.json()
        except ValueError:
            raise self._stranger(doing) from None

    def get_object(self, path: str, doing: str, **query: str | int) -> dict[str, Any]:
        """Return the JSON object of an answer."""
        told = self.get(path, doing, **query)
        if not isinstance(told, dict):
            raise self._stranger(doing)
        return told

    def get_list(self, path: str, doing: str, **query: str | int) -> list[dict[str, Any]]:
        """Return the JSON list of an answer."""
        told = self.get(path, doing, **query)
        if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
            raise self._stranger(doing)
        return told

    def _refusal(self, status: int, headers: Mapping[str, str], doing: str) -> ServiceError:
        told = f"{self._vendor} refused to {doing} ({status})."
        match status:
            case HTTPStatus.TOO_MANY_REQUESTS:
                return Throttled(told, retry_after=pause_asked(headers))
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return Unknown(told)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                return NotAllowed(told)
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return Unavailable(f"{self._vendor} failed to {doing} ({status}).")
            case _:
                return Refused(told)

    def _stranger(self, doing: str) -> Refused:
        return Refused(f"Something that is not {self._vendor} answered when asked to {doing}.")
