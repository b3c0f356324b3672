"""How the vendors ask to be left alone for a while: their bodies and headers."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from math import ceil
from typing import Literal

from simulator.errors import vendor_of
from simulator.exchange import Answer
from simulator.store import JSON

Form = Literal["none", "seconds", "date"]

_FORBIDDEN = 403
_LIMIT = 600
_DOCS_QUOTA = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "RATE_LIMIT_EXCEEDED",
    "domain": "googleapis.com",
    "metadata": {
        "service": "docs.googleapis.com",
        "quota_metric": "docs.googleapis.com/write_requests",
        "quota_limit": "WriteRequestsPerMinutePerUser",
        "quota_limit_value": "60",
    },
}


def throttled(path: str, form: Form, seconds: float, status: int = 429) -> Answer:
    """Return a vendor's wish for a pause, told as seconds, as a date, or not at all.

    Dates are by the clock of the `Date` header, which is wall time.
    """
    vendor = vendor_of(path)
    if vendor == "sendgrid":
        return _answer(429, _SENDGRID_BODY, _sendgrid_headers(seconds))
    headers = _asking(form, seconds)
    if vendor == "jira":
        return _answer(429, _JIRA_BODY, headers | _jira_headers(seconds))
    if vendor == "google-docs":
        return _answer(429, _docs_body(), headers)
    if vendor == "google-token":
        return _answer(429, _TOKEN_BODY, headers)
    return _answer(status if status == _FORBIDDEN else 429, _google_body(status), headers)


def asks(path: str, form: Form) -> bool:
    """Say whether a vendor that throttles in this form tells for how long."""
    return form != "none" or vendor_of(path) == "sendgrid"


def _asking(form: Form, seconds: float) -> dict[str, str]:
    if form == "seconds":
        return {"retry-after": str(ceil(seconds))}
    if form == "date":
        return {"retry-after": format_datetime(_at(seconds), usegmt=True)}
    return {}


def _at(seconds: float) -> datetime:
    # Whole seconds that are never less than what was asked.
    return (datetime.now(UTC) + timedelta(seconds=seconds + 1)).replace(microsecond=0)


def _google_body(status: int) -> JSON:
    message = "Rate Limit Exceeded"
    detail = {"domain": "usageLimits", "reason": "rateLimitExceeded", "message": message}
    return {"error": {"errors": [detail], "code": status, "message": message}}


def _docs_body() -> JSON:
    message = (
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute "
        "per user' of service 'docs.googleapis.com'."
    )
    error = {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED"}
    return {"error": error | {"details": [_DOCS_QUOTA]}}


def _jira_headers(seconds: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(_LIMIT),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": f"{_at(seconds):%Y-%m-%dT%H:%MZ}",
        "x-ratelimit-nearlimit": "true",
        "ratelimit-reason": "jira-burst-based",
    }


def _sendgrid_headers(seconds: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(_LIMIT),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(_at(seconds).timestamp())),
    }


def _answer(status: int, body: JSON, headers: dict[str, str]) -> Answer:
    all_headers = {"content-type": "application/json; charset=UTF-8"} | headers
    encoded = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    return Answer(status, encoded, json.dumps(body).encode())


_JIRA_BODY: JSON = {"errorMessages": ["Rate limit exceeded."], "errors": {}}
_SENDGRID_BODY: JSON = {"errors": [{"message": "too many requests", "field": None, "help": None}]}
_TOKEN_BODY: JSON = {"error": "rate_limit_exceeded", "error_description": "Rate limit exceeded."}
