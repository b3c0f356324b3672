"""What a case learns before anything else, and how its people are called where others look."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.rules import RuleActivities
from domain.calendar.directory_snapshot import UNLISTED, DirectorySnapshot
from domain.intake.effects import PeopleWanted
from domain.policy import Connected
from integrations.files.archive import FolderArchive
from integrations.files.directory import FileDirectory
from integrations.payloads import Encryption
from tests.playing import AMARA, POLICY, Play, an_incident
from tests.test_docs import ROOT
from workflows.search_attributes import OWNER, WAITING_ON, search_attributes

KEY = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"
WANTED = PeopleWanted(
    now=datetime(2027, 1, 12, tzinfo=UTC),
    people=(AMARA, "stranger"),
    services=tuple(an_incident().services),
    teams=(),
)


def recorded(folder: Path, encryption: Encryption | None) -> DirectorySnapshot:
    rules = RuleActivities(
        POLICY,
        Connected(calendar=True, documents=True, issues=True),
        FileDirectory(ROOT / "organisation.toml"),
        FolderArchive(folder),
        opaque=encryption.opaque if encryption else None,
    )
    return ActivityEnvironment().run(rules.record_directory, WANTED)


def test_in_clear_people_are_called_by_their_ids(tmp_path: Path) -> None:
    found = recorded(tmp_path, None)

    assert found.opaque == {}
    assert found.in_clear(AMARA) == AMARA


def test_where_payloads_are_encrypted_nobody_is_called_by_their_id(tmp_path: Path) -> None:
    found, again = (recorded(tmp_path, Encryption([KEY])) for _ in range(2))
    other = recorded(tmp_path, Encryption([KEY[::-1]]))

    shown = {person: found.in_clear(person) for person in found.people}
    assert found == again
    assert len(set(shown.values())) == len(shown) > 5
    assert not any(person in said or said in person for person, said in shown.items())
    assert found.in_clear("stranger") == UNLISTED
    assert other.in_clear(AMARA) != found.in_clear(AMARA)


@pytest.mark.parametrize("person", [AMARA])
def test_lists_of_cases_show_what_stands_for_a_person(tmp_path: Path, person: str) -> None:
    opaque = recorded(tmp_path, Encryption([KEY])).in_clear
    seen = Play().seen.replace(owner=person)

    shown = {each.key: each.value for each in search_attributes(seen, opaque)}

    assert shown[OWNER] == opaque(person)
    assert shown[WAITING_ON] == [f"ownership:{opaque(person)}"]
