"""The directory as everything may use it that must not reach customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.engine.value import PersonId
from integrations.ports import Address, Directory


@dataclass(frozen=True)
class Colleagues:
    """A directory without the address of the customers' list.

    An invitation or a shared document is a word to customers too, and carries no approval.
    """

    directory: Directory
    customers: PersonId | None

    def snapshot(self, now: datetime) -> DirectorySnapshot:
        """Return people, teams, services, holidays and clock changes for 13 months from now."""
        return self.directory.snapshot(now)

    def addresses(self, people: Sequence[PersonId]) -> Mapping[PersonId, Address]:
        """Return the addresses of those who are known, and no customers."""
        return self.directory.addresses([each for each in people if each != self.customers])

    def person_called(self, tool: str, name: str) -> PersonId | None:
        """Return the person that a tool calls by this id, or who has this mail address."""
        return self.directory.person_called(tool, name)
