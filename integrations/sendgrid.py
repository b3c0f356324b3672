"""SendGridNotifier: one mail to one person, handed over once per call."""

import base64
import hashlib
import http.client
import logging
import ssl
import urllib.request
from email.header import decode_header, make_header
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any
from urllib.error import URLError

import python_http_client  # type: ignore[import-untyped]
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]
from sendgrid import SendGridAPIClient

from domain.outside import Address, Mail
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.leave import ask_leave
from integrations.wire import READ_SECONDS, pause_asked, understanding

HOST = "https://api.sendgrid.com"

_SILENT = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}
"""Tracking would rewrite our links, and the reader would see a stranger's address."""


_TODO: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Check PM_SENDGRID_KEY, and PM_SENDGRID_HOST for the EU.",
    HTTPStatus.FORBIDDEN: "Verify the sender at SendGrid, and let the key send mail.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The mail is too large.",
}


class SendGridNotifier:
    """Mail through SendGrid, from one verified sender such as `Aftermath <pm@example.com>`."""

    def __init__(
        self, key: str, sender: str, host: str = HOST, timeout: float = READ_SECONDS
    ) -> None:
        # The library writes its headers, and so our key, into its debug log.
        logging.getLogger("python_http_client").setLevel(logging.INFO)
        name, email = parseaddr(sender)
        # A name beyond ASCII comes in a mail header's encoding; SendGrid wants it as it reads.
        self._sender = Address(email=email, name=str(make_header(decode_header(name))))
        api = SendGridAPIClient(key, host=host.rstrip("/"))
        self._client = _OneRequest(
            host=api.host,
            request_headers=dict(api.client.request_headers),
            version=3,
            timeout=timeout,
        )
        self._client.opener = _opener()

    @understanding("SendGrid")
    def send(self, mail: Mail) -> None:
        """Hand one message over; `Ambiguous` when nobody knows whether it left.

        SendGrid cannot be asked whether a mail was sent, so doing it twice may send it twice:
        both then carry the same key, Message-ID, content and links. What is certainly not sent
        (no connection, 4xx) is `Unavailable`, `Throttled` or `Refused`.
        """
        ask_leave()
        try:
            answer = self._client.mail.send.post(request_body=_payload(mail, self._sender))
        except HTTPError as error:
            raise _refusal(error) from None
        except URLError as error:
            raise _lost(error.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise _lost(error) from None
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise Ambiguous(f"SendGrid answered {answer.status_code} instead of accepting a mail.")


def _payload(mail: Mail, sender: Address) -> dict[str, Any]:
    identity = hashlib.sha256(mail.key.encode()).hexdigest()[:40]
    marks = {"case": mail.case, "key": mail.key, "kind": mail.kind, "at": mail.at.isoformat()}
    payload: dict[str, Any] = {
        "personalizations": [{"to": [_party(mail.to)], "custom_args": marks}],
        "from": _party(sender),
        "subject": " ".join(mail.subject.split()),
        "content": [
            {"type": "text/plain", "value": mail.text},
            {"type": "text/html", "value": mail.html},
        ],
        "headers": {
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{identity}@{sender.email.rpartition('@')[2]}>",
        },
        "categories": [mail.kind],
        "tracking_settings": _SILENT,
    }
    if mail.calendar_file:
        payload["attachments"] = [_invite(mail.calendar_file)]
    return payload


def _party(address: Address) -> dict[str, str]:
    name = {"name": address.name} if address.name else {}
    return {"email": address.email, **name}


def _invite(calendar_file: str) -> dict[str, str]:
    return {
        "content": base64.b64encode(calendar_file.encode()).decode(),
        "filename": "invite.ics",
        "type": "text/calendar",
        "disposition": "attachment",
    }


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
