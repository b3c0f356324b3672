"""Whether Google would book our meetings and keep our documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from domain.calendar.interval import Interval
from domain.engine.value import PersonId
from integrations.checks.examination import TIMEOUT, Examination, Finding, Look, fail, ok, warn
from integrations.errors import Refused
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import WHOLE_DRIVE
from integrations.google.http import GoogleAccess, Missing, call
from integrations.google.root_folder import FOLDER
from integrations.google.root_folder import NAME as ROOT_FOLDER
from integrations.google.scopes import scope_findings, sees_only_our_files
from integrations.http import Timeout
from integrations.ports import Address

ABOUT = "Google"
CALENDAR, BUSY, DRIVE, DOCS = "Google calendar", "Google free/busy", "Google Drive", "Google Docs"

_WRITING = {"owner", "writer", "writerWithoutPrivateAccess"}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class GoogleWanted:
    """What a deployment wants of Google; `people` are those whose busy times are tried."""

    calendar_id: str | None = None
    documents: bool = True
    folder: str | None = None
    people: Mapping[PersonId, Address] | None = None


def google_examination(
    credentials: Any, base_url: str, wanted: GoogleWanted, timeout: Timeout = TIMEOUT
) -> Examination:
    """Return the looks at Google; each only reads, but for the token that is asked for."""
    access = GoogleAccess(credentials, base_url, timeout)
    looks: list[Look] = []
    if wanted.calendar_id:
        looks.append(partial(_told, CALENDAR, partial(_calendar, access, wanted.calendar_id)))
        people = wanted.people or {}
        looks.append(partial(_told, BUSY, partial(_busy, access, wanted.calendar_id, people)))
    if wanted.documents:
        looks.append(partial(_told, DRIVE, partial(_space, access)))
        looks.append(partial(_told, DOCS, partial(_docs, access)))
    if wanted.documents and wanted.folder:
        hidden = partial(sees_only_our_files, credentials, timeout)
        looks.append(partial(_told, DRIVE, partial(_folder, access, wanted.folder, hidden)))
    token: Look = partial(
        scope_findings, credentials, ABOUT, simulated=bool(base_url), timeout=timeout
    )
    return Examination(ABOUT, ((token,), tuple(looks)))


def _told(about: str, look: Callable[[], Iterator[Finding]]) -> Sequence[Finding]:
    """Look, and say about what it was when Google refuses."""
    try:
        return list(look())
    except Refused as error:
        return [fail(about, str(error))]


def _calendar(access: GoogleAccess, calendar_id: str) -> Iterator[Finding]:
    events = access.service("calendar", "v3").events()
    # Listing tells the role, and needs no scope beyond those that booking needs.
    request = events.list(calendarId=calendar_id, maxResults=1, fields="accessRole")
    try:
        role = call(request, "look at the calendar").get("accessRole")
    except Missing:
        share = "Check the id, and share the calendar with our account: make changes to events."
        yield fail(CALENDAR, "our account sees no calendar of the id in PM_CALENDAR_ID.", share)
        return
    if role in _WRITING:
        yield ok(CALENDAR, "the calendar exists and takes our events.")
    else:
        share = "Share it with our account: make changes to events."
        yield fail(CALENDAR, "our account may only read the calendar of PM_CALENDAR_ID.", share)


def _busy(
    access: GoogleAccess, calendar_id: str, people: Mapping[PersonId, Address]
) -> Iterator[Finding]:
    if not people:
        return
    now = datetime.now(UTC)
    known = GoogleCalendar(access, calendar_id).busy(people, Interval(start=now, end=now + _DAY))
    unknown = [person for person in people if person not in known]
    if not unknown:
        yield ok(BUSY, f"the busy times of {', '.join(people)} can be read.")
        return
    told = f"the busy times of {', '.join(unknown)} cannot be read."
    share = "Share calendars within the organisation (free/busy), and check the addresses."
    yield warn(BUSY, told, share) if known else fail(BUSY, told, share)


def _space(access: GoogleAccess) -> Iterator[Finding]:
    request = access.service("drive", "v3").about().get(fields="storageQuota")
    quota = call(request, "tell the space that is left").get("storageQuota", {})
    if "limit" in quota and int(quota.get("usage", 0)) >= int(quota["limit"]):
        move = "Make room, or use a folder of a shared drive in PM_DRIVE_FOLDER."
        yield fail(DRIVE, "our account has no space left for documents.", move)
    else:
        yield ok(DRIVE, "Drive answers, and there is space for documents.")


def _docs(access: GoogleAccess) -> Iterator[Finding]:
    request = access.service("docs", "v1").documents().get(documentId="aftermath-doctor")
    try:
        call(request, "look for a document")
    except Missing:
        # The document does not exist: only a service that works says so.
        yield ok(DOCS, "Docs answers.")
    except Refused as error:
        if "PERMISSION_DENIED" not in str(error):
            raise
        yield ok(DOCS, "Docs answers.")


def _folder(
    access: GoogleAccess, folder: str, sees_only_ours: Callable[[], bool]
) -> Iterator[Finding]:
    request = (
        access.service("drive", "v3")
        .files()
        .get(
            fileId=folder,
            fields="mimeType,trashed,capabilities/canAddChildren",
            supportsAllDrives=True,
        )
    )
    try:
        found = call(request, "look at the folder")
    except Missing:
        yield _hidden() if sees_only_ours() else _unseen()
        return
    if found.get("mimeType") != FOLDER:
        yield fail(DRIVE, "PM_DRIVE_FOLDER is no folder.", "Set it to the id of a folder.")
    elif found.get("trashed"):
        restore = "Restore it, or set another folder."
        yield fail(DRIVE, "the folder of PM_DRIVE_FOLDER lies in the bin.", restore)
    elif not (found.get("capabilities") or {}).get("canAddChildren"):
        share = "Share it with our account as Editor (shared drive: Content manager)."
        yield fail(DRIVE, "our account may put nothing into the folder of PM_DRIVE_FOLDER.", share)
    else:
        yield ok(DRIVE, "the folder exists and takes our documents.")


def _hidden() -> Finding:
    return fail(
        DRIVE,
        "under the scope drive.file Google hides folders that people made, and PM_DRIVE_FOLDER "
        "names one.",
        f"Leave PM_DRIVE_FOLDER out: Aftermath then makes a folder {ROOT_FOLDER}, which you may "
        f"move and share. Or give the account's consent again, with {WHOLE_DRIVE} in place of "
        "drive.file, and put the new refresh token into the file.",
    )


def _unseen() -> Finding:
    return fail(
        DRIVE,
        "our account sees no folder of the id in PM_DRIVE_FOLDER.",
        "Check the id, and share the folder with our account as Editor (shared drive: Content "
        "manager).",
    )
