"""SendGrid v3: a mail is checked as SendGrid checks it, then it lies in the inbox at once."""

from fastapi import APIRouter, Depends, Request, Response

from simulator.errors import VendorError, sendgrid_error
from simulator.inbox import keep_mail
from simulator.sendgrid_rules import refuse_unsendable
from simulator.store import JSON
from simulator.world import Body, World, WorldHere, random_id

router = APIRouter(prefix="/v3")

_UNAUTHORIZED = "The provided authorization grant is invalid, expired, or revoked"
_UNVERIFIED = (
    "The from address does not match a verified Sender Identity. Mail cannot be sent until this "
    "error is resolved. Visit "
    "https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ "
    "to see the Sender Identity requirements"
)


async def _authorized(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    # A client without a key sends the word None.
    if scheme.lower() != "bearer" or key.strip() in {"", "None"}:
        raise sendgrid_error(401, _UNAUTHORIZED)


@router.post("/mail/send", status_code=202, dependencies=[Depends(_authorized)])
async def send(world: WorldHere, body: Body) -> Response:
    """Accept a mail; equal mails are sent as often as they are asked for."""
    refuse_unsendable(body)
    _refuse_unverified(world, body["from"]["email"])
    message = random_id(22)
    sandbox = (body.get("mail_settings") or {}).get("sandbox_mode", {}).get("enable")
    if not sandbox:
        for personalization in body["personalizations"]:
            _deliver(world, body, personalization, message)
    return Response(status_code=200 if sandbox else 202, headers={"X-Message-Id": message})


def _refuse_unverified(world: World, sender: str) -> None:
    verified = world.settings.verified_senders
    if verified is not None and sender.lower() not in {each.lower() for each in verified}:
        raise _unverified()


def _unverified() -> VendorError:
    return sendgrid_error(403, _UNVERIFIED, "from")


def _deliver(world: World, body: JSON, personal: JSON, message: str) -> None:
    parts = {part["type"]: part["value"] for part in body.get("content", [])}
    groups = {name: personal.get(name) or [] for name in ("to", "cc", "bcc")}
    sender = personal.get("from") or body["from"]
    mail = {
        "kind": "sendgrid",
        "message_id": message,
        "from": sender["email"],
        "from_name": sender.get("name") or "",
        "reply_to": body.get("reply_to"),
        "all_to": groups["to"],
        "cc": groups["cc"],
        "subject": _filled(personal.get("subject") or body.get("subject") or "", personal),
        "text": _filled(parts.get("text/plain", ""), personal),
        "html": _filled(parts.get("text/html", ""), personal),
        "headers": (body.get("headers") or {}) | (personal.get("headers") or {}),
        "custom_args": (body.get("custom_args") or {}) | (personal.get("custom_args") or {}),
        "categories": body.get("categories") or [],
        "attachments": body.get("attachments") or [],
        "tracking_settings": body.get("tracking_settings") or {},
        "mail_settings": body.get("mail_settings") or {},
        "send_at": personal.get("send_at") or body.get("send_at"),
        "batch_id": body.get("batch_id"),
    }
    for recipient in [*groups["to"], *groups["cc"], *groups["bcc"]]:
        name = recipient.get("name") or world.person_name(recipient["email"])
        keep_mail(world, mail | {"to": recipient["email"], "to_name": name})


def _filled(text: str, personal: JSON) -> str:
    for tag, value in (personal.get("substitutions") or {}).items():
        text = text.replace(tag, str(value))
    return text
