"""Google's access tokens: whom each stands for, what it may ask for, and until when."""

from datetime import timedelta

from simulator.control.clock import google_time, moment
from simulator.store import JSON
from simulator.world import World, random_id

PREFIX = "ya29.simulator."
_COLLECTION = "access_tokens"
_LIFETIME = timedelta(seconds=3599)
_LENGTH = 60


class AccessTokens:
    """The tokens that were given; each lives for an hour of the world's clock."""

    def __init__(self, world: World) -> None:
        self._world = world

    def issue(self, email: str, scope: str) -> JSON:
        """Make a token, and return the endpoint's answer."""
        token, now = PREFIX + random_id(_LENGTH), self._world.clock.now()
        kept = {
            "token": token,
            "email": email,
            "scope": scope,
            "issued": google_time(now),
            "expires": google_time(now + _LIFETIME),
        }
        self._world.store.put(_COLLECTION, token, kept)
        granted = {
            "access_token": token,
            "expires_in": int(_LIFETIME.total_seconds()),
            "token_type": "Bearer",
        }
        return granted | ({"scope": scope} if scope else {})

    def living(self, token: str) -> JSON | None:
        """Return what is known of a token; nothing once it has expired."""
        kept = self._world.store.get(_COLLECTION, token)
        if kept is None or self._world.clock.now() >= moment(kept["expires"]):
            return None
        return kept

    def told(self) -> list[JSON]:
        """Return every token that was given, oldest first."""
        return self._world.store.all(_COLLECTION)
