"""Records in a folder."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import Refused, Unavailable
from integrations.files.archive import FolderArchive
from integrations.ports import Archived, Departure


def record(case: str = "INC-204", revision: int = 1, text: str = "{}") -> Archived:
    return Archived(case=case, revision=revision, record=text, document="The report — São")


def test_a_record_is_two_files_and_counts_once(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path / "records")

    archive.write(record())

    assert archive.revisions("INC-204") == 1
    assert sorted(each.name for each in (tmp_path / "records").iterdir()) == [
        "INC-204-1.json",
        "INC-204-1.txt",
    ]
    assert (tmp_path / "records" / "INC-204-1.txt").read_text("utf-8") == "The report — São"


def test_the_same_record_again_replaces_itself(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    archive.write(record(text="old"))

    archive.write(record(text="new"))

    assert archive.revisions("INC-204") == 1
    assert (tmp_path / "INC-204-1.json").read_text("utf-8") == "new"


def test_records_of_cases_with_similar_names_are_kept_apart(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    archive.write(record("INC-20"))
    archive.write(record("INC-204", 1))
    archive.write(record("INC-204", 2))

    assert archive.revisions("INC-20") == 1
    assert archive.revisions("INC-204") == 2
    assert archive.revisions("INC-2") == archive.revisions("INC") == 0


def test_nothing_is_kept_before_the_folder_is_there(tmp_path: Path) -> None:
    assert FolderArchive(tmp_path / "nowhere").revisions("INC-204") == 0


@pytest.mark.parametrize("case", ["../INC-204", "a/b", "", ".hidden", "INC 204"])
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, case: str) -> None:
    with pytest.raises(Refused):
        FolderArchive(tmp_path).write(record(case))
    with pytest.raises(Refused):
        FolderArchive(tmp_path).revisions(case)


def test_a_folder_that_cannot_be_written_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(Unavailable):
        FolderArchive(tmp_path / "file").write(record())


def test_half_a_record_does_not_count_and_leaves_no_rest(tmp_path: Path) -> None:
    (tmp_path / "INC-204-1.json").mkdir()
    (tmp_path / "INC-204-1.json" / "x").write_text("in the way", encoding="utf-8")

    with pytest.raises(Unavailable):
        FolderArchive(tmp_path).write(record())

    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]


def kept(resolved_at: str, phase: str = "closed") -> str:
    return json.dumps({"incident": {"resolved_at": resolved_at}, "phase": phase})


def test_the_newest_record_of_a_closed_case_tells_which_resolution_it_is_about(
    tmp_path: Path,
) -> None:
    archive = FolderArchive(tmp_path)
    archive.write(record(revision=1, text=kept("2027-01-12T14:52:00Z")))
    archive.write(record(revision=2, text=kept("2027-02-12T14:52:00Z")))

    assert archive.closed_resolution("INC-204") == datetime(2027, 2, 12, 14, 52, tzinfo=UTC)


@pytest.mark.parametrize("text", ["{}", "no JSON", "[]", kept("soon"), kept("2027-01-12", "open")])
def test_a_record_that_is_not_of_a_closed_case_keeps_no_other_case_from_beginning(
    tmp_path: Path, text: str
) -> None:
    archive = FolderArchive(tmp_path)
    assert archive.closed_resolution("INC-204") is None

    archive.write(record(text=text))

    assert archive.closed_resolution("INC-204") is None


def test_a_record_that_cannot_be_read_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "INC-204-1.json").mkdir()

    with pytest.raises(Unavailable):
        FolderArchive(tmp_path).closed_resolution("INC-204")


DEPARTURE = Departure(case="INC-204", revision=1, sending=1, digest="3f9a")


def test_a_departure_is_kept_once_outlives_us_and_is_no_record(tmp_path: Path) -> None:
    first = FolderArchive(tmp_path / "records").departs(DEPARTURE)
    again = FolderArchive(tmp_path / "records").departs(DEPARTURE.replace(digest="other"))

    assert (first, again) == (True, False)
    assert FolderArchive(tmp_path / "records").revisions("INC-204") == 0
    assert (tmp_path / "records" / "INC-204-1.left-1").read_text("utf-8") == "3f9a\n"


@pytest.mark.parametrize("other", [{"case": "INC-20"}, {"revision": 2}, {"sending": 2}])
def test_each_case_revision_and_sending_has_a_departure_of_its_own(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    archive = FolderArchive(tmp_path)
    archive.departs(DEPARTURE)

    assert archive.departs(DEPARTURE.replace(**other))


def test_what_stayed_may_depart_later_and_may_have_been_forgotten_before(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    archive.departs(DEPARTURE)

    archive.stayed(DEPARTURE)
    archive.stayed(DEPARTURE)

    assert archive.departs(DEPARTURE)


def test_a_departure_that_could_be_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        FolderArchive(tmp_path).departs(DEPARTURE.replace(case="../INC-204"))


def test_a_departure_that_cannot_be_kept_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(Unavailable):
        FolderArchive(tmp_path / "file").departs(DEPARTURE)
    with pytest.raises(Unavailable):
        FolderArchive(tmp_path / "file").stayed(DEPARTURE)
