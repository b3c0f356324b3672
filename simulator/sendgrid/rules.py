"""What SendGrid refuses, in its own words."""

import base64
import binascii
import json
import re

from simulator.errors import VendorError, sendgrid_error
from simulator.shapes import misfit
from simulator.store import JSON

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+|[^@\s<>]+@localhost")
_RESERVED = {
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
}
_PARTY = {"email": str, "name": str}
_PERSONAL = {
    "to": [_PARTY],
    "cc": [_PARTY],
    "bcc": [_PARTY],
    "from": _PARTY,
    "subject": str,
    "headers": dict,
    "custom_args": dict,
    "substitutions": {...: str},
    "send_at": int,
}
_MAIL = {
    "personalizations": [_PERSONAL],
    "from": _PARTY,
    "reply_to": _PARTY,
    "subject": str,
    "content": [{"type": str, "value": str}],
    "headers": dict,
    "custom_args": dict,
    "categories": [str],
    "attachments": [{"content": str, "filename": str, "type": str, "disposition": str}],
    "template_id": str,
    "send_at": int,
    "batch_id": str,
    "mail_settings": {"sandbox_mode": {"enable": bool}},
    "tracking_settings": dict,
}
_MOST_PERSONALIZATIONS = 1000
_MOST_CATEGORIES = 10
_MOST_CUSTOM_ARGS = 10_000
_LONGEST_CATEGORY = 255
_NO_PERSONALIZATION = (
    "The personalizations field is required and must have at least one personalization."
)
_NO_FROM = (
    "The from object must be provided for every email send. It is an object that requires the "
    "email parameter, but may also contain a name parameter.  e.g. "
    '{"email" : "example@example.com"}  or '
    '{"email" : "example@example.com", "name" : "Example Recipient"}.'
)
_NO_SUBJECT = (
    "The subject is required. You can get around this requirement if you use a template with a "
    "subject defined or if every personalization has a subject defined."
)
_NO_CONTENT = (
    "Unless a valid template_id is provided, the content parameter is required. There must be at "
    "least one defined content block. We typically suggest both text/plain and text/html blocks "
    "are included, but only one block is required."
)
_NO_EMAIL = (
    "The to array is required for all personalization objects, and must have at least one email "
    "object with a valid email address."
)
_BAD_ORDER = (
    "If present, text/plain and text/html may only be provided once and in that order, "
    "before any others."
)
_BAD_EMAIL = "Does not contain a valid address."
_DUPLICATE = (
    "Each email address in the personalization block should be unique between to, cc, and bcc. "
    "We found the first duplicate instance of [{}] in the personalizations.{} field."
)


def refuse_unsendable(body: JSON) -> None:
    """Refuse a mail that SendGrid would not send."""
    if place := misfit(body, _MAIL):
        raise _refusal("Bad Request", place)
    _check_personalizations(body.get("personalizations"))
    _check_sender(body.get("from"))
    _check_subject(body)
    _check_content(body)
    _check_headers(body)
    _check_custom_args(body)
    _check_categories(body.get("categories") or [])
    _check_attachments(body.get("attachments") or [])


def _refusal(message: str, field: str) -> VendorError:
    return sendgrid_error(400, message, field)


def _check_personalizations(personalizations: object) -> None:
    if not isinstance(personalizations, list) or not personalizations:
        raise _refusal(_NO_PERSONALIZATION, "personalizations")
    if len(personalizations) > _MOST_PERSONALIZATIONS:
        raise _refusal("No more than 1000 personalizations are allowed.", "personalizations")
    for number, personalization in enumerate(personalizations):
        if not isinstance(personalization, dict) or not personalization.get("to"):
            raise _refusal(_NO_EMAIL, f"personalizations.{number}.to")
        _check_recipients(personalization, number)


def _check_recipients(personalization: JSON, number: int) -> None:
    seen: set[str] = set()
    for group in ("to", "cc", "bcc"):
        for at, recipient in enumerate(personalization.get(group) or []):
            email = recipient.get("email") if isinstance(recipient, dict) else None
            if not isinstance(email, str) or not _ADDRESS.fullmatch(email):
                raise _refusal(_BAD_EMAIL, f"personalizations.{number}.{group}.{at}.email")
            if email.lower() in seen:
                raise _refusal(_DUPLICATE.format(email, number), f"personalizations.{number}")
            seen.add(email.lower())


def _check_sender(sender: object) -> None:
    if not isinstance(sender, dict) or not sender.get("email"):
        raise _refusal(_NO_FROM, "from.email")
    if not _ADDRESS.fullmatch(str(sender["email"])):
        raise _refusal("The from email does not contain a valid address.", "from.email")


def _check_subject(body: JSON) -> None:
    everyone_has_one = all(each.get("subject") for each in body["personalizations"])
    if not body.get("subject") and not body.get("template_id") and not everyone_has_one:
        raise _refusal(_NO_SUBJECT, "subject")


def _check_content(body: JSON) -> None:
    content = body.get("content")
    if not content and body.get("template_id"):
        return
    if not isinstance(content, list) or not content:
        raise _refusal(_NO_CONTENT, "content")
    for number, part in enumerate(content):
        if not isinstance(part, dict) or not part.get("type"):
            raise _refusal("The content type is required.", f"content.{number}.type")
        if not isinstance(part.get("value"), str) or not part["value"]:
            message = "The content value must be a string at least one character in length."
            raise _refusal(message, f"content.{number}.value")
    kinds = [part["type"] for part in content]
    if kinds != sorted(kinds, key=_rank) or len(set(kinds)) < len(kinds):
        raise _refusal(_BAD_ORDER, "content")


def _rank(kind: str) -> int:
    return {"text/plain": 0, "text/html": 1}.get(kind, 2)


def _check_headers(body: JSON) -> None:
    groups = [("headers", body)]
    groups += [(f"personalizations.{n}.headers", p) for n, p in enumerate(body["personalizations"])]
    for field, holder in groups:
        for name, value in (holder.get("headers") or {}).items():
            if name.lower() in _RESERVED:
                raise _refusal(
                    f"The following header is reserved and cannot be used: {name}", field
                )
            if not isinstance(value, str):
                raise _refusal("Header values must be strings.", field)


def _check_custom_args(body: JSON) -> None:
    shared = body.get("custom_args") or {}
    for number, personalization in enumerate(body["personalizations"]):
        arguments = shared | (personalization.get("custom_args") or {})
        if not all(isinstance(value, str) for value in arguments.values()):
            raise _refusal(
                "Custom arg values must be strings.", f"personalizations.{number}.custom_args"
            )
        if len(json.dumps(arguments).encode()) > _MOST_CUSTOM_ARGS:
            message = "The total size of custom args must be less than 10,000 bytes."
            raise _refusal(message, "custom_args")


def _check_categories(categories: object) -> None:
    if not isinstance(categories, list) or len(categories) > _MOST_CATEGORIES:
        raise _refusal("No more than 10 categories are allowed.", "categories")
    if len(set(categories)) < len(categories):
        raise _refusal("The categories must be unique.", "categories")
    if any(len(category) > _LONGEST_CATEGORY for category in categories):
        raise _refusal("Category names must be at most 255 characters.", "categories")


def _check_attachments(attachments: list[JSON]) -> None:
    for number, attachment in enumerate(attachments):
        if not attachment.get("filename"):
            raise _refusal("The attachment filename is required.", f"attachments.{number}.filename")
        try:
            base64.b64decode(attachment.get("content") or "!", validate=True)
        except binascii.Error:
            message = "The attachment content must be base64 encoded."
            raise _refusal(message, f"attachments.{number}.content") from None
