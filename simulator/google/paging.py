"""Google's way through long lists: a size, and a token for the next page."""

from fastapi import Request

from simulator.errors import google_error
from simulator.store import JSON


def one_page(
    request: Request, found: list[JSON], size_name: str, usual: int
) -> tuple[list[JSON], JSON]:
    """Return the page that is asked for, and the answer's token if another one follows."""
    offset = _number(request, "pageToken", 0, least=0)
    size = _number(request, size_name, usual, least=1)
    after = offset + size
    token: JSON = {"nextPageToken": str(after)} if after < len(found) else {}
    return found[offset:after], token


def _number(request: Request, name: str, usual: int, least: int) -> int:
    given = request.query_params.get(name) or str(usual)
    if not given.isdecimal() or int(given) < least:
        raise google_error(400, "invalid", "Invalid Value", ("parameter", name))
    return int(given)
