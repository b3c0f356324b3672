"""SendGrid v3: a mail is checked as SendGrid checks it, then it lies in the inbox at once."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from simulator.errors import VendorError, sendgrid_error
from simulator.sendgrid.inbox import keep_mail
from simulator.sendgrid.rules import refuse_unsendable
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
    _demand(world, "mail.send")
    refuse_unsendable(body)
    _refuse_unverified(world, body["from"]["email"])
    message = random_id(22)
    sandbox = ((body.get("mail_settings") or {}).get("sandbox_mode") or {}).get("enable")
    if not sandbox:
        for personalization in body["personalizations"]:
            _deliver(world, body, personalization, message)
    return Response(status_code=200 if sandbox else 202, headers={"X-Message-Id": message})


@router.get("/scopes", dependencies=[Depends(_authorized)])
async def scopes(world: WorldHere) -> JSON:
    """Say what the key may do."""
    return {"scopes": world.settings.sendgrid_scopes}


@router.get("/verified_senders", dependencies=[Depends(_authorized)])
async def verified_senders(world: WorldHere) -> JSON:
    """List the senders that were verified one by one."""
    _demand(world, "sender_verification_eligible")
    return {"results": [_sender(n, e) for n, e in enumerate(_senders(world), start=1)]}


@router.get("/whitelabel/domains", dependencies=[Depends(_authorized)])
async def domains(world: WorldHere) -> JSONResponse:
    """List the domains that were authenticated, which verifies every sender in them."""
    _demand(world, "whitelabel.read")
    named = enumerate(world.settings.verified_domains, start=1)
    return JSONResponse([_domain(number, name) for number, name in named])


def _demand(world: World, scope: str) -> None:
    if scope not in world.settings.sendgrid_scopes:
        raise sendgrid_error(403, "access forbidden")


def _senders(world: World) -> list[str]:
    verified = world.settings.verified_senders
    return [world.settings.account] if verified is None else verified


def _sender(number: int, email: str) -> JSON:
    return {
        "id": number,
        "nickname": email,
        "from_email": email,
        "from_name": email,
        "reply_to": email,
        "reply_to_name": email,
        "address": "1 Example Street",
        "address2": "",
        "state": "",
        "city": "Example",
        "zip": "",
        "country": "Example",
        "verified": True,
        "locked": False,
    }


def _domain(number: int, name: str) -> JSON:
    return {
        "id": number,
        "domain": name,
        "subdomain": f"em{number}",
        "username": "simulator",
        "user_id": 1,
        "ips": [],
        "custom_spf": False,
        "default": number == 1,
        "legacy": False,
        "automatic_security": True,
        "valid": True,
        "dns": {},
    }


def _refuse_unverified(world: World, sender: str) -> None:
    verified = world.settings.verified_senders
    domains = {each.lower() for each in world.settings.verified_domains}
    if verified is None or sender.lower().rpartition("@")[2] in domains:
        return
    if sender.lower() not in {each.lower() for each in verified}:
        raise _unverified()


def _unverified() -> VendorError:
    return sendgrid_error(403, _UNVERIFIED, "from")


def _deliver(world: World, body: JSON, personal: JSON, message: str) -> None:
    parts = {part["type"]: part["value"] for part in body.get("content") or []}
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
