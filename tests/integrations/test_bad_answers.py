"""Answers that are not what we asked for, and things that people changed: clear words, no leaks."""

import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from domain.action_items.ticket import IssueState
from domain.calendar.interval import Interval
from integrations.errors import Refused, ServiceError
from integrations.google.event import id_of
from tests import creating
from tests.creating import TEAM, TOKEN, find_or_open
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

CANARY = "canary-7f3a"
BEARER = {"Authorization": "Bearer somebody"}
SHAPES: list[Any] = [
    {},
    {"id": 7},
    {"id": [CANARY], "key": {"a": CANARY}, "fields": CANARY, "files": [CANARY], "issues": 3},
    {"issues": [{"id": CANARY}], "files": [{"id": {}}], "status": [], "body": {"content": [1]}},
    {"error": CANARY, "errors": [CANARY], "errorMessages": CANARY},
    {"files": None, "issues": None, "extendedProperties": None, "ids": []},
    [CANARY],
    None,
    CANARY,
]
STATUSES = [301, 307, 400, 401, 403, 404, 408, 409, 410, 412, 413, 422, 429, 500, 503]


def calls(world: World) -> dict[str, Callable[[], object]]:
    """Return every method of the ports, on things that are not there yet."""
    folder = "a-folder-of-ours"
    within = creating.event("x")
    window = Interval(start=within.start, end=within.end)
    calendar, documents = creating.calendar(world), creating.documents(world)
    tracker = creating.tracker(world)
    return {
        "busy": lambda: calendar.busy(creating.PEOPLE, window),
        "put_event": lambda: calendar.put_event(creating.event("bad"), creating.PEOPLE),
        "read_event": lambda: calendar.read_event("bad", creating.PEOPLE),
        "reserve_folder": documents.reserve_folder,
        "put_document": lambda: documents.put_document(
            creating.document("bad", folder), creating.PEOPLE
        ),
        "export": lambda: documents.export("bad"),
        "find_or_open": lambda: find_or_open(tracker, creating.issue("bad"), again=True),
        "read": lambda: tracker.read(["WAF-1"]),
        "send": lambda: creating.notifier(world).send(creating.mail("bad")),
    }


NAMES = (
    "busy",
    "put_event",
    "read_event",
    "reserve_folder",
    "put_document",
    "export",
    "find_or_open",
    "read",
    "send",
)


def error_of(call: Callable[[], object]) -> ServiceError | None:
    try:
        call()
    except ServiceError as error:
        return error
    return None


def assert_keeps_secrets(error: ServiceError | None) -> None:
    if error is None:
        return
    written = "".join(traceback.format_exception(error))
    told = f"{error!s} {error!r} {error.args} {vars(error)} {written}"
    for secret in (CANARY, TOKEN, creating.ADDRESS.email, "bad@example.com", "Bearer"):
        assert secret not in told
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_vendor_and_no_secret_is_in_an_error(world: World, name: str) -> None:
    said = {
        "error": {"message": CANARY, "errors": [{"reason": CANARY, "message": CANARY}]},
        "errors": {CANARY: CANARY},
        "errorMessages": [CANARY],
    }
    headers = {"X-Canary": CANARY, "Location": f"http://{CANARY}.example.com/"}
    for status in STATUSES:
        for body in (said, CANARY, None):
            world.forget()
            rule = {"kind": "status", "path_regex": ".", "times": 9, "status": status}
            world.tell("faults", [rule | {"headers": headers, "body": body}])
            error = error_of(calls(world)[name])
            assert error is not None or status in {404, 410}
            assert_keeps_secrets(error)


@pytest.mark.parametrize("name", NAMES)
def test_json_of_another_shape_ends_in_a_word_of_ours(world: World, name: str) -> None:
    for shape in SHAPES:
        world.forget()
        body = json.dumps(shape)
        rule = {"kind": "status", "path_regex": ".", "times": 9, "status": 200, "body": body}
        rule["headers"] = {"content-type": "application/json"}
        world.tell("faults", [rule])

        assert_keeps_secrets(error_of(calls(world)[name]))


def event_path(key: str) -> str:
    return f"/calendar/v3/calendars/{TEAM}/events/{id_of(key)}"


def test_an_event_of_ours_that_is_somebody_elses_is_refused(world: World) -> None:
    creating.calendar(world).put_event(creating.event("stolen"), {})
    marks = {"extendedProperties": {"private": {"pmKey": "another"}}}
    world.vendor("PATCH", event_path("stolen"), json=marks, headers=BEARER)

    with pytest.raises(Refused, match="belongs to another event"):
        creating.calendar(world).put_event(creating.event("stolen"), {})


def test_an_event_that_google_says_is_gone_was_deleted(world: World) -> None:
    world.break_next("GET", "/events/", "status", status=410, times=2)

    assert not creating.calendar(world).read_event("gone", {}).exists
    with pytest.raises(Refused, match="deleted the meeting"):
        creating.calendar(world).put_event(creating.event("gone"), {})


def test_a_meeting_that_people_made_a_whole_day_is_adopted(world: World) -> None:
    creating.calendar(world).put_event(creating.event("whole-day"), {})
    day = {"start": {"date": "2026-03-05"}, "end": {"date": "2026-03-06"}}
    world.vendor("PATCH", event_path("whole-day"), json=day, headers=BEARER)

    found = creating.calendar(world).put_event(creating.event("whole-day"), {})

    assert found.exists
    assert found.start is None


def binned(world: World, file: str) -> None:
    world.vendor("PATCH", f"/drive/v3/files/{file}", json={"trashed": True}, headers=BEARER)


@pytest.mark.parametrize("what", ["document", "folder"])
def test_what_people_moved_to_the_bin_is_not_made_again(world: World, what: str) -> None:
    documents = creating.documents(world)
    wanted = creating.document(f"binned-{what}", documents.reserve_folder())
    made = documents.put_document(wanted, {}).document_id
    binned(world, made if what == "document" else wanted.folder_id)
    if what == "folder":
        # Drive says of what lies in a folder in the bin that it lies there too.
        binned(world, made)
    before = len(world.all("documents"))

    with pytest.raises(Refused, match="Restore it there, then retry"):
        documents.put_document(wanted, {})

    assert len(world.all("documents")) == before


def test_a_document_that_was_deleted_for_good_is_not_made_again(world: World) -> None:
    documents = creating.documents(world)
    wanted = creating.document("deleted", documents.reserve_folder())
    made = documents.put_document(wanted, {}).document_id
    world.vendor("DELETE", f"/drive/v3/files/{made}", headers=BEARER)

    with pytest.raises(Refused, match="deleted the document for good"):
        documents.put_document(wanted, {})

    assert made not in {each["id"] for each in world.all("documents")}


def test_a_document_that_people_put_beside_ours_is_not_ours(world: World) -> None:
    documents = creating.documents(world)
    wanted = creating.document("beside", documents.reserve_folder())
    made = documents.put_document(wanted, {}).document_id
    theirs = {
        "name": "Notes",
        "mimeType": "application/vnd.google-apps.document",
        "parents": [wanted.folder_id],
    }
    world.vendor("POST", "/drive/v3/files", json=theirs, headers=BEARER)

    again = documents.put_document(wanted, {})

    assert again.document_id == made
    assert not again.repaired


def test_a_ticket_under_an_odd_key_is_missing_and_nobody_is_asked(world: World) -> None:
    odd = ['WAF-1" OR project = "SRE', "../../myself", "", "waf"]

    found = creating.tracker(world).read(odd)

    assert {each.state for each in found} == {IssueState.UNREACHABLE}
    assert world.asked() == 0


def test_a_ticket_that_people_moved_to_another_project_is_read_by_the_key_we_know(
    world: World,
) -> None:
    done = {"name": "Done", "statusCategory": {"key": "done"}}
    moved = {"id": "10007", "key": "SRE-7", "fields": {"status": done}}
    world.break_next("POST", "/search/jql$", "status", status=400)
    world.break_next("GET", "/issue/WAF-9$", "status", status=200, body=moved)

    [found] = creating.tracker(world).read(["WAF-9"])

    assert (found.key, found.state) == ("WAF-9", IssueState.DONE)
    assert found.url.endswith("/browse/SRE-7")
