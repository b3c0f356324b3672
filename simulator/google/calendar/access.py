"""Who may do what in a calendar; one that nobody restricted is everybody's."""

from simulator.errors import VendorError, google_error
from simulator.google.accounts.bearer import Bearer
from simulator.store import JSON
from simulator.world import World

ROLES = ("freeBusyReader", "reader", "writer", "owner")
"""From the least to the most."""

_COLLECTION = "calendar_access"


class CalendarAccess:
    """Reads the access lists of calendars."""

    def __init__(self, world: World) -> None:
        self._world = world

    def restrict(self, calendar: str, roles: dict[str, str], *, listed: bool) -> None:
        """Give roles to addresses, `*` being everyone; unlisted calendars are in no one's list."""
        lower = {email.lower(): role for email, role in roles.items()}
        kept = {"roles": lower, "listed": listed}
        self._world.store.put(_COLLECTION, calendar.lower(), kept)

    def role(self, calendar: str, email: str) -> str | None:
        """Return what an address may do in a calendar."""
        kept = self._world.store.get(_COLLECTION, calendar.lower())
        if kept is None or calendar.lower() == email.lower():
            return "owner"
        roles = kept["roles"]
        found = roles.get(email.lower()) or roles.get("*")
        return str(found) if found else None

    def is_listed(self, calendar: str) -> bool:
        """Say whether a calendar is in the lists of those who have access."""
        kept = self._world.store.get(_COLLECTION, calendar.lower())
        return kept is None or bool(kept["listed"])

    def demand(self, calendar: JSON, by: Bearer, least: str) -> None:
        """Refuse unless the caller has at least a role; without any, the calendar is unknown."""
        role = self.role(calendar["id"], by.email)
        if role is None:
            raise google_error(404, "notFound", "Not Found")
        if ROLES.index(role) < ROLES.index(least):
            message = f"You need to have {least} access to this calendar."
            raise _calendar_error(message, "requiredAccessLevel")


def refuse_guests_of_robots(by: Bearer, body: JSON) -> None:
    """Refuse invitations by a service account that acts for nobody."""
    if by.is_service_account and body.get("attendees"):
        message = (
            "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority."
        )
        raise _calendar_error(message, "forbiddenForServiceAccounts")


def _calendar_error(message: str, reason: str) -> VendorError:
    error = google_error(403, reason, message)
    error.body["error"]["errors"][0]["domain"] = "calendar"
    return error
