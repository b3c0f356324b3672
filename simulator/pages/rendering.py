"""How pages are written: one set of templates, one way to refuse, one way back."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from simulator.control.clock import moment
from simulator.errors import VendorError

_HERE = Path(__file__).parent
_TAG = re.compile(r"<[^<>]*>")
_TEMPLATES = Jinja2Templates(directory=_HERE / "templates")


def page(request: Request, template: str, **context: Any) -> HTMLResponse:  # noqa: ANN401 - for templates
    """Return a page; every page tells the world's time."""
    now = request.app.state.world.clock.now()
    return _TEMPLATES.TemplateResponse(request, f"{template}.html", {"now": now} | context)


def back_to(path: str) -> Response:
    """Return to a page after a form has done its work."""
    return RedirectResponse(path, status_code=303)


def refusal(request: Request, error: VendorError) -> Response:
    """Return a page that says why a form or an address is of no use."""
    answer = page(request, "refusal", reason=_reason(error))
    answer.status_code = error.status
    return answer


def day(when: datetime) -> str:
    """Write a day as people do."""
    return f"{when:%A} {when.day} {when:%B %Y}"


def clock_time(when: datetime) -> str:
    """Write a time of day."""
    return f"{when:%H:%M}"


def stamp(text: str) -> str:
    """Write an ISO time as people do, in UTC."""
    when = moment(text).astimezone(UTC)
    return f"{when:%a} {when.day} {when:%b %Y}, {when:%H:%M}"


def words_of_html(text: str) -> str:
    """Return what a reader sees of a text that is shown as HTML."""
    return unescape(_TAG.sub("", text))


def local_moment(text: str, zone: str) -> datetime:
    """Read a time from a form: with its own offset, or on the clocks of a zone."""
    try:
        read = datetime.fromisoformat(text.strip())
        return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone or "UTC"))
    except (ValueError, KeyError, OSError):
        raise VendorError(400, {"detail": f"“{text}” ({zone}) is not a time."}) from None


def _reason(error: VendorError) -> str:
    body = error.body
    if "detail" in body:
        return str(body["detail"])
    if "error" in body:
        return str(body["error"]["message"])
    said = [*body.get("errorMessages", []), *body.get("errors", {}).values()]
    return " ".join(said)


_TEMPLATES.env.filters |= {"day": day, "clock": clock_time, "stamp": stamp, "words": words_of_html}
