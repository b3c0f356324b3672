"""What a case needs to know before anything else: its rules and its people."""

from collections.abc import Callable

from temporalio import activity

from activities.failures import told_to_temporal
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.engine.value import PersonId
from domain.intake.effects import PeopleWanted, ResolveRules
from domain.intake.people_of_case import of_case
from domain.policy import CaseRules, Connected, Policy
from integrations.ports import Archive, Directory


class RuleActivities:
    """The policy, and who is who; both are only read, so doing them twice changes nothing."""

    def __init__(
        self,
        policy: Policy,
        connected: Connected,
        directory: Directory,
        archive: Archive,
        *,
        opaque: Callable[[PersonId], str] | None = None,
    ) -> None:
        self._policy = policy
        self._connected = connected
        self._directory = directory
        self._archive = archive
        self._opaque = opaque

    @activity.defn
    def resolve_rules(self, wanted: ResolveRules) -> CaseRules:
        """Return the rules that bind a case, and which revision of its incident it is."""
        with told_to_temporal():
            revision = self._archive.revisions(wanted.case) + 1
            recorded = self._archive.closed_resolution(wanted.case)
        rules = self._policy.rules_for(wanted.severity, self._connected, revision)
        return rules.replace(recorded_resolution=recorded)

    @activity.defn
    def record_directory(self, wanted: PeopleWanted) -> DirectorySnapshot:
        """Return the people of a case, with holidays and clock changes for 13 months from now."""
        with told_to_temporal():
            found = of_case(self._directory.snapshot(wanted.now), wanted)
        opaque = self._opaque
        return found.replace(opaque={each: opaque(each) for each in found.people} if opaque else {})
