"""Google Drive v3, as far as it is used: folders, documents, readers, exports."""

from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from simulator.errors import google_error
from simulator.google.accounts.bearer import BearerHere
from simulator.google.docs.export import EXPORTS
from simulator.google.docs.revisions import Documents
from simulator.google.drive.files import DOCUMENT, Files
from simulator.google.drive.query import matches
from simulator.google.paging import one_page
from simulator.google.partial_answers import masked
from simulator.sendgrid.inbox import keep_mail
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Body, World, WorldHere, base_url

router = APIRouter(prefix="/drive/v3")

_FILE = "kind,id,name,mimeType"
_LIST = f"kind,incompleteSearch,nextPageToken,files({_FILE})"
_PERMISSION = "kind,id,type,role"
_MOST_IDS = 1000
_MOST_FILES = 100
_ORDERS = {"createdTime", "modifiedTime", "name"}
_BODY = {
    "id": str,
    "name": str,
    "description": str,
    "mimeType": str,
    "starred": bool,
    "trashed": bool,
    "parents": [str],
    "appProperties": {...: str},
    "properties": {...: str},
}
_GRANT = {"type": str, "role": str, "emailAddress": str, "domain": str}
Fields = Annotated[str | None, Query()]


@router.get("/about")
async def about(world: WorldHere, caller: BearerHere, fields: Fields = None) -> JSON:
    """Say who the caller is; nothing is told unless it is asked for."""
    if not fields:
        message = "The 'fields' parameter is required for this method."
        raise google_error(400, "required", message, ("parameter", "fields"))
    name = world.person_name(caller.email)
    user = {"kind": "drive#user", "displayName": name, "me": True, "emailAddress": caller.email}
    space = {"limit": str(15 * 2**30), "usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"}
    told = {"kind": "drive#about", "user": user, "storageQuota": space, "canCreateDrives": False}
    return masked(told, fields)


@router.get("/files/generateIds")
async def generate_ids(
    world: WorldHere, _caller: BearerHere, count: int = 10, fields: Fields = None
) -> JSON:
    """Reserve ids for files that are yet to be created."""
    if not 1 <= count <= _MOST_IDS:
        raise google_error(
            400, "invalidParameter", "Invalid value for count.", ("parameter", "count")
        )
    ids = Files(world).reserve_ids(count)
    return masked({"kind": "drive#generatedIds", "space": "drive", "ids": ids}, fields)


@router.post("/files")
async def create_file(
    request: Request, world: WorldHere, caller: BearerHere, body: Body, fields: Fields = None
) -> JSON:
    """Create a folder or a document."""
    _refuse_misshapen(body, _BODY)
    made = Files(world).create(body, caller, base_url(request))
    return masked(Files(world).told(made, caller), fields or _FILE)


@router.get("/files")
async def list_files(
    request: Request, world: WorldHere, caller: BearerHere, fields: Fields = None
) -> JSON:
    """List files; a new one may be missing for a while."""
    asked = request.query_params
    root = Files(world).root(caller.email)["id"]
    test = matches(asked.get("q", "").replace("'root'", f"'{root}'"))
    found = _ordered([f for f in Files(world).listed(caller) if test(f)], asked.get("orderBy", ""))
    shown, token = one_page(request, found, "pageSize", _MOST_FILES)
    files = [Files(world).told(file, caller) for file in shown]
    answer = {"kind": "drive#fileList", "incompleteSearch": False, "files": files} | token
    return masked(answer, fields or _LIST)


@router.get("/files/{file}")
async def get_file(file: str, world: WorldHere, caller: BearerHere, fields: Fields = None) -> JSON:
    """Return a file's metadata."""
    found = Files(world).get(file, caller)
    return masked(Files(world).told(found, caller), fields or _FILE)


@router.patch("/files/{file}")
async def patch_file(
    request: Request, file: str, world: WorldHere, caller: BearerHere, body: Body
) -> JSON:
    """Change a file's metadata, or move it."""
    _refuse_misshapen(body, _BODY)
    asked = request.query_params
    moves = (asked.get("addParents", ""), asked.get("removeParents", ""))
    least = "owner" if "trashed" in body else "writer"
    changed = Files(world).change(Files(world).get(file, caller, least), body, moves, caller)
    return masked(Files(world).told(changed, caller), asked.get("fields") or _FILE)


@router.delete("/files/{file}", status_code=204)
async def delete_file(file: str, world: WorldHere, caller: BearerHere) -> Response:
    """Delete a file for good."""
    Files(world).remove(Files(world).get(file, caller, "owner"))
    return Response(status_code=204)


@router.get("/files/{file}/permissions")
async def list_permissions(
    file: str, world: WorldHere, caller: BearerHere, fields: Fields = None
) -> JSON:
    """List who may do what with a file."""
    found = Files(world).get(file, caller)["permissions"]
    answer = {"kind": "drive#permissionList", "permissions": found}
    return masked(answer, fields or f"kind,permissions({_PERMISSION})")


@router.post("/files/{file}/permissions")
async def create_permission(
    request: Request, file: str, world: WorldHere, caller: BearerHere, body: Body
) -> JSON:
    """Share a file; Google tells the grantee by mail unless it is asked not to."""
    _refuse_misshapen(body, _GRANT)
    shared = Files(world).get(file, caller, "writer")
    permission, new = Files(world).share(shared, body)
    asked = request.query_params
    quiet = asked.get("sendNotificationEmail") == "false"
    if new and not quiet and "emailAddress" in permission:
        _tell(world, shared, permission["emailAddress"], caller.email)
    return masked(permission, asked.get("fields") or _PERMISSION)


@router.get("/files/{file}/export")
async def export_file(
    file: str,
    world: WorldHere,
    caller: BearerHere,
    mime: Annotated[str, Query(alias="mimeType")] = "",
) -> Response:
    """Return a document's content in another format."""
    found = Files(world).get(file, caller)
    if found["mimeType"] != DOCUMENT:
        raise google_error(403, "fileNotExportable", "Export only supports Docs Editors files.")
    export = EXPORTS.get(mime)
    if export is None:
        message = "The requested conversion is not supported."
        raise google_error(400, "badRequest", message, ("parameter", "convertTo"))
    written = export(Documents(world).get(file).manuscript, found["name"])
    return Response(written.encode(), media_type=mime)


def _refuse_misshapen(body: JSON, shape: JSON) -> None:
    if place := misfit(body, shape):
        raise google_error(400, "badRequest", f"Invalid value at '{place}'.")


def _ordered(files: list[JSON], order: str) -> list[JSON]:
    for key in reversed([part.strip() for part in order.split(",") if part.strip()]):
        name, _, direction = key.partition(" ")
        if name not in _ORDERS:
            raise google_error(400, "invalid", "Invalid Value", ("parameter", "orderBy"))
        files = sorted(files, key=itemgetter(name), reverse=direction == "desc")
    return files


def _tell(world: World, file: JSON, email: str, by: str) -> None:
    sharer = world.person_name(by)
    keep_mail(
        world,
        {
            "kind": "drive",
            "to": email,
            "to_name": world.person_name(email),
            "from": "drive-shares-dm-noreply@google.com",
            "from_name": f"{sharer} (via Google Drive)",
            "subject": f'Document shared with you: "{file["name"]}"',
            "text": f"{sharer} has shared a document with you.\n\n{file['webViewLink']}",
        },
    )
