"""Where the folders of the cases lie: in a folder of our own, or in one that people made."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from domain.preparation.document import DesiredDocument
from integrations.errors import Ambiguous, Refused
from integrations.google.credentials import SCOPES, SCOPES_FOR_PEOPLES_FOLDER, service_account_for
from integrations.google.documents import GoogleDocs
from integrations.google.http import GoogleAccess
from settings import Settings, read_settings
from tests.google_accounts import key_file
from tests.lives import environment
from tests.simulated import World
from worker import outside

US = "aftermath@example.com"
BY_HAND = {"Authorization": "Bearer our-account-in-a-browser"}
FILES = "/drive/v3/files"
Worker = Callable[..., GoogleDocs]
FOLDERS = "mimeType = 'application/vnd.google-apps.folder'"


@pytest.fixture(autouse=True)
def _an_empty_drive(world: World) -> None:
    world.tell("reset", {})


@pytest.fixture
def worker(world: World, tmp_path: Path) -> Worker:
    """Return a way to have the adapter as a worker has it that has just started."""
    key = json.loads(key_file(tmp_path, world).read_text())

    def started(folder: str = "", scopes: Sequence[str] = SCOPES) -> GoogleDocs:
        credentials = service_account_for(key, US, scopes)
        return GoogleDocs(GoogleAccess(credentials, world.url, (1, 5)), folder)

    return started


def case(docs: GoogleDocs, key: str = "INC-204") -> DesiredDocument:
    return DesiredDocument(
        key=f"{key}:document:1",
        folder_id=docs.reserve_folder(),
        title=f"Postmortem {key}",
        header=(),
        opening="Everyone did the best they could with what they knew.",
        sections=(("Summary", "Two or three sentences."),),
    )


def begin(docs: GoogleDocs, key: str = "INC-204") -> str:
    """Begin a case's document, and return the id of the case's folder."""
    wanted = case(docs, key)
    docs.put_document(wanted, {})
    return wanted.folder_id


def by_hand(world: World, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
    return world.vendor(method, path, headers=BY_HAND, **more)


def parent(world: World, file: str) -> str:
    [found] = by_hand(world, "GET", f"{FILES}/{file}", params={"fields": "parents"})["parents"]
    return str(found)


def named(world: World, name: str) -> list[str]:
    query = {"q": f"{FOLDERS} and name = '{name}'", "orderBy": "createdTime"}
    return [each["id"] for each in by_hand(world, "GET", FILES, params=query)["files"]]


def children(world: World, folder: str) -> list[str]:
    query = {"q": f"'{folder}' in parents"}
    return [each["id"] for each in by_hand(world, "GET", FILES, params=query)["files"]]


def peoples_folder(world: World) -> str:
    told = {"name": "Reports", "owner": "ines@example.com", "folder": True, "roles": {US: "writer"}}
    return str(world.tell("files", told)["id"])


def test_the_first_case_makes_a_folder_and_the_next_ones_use_it(
    world: World, worker: Worker
) -> None:
    one, two, three = worker(), worker(), worker()

    folders = [begin(one, "INC-1"), begin(one, "INC-2"), begin(two, "INC-3"), begin(three, "INC-4")]

    [ours] = named(world, "Postmortems")
    assert [parent(world, each) for each in folders] == [ours] * 4


def test_first_cases_at_one_moment_make_one_folder(world: World, worker: Worker) -> None:
    docs = worker()
    world.tell("faults", [{"kind": "delay_after", "path_regex": f"^{FILES}$", "seconds": 0.3}] * 2)

    with ThreadPoolExecutor() as threads:
        folders = list(threads.map(lambda key: begin(docs, key), ("INC-1", "INC-2")))

    [ours] = named(world, "Postmortems")
    assert [parent(world, each) for each in folders] == [ours] * 2


def test_what_people_moved_and_renamed_is_still_ours(world: World, worker: Worker) -> None:
    begin(worker())
    [ours] = named(world, "Postmortems")
    moves = {"addParents": peoples_folder(world), "removeParents": parent(world, ours)}
    by_hand(world, "PATCH", f"{FILES}/{ours}", params=moves, json={"name": "Incident reviews"})

    later = begin(worker(), "INC-205")

    assert parent(world, later) == ours
    assert named(world, "Postmortems") == []


def test_a_folder_that_the_list_does_not_show_yet_is_not_made_twice(
    world: World, worker: Worker
) -> None:
    world.set("settings", {"drive_list_lag_seconds": 300})
    docs = worker()

    folders = [begin(docs, "INC-1"), begin(docs, "INC-2")]

    world.set("settings", {"drive_list_lag_seconds": 0})
    [ours] = named(world, "Postmortems")
    assert [parent(world, each) for each in folders] == [ours] * 2


def test_a_folder_whose_answer_was_lost_is_found_again(world: World, worker: Worker) -> None:
    docs = worker()
    wanted = case(docs)
    world.break_next("POST", f"^{FILES}$", "status_after", status=500)
    with pytest.raises(Ambiguous):
        docs.put_document(wanted, {})

    docs.put_document(wanted, {})

    [ours] = named(world, "Postmortems")
    assert parent(world, wanted.folder_id) == ours


def test_a_folder_whose_answer_was_lost_is_made_once_though_the_list_hides_it(
    world: World, worker: Worker
) -> None:
    world.set("settings", {"drive_list_lag_seconds": 300})
    docs = worker()
    wanted = case(docs)
    world.break_next("POST", f"^{FILES}$", "close_after")
    with pytest.raises(Ambiguous):
        docs.put_document(wanted, {})

    docs.put_document(wanted, {})

    world.set("settings", {"drive_list_lag_seconds": 0})
    [ours] = named(world, "Postmortems")
    assert parent(world, wanted.folder_id) == ours


@pytest.mark.parametrize("kind", ["html200", "json200"])
def test_a_stranger_who_answers_is_not_believed_to_have_made_a_folder(
    world: World, worker: Worker, kind: str
) -> None:
    docs = worker()
    world.break_next("POST", f"^{FILES}$", kind)

    with pytest.raises(Refused, match="not Google"):
        docs.put_document(case(docs), {})


def test_of_two_the_older_counts(world: World, worker: Worker) -> None:
    world.set("settings", {"drive_list_lag_seconds": 300})
    begin(worker(), "INC-1")
    begin(worker(), "INC-2")
    world.set("settings", {"drive_list_lag_seconds": 0})
    older, _ = named(world, "Postmortems")

    later = [begin(worker(), f"INC-{number}") for number in range(3, 6)]

    assert {parent(world, each) for each in later} == {older}


@pytest.mark.parametrize("deleted", [False, True])
def test_one_in_the_bin_or_deleted_for_good_is_replaced(
    world: World, worker: Worker, *, deleted: bool
) -> None:
    docs = worker()
    begin(docs, "INC-1")
    [gone] = named(world, "Postmortems")
    if deleted:
        by_hand(world, "DELETE", f"{FILES}/{gone}")
    else:
        by_hand(world, "PATCH", f"{FILES}/{gone}", json={"trashed": True})

    later = begin(docs, "INC-2"), begin(worker(), "INC-3")

    [new] = set(named(world, "Postmortems")) - {gone}
    assert [parent(world, each) for each in later] == [new] * 2


def test_a_folder_that_people_made_is_used_under_the_wider_scope(
    world: World, worker: Worker
) -> None:
    theirs = peoples_folder(world)

    folder = begin(worker(theirs, SCOPES_FOR_PEOPLES_FOLDER))

    assert parent(world, folder) == theirs
    assert named(world, "Postmortems") == []


def test_a_folder_that_google_hides_is_refused_with_where_to_look(
    world: World, worker: Worker
) -> None:
    docs = worker(peoples_folder(world))

    with pytest.raises(Refused, match=r"PM_DRIVE_FOLDER.*aftermath doctor"):
        docs.put_document(case(docs), {})


def test_a_folder_of_our_own_may_also_be_named(world: World, worker: Worker) -> None:
    begin(worker())
    [ours] = named(world, "Postmortems")

    folder = begin(worker(ours), "INC-205")

    assert parent(world, folder) == ours


def test_a_running_worker_asks_for_the_wider_scope_only_for_a_folder_of_people(
    world: World, tmp_path: Path
) -> None:
    theirs = peoples_folder(world)
    level_2 = environment(world, tmp_path) | {
        "PM_GOOGLE_SERVICE_ACCOUNT_FILE": str(key_file(tmp_path, world)),
        "PM_GOOGLE_SUBJECT": US,
    }
    del level_2["PM_GOOGLE_TOKEN"]

    for folder, scopes in (({}, SCOPES), ({"PM_DRIVE_FOLDER": theirs}, SCOPES_FOR_PEOPLES_FOLDER)):
        world.set("settings", {"google_delegated_scopes": scopes})
        documents = outside(read_settings(level_2 | folder, Settings)).documents
        assert isinstance(documents, GoogleDocs)
        begin(documents, f"INC-{len(scopes)}-{len(folder)}")

    assert len(named(world, "Postmortems")) == 1
    assert len(children(world, theirs)) == 1
