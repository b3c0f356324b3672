"""SendGridNotifier: one mail to one person, handed over once per call."""

import base64
import hashlib
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

from domain.plain_text import one_line
from integrations.http import READ_SECONDS, understanding
from integrations.ports import Address, Mail
from integrations.sendgrid.http import HOST, SendGridHttp

_SILENT = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}
"""Tracking would rewrite our links, and the reader would see a stranger's address."""


class SendGridNotifier:
    """Mail through SendGrid, from one verified sender such as `Aftermath <pm@example.com>`."""

    def __init__(
        self, key: str, sender: str, host: str = HOST, timeout: float = READ_SECONDS
    ) -> None:
        name, email = parseaddr(sender)
        # A name beyond ASCII comes in a mail header's encoding; SendGrid wants it as it reads.
        self._sender = Address(email=email, name=str(make_header(decode_header(name))))
        self._http = SendGridHttp(key, host, timeout)

    @understanding("SendGrid")
    def send(self, mail: Mail) -> None:
        """Hand one message over; `Ambiguous` when nobody knows whether it left.

        SendGrid cannot be asked whether a mail was sent, so doing it twice may send it twice:
        both then carry the same key, Message-ID, content and links. What is certainly not sent
        (no connection, 4xx) is `Unavailable`, `Throttled` or `Refused`.
        """
        self._http.send(_payload(mail, self._sender))


def _payload(mail: Mail, sender: Address) -> dict[str, Any]:
    identity = hashlib.sha256(mail.key.encode()).hexdigest()[:40]
    marks = {"case": mail.case, "key": mail.key, "kind": mail.kind, "at": mail.at.isoformat()}
    payload: dict[str, Any] = {
        "personalizations": [{"to": [_party(mail.to)], "custom_args": marks}],
        "from": _party(sender),
        "subject": one_line(mail.subject),
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
