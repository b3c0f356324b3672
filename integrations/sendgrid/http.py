"""SendGrid's HTTP: each request sent once, and our words for what went wrong."""

import http.client
import logging
import ssl
import urllib.request
from http import HTTPStatus
from typing import Any
from urllib.error import URLError

import python_http_client  # type: ignore[import-untyped]
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]
from sendgrid import SendGridAPIClient

from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.http import pause_asked
from integrations.request_gate import pass_gate

HOST = "https://api.sendgrid.com"

_TODO: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Check PM_SENDGRID_KEY, and PM_SENDGRID_HOST for the EU.",
    HTTPStatus.FORBIDDEN: "Verify the sender at SendGrid, and let the key send mail.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The mail is too large.",
}


class SendGridHttp:
    """One key's way to SendGrid, for all threads."""

    def __init__(self, key: str, host: str, timeout: float) -> None:
        # The library writes its headers, and so our key, into its debug log.
        logging.getLogger("python_http_client").setLevel(logging.INFO)
        api = SendGridAPIClient(key, host=host.rstrip("/"))
        self._client = _OneRequest(
            host=api.host,
            request_headers=dict(api.client.request_headers),
            version=3,
            timeout=timeout,
        )
        self._client.opener = _opener()

    def send(self, payload: dict[str, Any]) -> None:
        """Hand one mail over once, or raise our word for what went wrong."""
        pass_gate()
        try:
            answer = self._client.mail.send.post(request_body=payload)
        except HTTPError as error:
            raise _refusal(error) from None
        except URLError as error:
            raise _lost(error.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise _lost(error) from None
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise Ambiguous(f"SendGrid answered {answer.status_code} instead of accepting a mail.")


def _refusal(error: HTTPError) -> ServiceError:
    status = int(error.status_code)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled("SendGrid asks for a pause.", retry_after=pause_asked(error.headers or {}))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Ambiguous(f"SendGrid failed while it took a mail ({status}).")
    told = f"SendGrid refused a mail ({status})."
    return Refused(f"{told} {_TODO[status]}" if status in _TODO else told)


def _lost(reason: object) -> ServiceError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Refused("SendGrid is not safely reachable at the configured address.")
    if isinstance(reason, _NotConnectedError):
        return Unavailable("SendGrid could not be reached.")
    return Ambiguous("SendGrid's answer to a mail was lost.")


class _NotConnectedError(OSError):
    """The connection was never made, so nothing was sent."""


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError:
            raise
        except OSError:
            raise _NotConnectedError from None


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same with TLS; a handshake that fails has sent nothing either."""


class _Handler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self) -> None:
        super().__init__()
        # To read all authorities again for each mail takes longer than the mail.
        self._trusted = ssl.create_default_context()

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req, context=self._trusted)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the library would take the key along to any host."""


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Handler, _SecureHandler, _NoRedirect)


class _OneRequest(python_http_client.Client):  # type: ignore[misc]
    """SendGrid's client, with connections that say whether anything was sent."""

    opener: urllib.request.OpenerDirector

    def _build_client(self, name: str | None = None) -> "_OneRequest":
        built = _OneRequest(
            host=self.host,
            version=self._version,
            request_headers=dict(self.request_headers),
            url_path=[*self._url_path, name] if name else self._url_path,
            timeout=self.timeout,
        )
        built.opener = self.opener
        return built

    def _make_request(self, _theirs: Any, request: Any, timeout: float | None = None) -> Any:
        return super()._make_request(self.opener, request, timeout=timeout)
