"""Which scopes Google takes for which call, as its published descriptions list them."""

import re
from collections.abc import Collection

from simulator.errors import VendorError

_ROOT = "https://www.googleapis.com/auth/"
OWN_FILES = f"{_ROOT}drive.file"
_WHOLE_DRIVE = {f"{_ROOT}drive", f"{_ROOT}drive.readonly"}
_READ_EVENTS = {
    "calendar.app.created",
    "calendar.events",
    "calendar.events.freebusy",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.readonly",
    "calendar.readonly",
}
_READ_METADATA = {
    "drive.metadata",
    "drive.metadata.readonly",
    "drive.photos.readonly",
    "drive.readonly",
}

# Calls by method and path, the first that fits; `calendar` and `drive` alone do for all of theirs.
_CALLS: list[tuple[str, str, set[str]]] = [
    (
        "POST",
        r"^/calendar/v3/freeBusy$",
        {"calendar.events.freebusy", "calendar.freebusy", "calendar.readonly"},
    ),
    (
        "GET",
        r"^/calendar/v3/users/me/calendarList/",
        {
            "calendar.app.created",
            "calendar.calendarlist",
            "calendar.calendarlist.readonly",
            "calendar.readonly",
        },
    ),
    ("GET", r"^/calendar/v3/calendars/[^/]+/events", _READ_EVENTS),
    (
        "GET",
        r"^/calendar/v3/calendars/[^/]+$",
        {
            "calendar.app.created",
            "calendar.calendars",
            "calendar.calendars.readonly",
            "calendar.readonly",
        },
    ),
    (
        "*",
        r"^/calendar/v3/calendars/[^/]+/events",
        {"calendar.app.created", "calendar.events", "calendar.events.owned"},
    ),
    ("GET", r"^/drive/v3/files/generateIds$", {"drive.appdata", "drive.file"}),
    (
        "GET",
        r"^/drive/v3/files/[^/]+/export$",
        {"drive.file", "drive.meet.readonly", "drive.readonly"},
    ),
    (
        "GET",
        r"^/drive/v3/files/[^/]+/permissions$",
        {"drive.file", "drive.meet.readonly", *_READ_METADATA},
    ),
    ("POST", r"^/drive/v3/files/[^/]+/permissions$", {"drive.file"}),
    (
        "GET",
        r"^/drive/v3/about$",
        {"drive.appdata", "drive.file", *_READ_METADATA},
    ),
    (
        "GET",
        r"^/drive/v3/files",
        {
            "drive.appdata",
            "drive.file",
            "drive.meet.readonly",
            *_READ_METADATA,
        },
    ),
    (
        "PATCH",
        r"^/drive/v3/files/",
        {"drive.appdata", "drive.file", "drive.metadata", "drive.scripts"},
    ),
    ("*", r"^/drive/v3/files", {"drive.appdata", "drive.file"}),
    (
        "GET",
        r"^/v1/documents/",
        {"documents", "documents.readonly", "drive.file", "drive.readonly"},
    ),
    ("*", r"^/v1/documents", {"documents", "drive.file"}),
]
_INSUFFICIENT = "Request had insufficient authentication scopes."


def accepted(method: str, path: str) -> set[str]:
    """Return the scopes, any of which a call needs."""
    whole = "calendar" if path.startswith("/calendar/") else "drive"
    for called, pattern, scopes in _CALLS:
        if called in {method, "*"} and re.search(pattern, path):
            return {f"{_ROOT}{scope}" for scope in scopes | {whole}}
    return set()


def refuse_outside(scopes: Collection[str] | None, method: str, path: str) -> None:
    """Refuse a call that none of the token's scopes allows."""
    if scopes is None or accepted(method, path) & set(scopes):
        return
    detail = {
        "message": "Insufficient Permission",
        "domain": "global",
        "reason": "insufficientPermissions",
    }
    error = {"code": 403, "message": _INSUFFICIENT, "status": "PERMISSION_DENIED"}
    challenge = 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"'
    body = {"error": error | ({} if path.startswith("/v1/") else {"errors": [detail]})}
    raise VendorError(403, body, {"WWW-Authenticate": challenge})


def has_whole_drive(scopes: Collection[str]) -> bool:
    """Say whether a token reaches files that the application did not make."""
    return bool(_WHOLE_DRIVE & set(scopes))
