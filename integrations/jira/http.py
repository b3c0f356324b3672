"""Requests to Jira: each sent once, its answer believed only if it is what was asked for."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jira import JIRA
from requests import RequestException, Response, Session

from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.http import Timeout, connected_widely, lost, pause_asked
from integrations.request_gate import pass_gate

_EXPECTED = {
    "GET": {HTTPStatus.OK},
    "POST": {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT},
    "PUT": {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT},
}
_FIELD = re.compile(r"[A-Za-z0-9_]{1,40}")

_TODO = {
    HTTPStatus.UNAUTHORIZED: "Check the account and the token of Jira in the settings.",
    HTTPStatus.FORBIDDEN: "Check that our account may do this in the project.",
    HTTPStatus.NOT_FOUND: "Check that it exists and that our account may see it.",
    HTTPStatus.GONE: "It was removed.",
}


class Rejected(Refused):
    """Jira read the request and said no: certainly nothing was done."""


class Unseen(Rejected):
    """There is no such thing, or none that we may see."""


class JiraHttp:
    """One Jira site, as one account, for all threads.

    `auth` is (mail address, API token), or a bearer token alone.
    """

    def __init__(
        self, server: str, auth: tuple[str, str] | str, version: str, timeout: Timeout
    ) -> None:
        basic, token = (None, auth) if isinstance(auth, str) else (auth, None)
        self._jira = JIRA(
            server=server.rstrip("/"),
            options={"rest_api_version": version},
            basic_auth=basic,
            token_auth=token,
            get_server_info=False,
            max_retries=0,
            timeout=timeout,
        )
        self._timeout = timeout
        connected_widely(self._session)

    def ask(  # noqa: PLR0913 - a request, and how its answer is taken
        self,
        method: str,
        path: str,
        doing: str,
        body: object = None,
        *,
        reading: bool = False,
        expected: int | None = None,
    ) -> dict[str, Any]:
        """Send one request once and return its JSON object, or raise our word for the trouble.

        `doing` completes "Jira refused to …". What only reads is never ambiguous. An answer
        without content is an empty object.
        """
        reading = reading or method == "GET"
        answer = self._answer(method, path, doing, body, reading=reading)
        fine = {expected} if expected else _EXPECTED[method]
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise _refusal(answer, doing, reading=reading)
        if answer.status_code == HTTPStatus.NO_CONTENT and HTTPStatus.NO_CONTENT in fine:
            return {}
        told = _json(answer) if answer.status_code in fine else None
        if not isinstance(told, dict):
            raise Refused(
                f"Something that is not Jira answered when asked to {doing}. Check the address "
                "of Jira, and that no proxy or sign-in page stands before it."
            )
        return told

    @property
    def _session(self) -> Session:
        session: Session = self._jira._session  # noqa: SLF001 - the library's own methods retry
        return session

    def _answer(
        self, method: str, path: str, doing: str, body: object, *, reading: bool
    ) -> Response:
        pass_gate()
        url = self._jira._get_url(path)  # noqa: SLF001
        try:
            # Past the library's own `request`, which reads error bodies of any shape and fails.
            return Session.request(
                self._session,
                method,
                url,
                data=None if body is None else json.dumps(body),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except RequestException as error:
            trouble = lost("Jira", doing, error, reading=reading)
        raise trouble


def _refusal(answer: Response, doing: str, *, reading: bool) -> ServiceError:
    status, headers = answer.status_code, answer.headers
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in headers
    ):
        told = f"Jira asks for a pause before it is to {doing}."
        return Throttled(told, retry_after=pause_asked(headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed = f"Jira failed to {doing} ({status})."
        return Unavailable(failed) if reading else Ambiguous(failed)
    if status in {HTTPStatus.CONFLICT, HTTPStatus.REQUEST_TIMEOUT}:
        return Unavailable(f"Jira was busy when asked to {doing} ({status}).")
    fields = _fields(answer)
    told = f"Jira refused to {doing} ({status}{f', field {fields}' if fields else ''})."
    if todo := _todo(status, headers, fields):
        told = f"{told} {todo}"
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused(told)
    kind = Unseen if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE} else Rejected
    return kind(told)


def _todo(status: int, headers: Mapping[str, str], fields: str) -> str:
    """Say what a person can do about a refusal."""
    if "CAPTCHA" in headers.get("X-Authentication-Denied-Reason", "").upper():
        return "Sign in once as our account in a browser, to answer Jira's captcha."
    if fields:
        return "Set what the project needs under issue_projects in the organisation file."
    return _TODO.get(HTTPStatus(status), "") if status in _TODO else ""


def _fields(answer: Response) -> str:
    """Name the fields that Jira refuses: ops need them, and they are not Jira's words."""
    told = _json(answer)
    named = told.get("errors") if isinstance(told, dict) else None
    names = [name for name in named if _FIELD.fullmatch(name)] if isinstance(named, dict) else []
    return ", ".join(sorted(names))


def _json(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
