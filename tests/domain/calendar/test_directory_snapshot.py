"""How people are called where others may look."""

from datetime import UTC, datetime

from domain.calendar.directory_snapshot import UNLISTED, DirectorySnapshot

NOTHING = DirectorySnapshot(
    valid_from=datetime(2027, 1, 1, tzinfo=UTC), valid_until=datetime(2028, 1, 1, tzinfo=UTC)
)


def test_people_are_called_by_their_ids_unless_something_stands_for_them() -> None:
    veiled = NOTHING.replace(opaque={"amara-okafor": "3f9a1c02"})

    assert NOTHING.in_clear("amara-okafor") == "amara-okafor"
    assert veiled.in_clear("amara-okafor") == "3f9a1c02"
    assert veiled.in_clear("a-stranger") == UNLISTED
