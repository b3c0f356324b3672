"""What search knows of issues: what they were like a while ago."""

from datetime import timedelta

from simulator.control.clock import google_time, moment
from simulator.store import JSON
from simulator.world import World

_COLLECTION = "issue_index"


class Index:
    """Keeps the versions of each issue that search may still show."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add(self, issue: JSON) -> None:
        """Let search learn of an issue as it is now."""
        kept = self._world.store.get(_COLLECTION, issue["id"]) or {"versions": []}
        version = {"at": google_time(self._world.clock.now()), "issue": issue}
        shown = self._known(kept["versions"])
        newer = [v for v in kept["versions"] if shown is None or v["at"] > shown["at"]]
        versions = ([shown] if shown else []) + newer + [version]
        if not self._lag:
            versions = [version]
        self._world.store.put(_COLLECTION, issue["id"], {"versions": versions})

    def remove(self, issue: JSON) -> None:
        """Let search forget an issue."""
        self._world.store.remove(_COLLECTION, issue["id"])

    def issues(self, reconciled: set[str]) -> list[JSON]:
        """Return the issues that search sees by now, newest first, as it sees them by now.

        Issues that the caller asks to be reconciled are seen at once.
        """
        found = []
        for kept in reversed(self._world.store.all(_COLLECTION)):
            latest = kept["versions"][-1]
            fresh = latest["issue"]["id"] in reconciled
            shown = latest if fresh else self._known(kept["versions"])
            if shown:
                found.append(shown["issue"])
        return found

    @property
    def _lag(self) -> timedelta:
        return timedelta(seconds=self._world.settings.jira_index_lag_seconds)

    def _known(self, versions: list[JSON]) -> JSON | None:
        if not self._lag:
            return versions[-1] if versions else None
        known_by = self._world.clock.now() - self._lag
        return next((v for v in reversed(versions) if moment(v["at"]) <= known_by), None)
