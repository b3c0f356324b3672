"""The files of the simulated Drive: folders and documents, their parents and their readers."""

from datetime import timedelta
from typing import Any

from simulator.control.clock import google_time, moment
from simulator.errors import google_error
from simulator.google.accounts.bearer import Bearer
from simulator.google.docs.revisions import Documents
from simulator.google.drive.permissions import BY_PEOPLE, ROLES, Access
from simulator.store import JSON
from simulator.world import World, random_id

DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"
_WORKSPACE = "application/vnd.google-apps."
_TYPES = {"user", "group", "domain", "anyone"}
_SETTABLE = ("name", "description", "starred")


class Files:
    """Creates, finds and changes files."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world)

    def reserve_ids(self, count: int) -> list[str]:
        """Return new ids that `create` accepts once."""
        ids = ["1" + random_id(32) for _ in range(count)]
        for name in ids:
            self._world.store.put("reserved_ids", name, {})
        return ids

    def get(self, name: str, by: Bearer | None = None, least: str = "reader") -> JSON:
        """Return a file, or refuse; `root` is the caller's own drive.

        Whoever may not read a file does not learn that it exists; a person at a page sees all.
        """
        if name == "root" and by:
            return self.root(by.email)
        found = self._world.store.get("files", name)
        if found is None or (by and not self._access.sees(found, by)):
            raise google_error(404, "notFound", f"File not found: {name}.", ("parameter", "fileId"))
        if by:
            self._access.demand(found, by, least)
        return found

    def told(self, file: JSON, by: Bearer) -> JSON:
        """Return a file with what the caller may do with it."""
        return file | self._access.told(file, by)

    def root(self, owner: str) -> JSON:
        """Return an account's top folder, made when it is first asked for."""
        name = f"0A{owner.encode().hex()[:15]}PVA"
        found = self._world.store.get("files", name)
        return found or self._kept(
            self._new(name, {"name": "My Drive", "mimeType": FOLDER}, owner, "")
        )

    def listed(self, by: Bearer) -> list[JSON]:
        """Return the files that listing knows of by now and the caller may see, newest first."""
        lag = timedelta(seconds=self._world.settings.drive_list_lag_seconds)
        known_by = self._world.clock.now() - lag
        files = self._world.store.all("files")
        known = [f for f in files if not lag or moment(f["createdTime"]) <= known_by]
        return [f for f in reversed(known) if f["parents"] and self._access.sees(f, by)]

    def create(self, body: JSON, by: Bearer, base: str) -> JSON:
        """Create a file; an id must be reserved, unused, and not for a Google document."""
        owner = by.email
        kind = body.get("mimeType") or "application/octet-stream"
        name = self._usable_id(body.get("id"), kind)
        parents = body.get("parents") or [self.root(owner)["id"]]
        if len(parents) > 1:
            raise google_error(
                400, "multipleParentsNotSupported", "A file cannot have multiple parents."
            )
        # Resolving the parent refuses one that does not exist, or takes no children.
        parent = self.get(parents[0], by, "writer")
        file = self._new(name, body | {"mimeType": kind, "parents": [parent["id"]]}, owner, base)
        if kind == DOCUMENT:
            Documents(self._world).create(name)
        return self._kept(file)

    def create_for(self, person: str, body: JSON, base: str) -> JSON:
        """Create a file as a person does in Google's own product."""
        parents = body.get("parents") or [self.root(person)["id"]]
        name = "1" + random_id(43)
        file = self._new(name, body | {"parents": parents}, person, base)
        if body["mimeType"] == DOCUMENT:
            Documents(self._world).create(name)
        self._world.store.put(BY_PEOPLE, name, {})
        return self._kept(file)

    def change(self, file: JSON, body: JSON, moves: tuple[str, str], by: Bearer) -> JSON:
        """Change a file's metadata and move it from parents to parents."""
        added, removed = ({p for p in ids.split(",") if p} for ids in moves)
        for parent in added:
            self.get(parent, by, "writer")
        parents = [p for p in file["parents"] if p not in removed | added] + sorted(added)
        changes: JSON = {name: body[name] for name in _SETTABLE if name in body} | {
            "parents": parents
        }
        if "trashed" in body:
            changes |= {
                "trashed": bool(body["trashed"]),
                "explicitlyTrashed": bool(body["trashed"]),
            }
        for where in ("appProperties", "properties"):
            if where in body:
                changes[where] = _without_nulls(file.get(where, {}) | (body[where] or {}))
        return self.touch(file | changes, by.email)

    def touch(self, file: JSON, by: str) -> JSON:
        """Note who changed a file, and that it is now."""
        now = google_time(self._world.clock.now())
        version = str(int(file["version"]) + 1)
        return self._kept(
            file | {"modifiedTime": now, "lastModifyingUser": self._user(by), "version": version}
        )

    def remove(self, file: JSON) -> None:
        """Delete a file for good."""
        self._world.store.remove("files", file["id"])

    def share(self, file: JSON, body: JSON) -> tuple[JSON, bool]:
        """Give a permission, and say whether it is new; one that is held is only changed."""
        _refuse_bad_permission(body)
        grantee = {"type": body["type"]} | {
            name: body[name] for name in ("emailAddress", "domain") if name in body
        }
        held = [p for p in file["permissions"] if grantee.items() <= p.items()]
        permission = (held[0] if held else self._permission(grantee)) | {"role": body["role"]}
        others = [p for p in file["permissions"] if p["id"] != permission["id"]]
        self._kept(file | {"permissions": [*others, permission], "shared": True})
        return permission, not held

    def _usable_id(self, name: str | None, kind: str) -> str:
        if name is None:
            return "1" + random_id(43)
        if kind.startswith(_WORKSPACE) and kind != FOLDER:
            message = "Generated IDs are not supported for Docs Editors formats."
            raise google_error(400, "generatedIdNotSupported", message)
        if self._world.store.get("files", name):
            raise google_error(409, "fileIdInUse", "A file already exists with the provided ID.")
        if self._world.store.get("reserved_ids", name) is None:
            raise google_error(400, "invalid", "The provided file ID is not usable.")
        return name

    def _new(self, name: str, body: JSON, owner: str, base: str) -> JSON:
        now = google_time(self._world.clock.now())
        user = self._user(owner)
        page = "documents" if body["mimeType"] == DOCUMENT else "documents/folders"
        return {
            "kind": "drive#file",
            "id": name,
            "name": body.get("name") or "Untitled",
            "mimeType": body["mimeType"],
            "description": body.get("description", ""),
            "starred": False,
            "trashed": False,
            "explicitlyTrashed": False,
            "parents": body.get("parents", []),
            "appProperties": _without_nulls(body.get("appProperties") or {}),
            "properties": _without_nulls(body.get("properties") or {}),
            "createdTime": now,
            "modifiedTime": now,
            "version": "1",
            "webViewLink": f"{base}/{page}/{name}",
            "owners": [user],
            "lastModifyingUser": user,
            "permissions": [
                self._permission({"type": "user", "emailAddress": owner}) | {"role": "owner"}
            ],
            "shared": False,
            "spaces": ["drive"],
        }

    def _user(self, email: str) -> JSON:
        name = self._world.person_name(email)
        return {"kind": "drive#user", "displayName": name, "emailAddress": email, "me": False}

    def _permission(self, grantee: JSON) -> JSON:
        named = (
            {"displayName": self._world.person_name(e)}
            if (e := grantee.get("emailAddress"))
            else {}
        )
        number = self._world.store.next_number("permissions")
        return (
            {"kind": "drive#permission", "id": f"{number:020}", "deleted": False} | grantee | named
        )

    def _kept(self, file: JSON) -> JSON:
        self._world.store.put("files", file["id"], file)
        return file


def _without_nulls(values: dict[str, Any]) -> JSON:
    return {name: value for name, value in values.items() if value is not None}


def _refuse_bad_permission(body: JSON) -> None:
    if not body.get("type"):
        raise google_error(
            400, "required", "The permission type field is required.", ("other", "permission.type")
        )
    if not body.get("role"):
        raise google_error(
            400, "required", "The permission role field is required.", ("other", "permission.role")
        )
    if body["type"] not in _TYPES or body["role"] not in ROLES:
        raise google_error(400, "invalid", "The specified permission is invalid.")
    if body["type"] in {"user", "group"} and not body.get("emailAddress"):
        message = (
            "The specified emailAddress is invalid or not applicable for the given permission type."
        )
        raise google_error(400, "invalid", message, ("other", "permission.emailAddress"))
