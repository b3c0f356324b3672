"""Who may see and change a file of the simulated Drive."""

from collections.abc import Iterator

from simulator.errors import google_error
from simulator.google.accounts.bearer import Bearer
from simulator.store import JSON
from simulator.world import World

ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
"""From the least to the most."""

BY_PEOPLE = "files_by_people"
"""The collection of the files that no application made."""


class Access:
    """Reads permissions, those inherited from folders included."""

    def __init__(self, world: World) -> None:
        self._world = world

    def sees(self, file: JSON, by: Bearer) -> bool:
        """Say whether a file exists for the caller."""
        if by.sees_own_files_only and self._world.store.get(BY_PEOPLE, file["id"]) is not None:
            return False
        return self._role(file, by.email) is not None

    def demand(self, file: JSON, by: Bearer, least: str) -> None:
        """Refuse unless the caller has at least a role."""
        if not self._has(file, by.email, least):
            message = "The user does not have sufficient permissions for this file."
            raise google_error(403, "insufficientFilePermissions", message)

    def told(self, file: JSON, by: Bearer) -> JSON:
        """Return what depends on who asks."""
        writes = self._has(file, by.email, "writer")
        owned = self._role(file, by.email) == "owner"
        is_folder = file["mimeType"].endswith(".folder")
        return {
            "owners": [each | {"me": each["emailAddress"] == by.email} for each in file["owners"]],
            "ownedByMe": owned,
            "capabilities": {
                "canAddChildren": writes and is_folder,
                "canComment": self._has(file, by.email, "commenter"),
                "canCopy": not is_folder,
                "canDelete": owned,
                "canDownload": True,
                "canEdit": writes,
                "canListChildren": is_folder,
                "canModifyContent": writes,
                "canRemoveChildren": writes and is_folder,
                "canRename": writes,
                "canShare": writes,
                "canTrash": owned,
                "canUntrash": owned,
            },
        }

    def _has(self, file: JSON, email: str, least: str) -> bool:
        role = self._role(file, email)
        return role is not None and ROLES.index(role) >= ROLES.index(least)

    def _role(self, file: JSON, email: str) -> str | None:
        roles = [*_granted(file, email)]
        for parent in file["parents"]:
            folder = self._world.store.get("files", parent)
            # Whoever owns a folder may write what others put into it, but does not own that.
            inherited = self._role(folder, email) if folder else None
            roles += ["writer" if inherited == "owner" else inherited] if inherited else []
        return max(roles, key=ROLES.index, default=None)


def _granted(file: JSON, email: str) -> Iterator[str]:
    for permission in file["permissions"]:
        named = permission.get("emailAddress", "").lower() == email.lower()
        in_domain = email.lower().endswith(f"@{permission.get('domain', '').lower()}")
        if {"anyone": True, "domain": in_domain}.get(permission["type"], named):
            yield permission["role"]
