"""The inbox as a person sees it: everyone's mails, each with its text, its HTML and its headers."""

from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from simulator.errors import VendorError
from simulator.pages.rendering import page
from simulator.sendgrid.inbox import mails
from simulator.store import JSON
from simulator.world import World, WorldHere

router = APIRouter(prefix="/inbox")

# Links open beside the frame; scripts, forms and anything from elsewhere stay out.
_FRAME = "sandbox allow-popups allow-popups-to-escape-sandbox"
_POLICY = f"{_FRAME}; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@router.get("")
async def list_mails(request: Request, world: WorldHere, to: str | None = None) -> HTMLResponse:
    """Show mails by recipient, newest first."""
    found = sorted(mails(world, to), key=lambda mail: (mail["to"].lower(), -mail["id"]))
    by_recipient = [
        (address, list(each))
        for address, each in groupby(found, key=lambda mail: str(mail["to"]).lower())
    ]
    return page(request, "inbox", by_recipient=by_recipient, to=to)


@router.get("/{mail}")
async def show_mail(request: Request, mail: str, world: WorldHere) -> HTMLResponse:
    """Show one mail."""
    return page(request, "mail", mail=_found(world, mail))


@router.get("/{mail}/html")
async def show_html(mail: str, world: WorldHere) -> HTMLResponse:
    """Return a mail's HTML part for the frame that shows it."""
    html = f'<base target="_blank">{_found(world, mail)["html"]}'
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})


def _found(world: World, mail: str) -> JSON:
    found = world.store.get("mails", mail)
    if found is None:
        raise VendorError(404, {"detail": "There is no such mail."})
    return found
