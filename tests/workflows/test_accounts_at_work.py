"""Whole lives at levels 1 and 2: with the accounts of a real deployment, whose tokens expire."""

import re
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from domain.case import Case, Phase
from domain.meeting.acts import MoveMeeting
from domain.phases import phase
from tests.google_accounts import Consented, key_file, make_robot_known, private_pem, robots_key
from tests.histories_kept import runs
from tests.lives import CALENDAR, Life, environment, living
from tests.playing import AMARA
from tests.simulated import World
from tests.stories import (
    all_is_decided,
    all_tickets_are_done,
    rows_are_typed,
    the_meeting_is_booked,
    the_meeting_is_held,
    the_message_is_told,
    the_teams_confirm,
)
from workflows.search_attributes import NEEDS_ATTENTION

pytestmark = pytest.mark.usefixtures("one_attempt")

ACCOUNT = "reviews@example.com"
"""Not the one that the simulator takes a stranger for."""

HELENA = "helena@example.com"
CLOUD_ID = "11223344-a1b2-3b33-c444-def123456789"
SITE = "https://example.atlassian.net"
AUTH = "https://www.googleapis.com/auth/"
CALENDARS = [f"{AUTH}calendar.events", f"{AUTH}calendar.freebusy"]
OWN_FILES, WHOLE_DRIVE = f"{AUTH}drive.file", f"{AUTH}drive"
KEYS = {
    "PM_JIRA_TOKEN": "ATATT3xFfGF0-of-this-test",
    "PM_SENDGRID_KEY": "SG.of-this-test.key",
    "PM_LINK_KEYS": "l" * 48,
    "PM_CODE_KEYS": "c" * 48,
}
GOOGLES = re.compile("/(calendar|drive)/v3/|/v1/documents")
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def accounts_only(world: World, folder: Path) -> dict[str, str]:
    """Return settings without a token for Google, where our account is a person like others."""
    world.tell("people", {"people": [{"email": ACCOUNT, "name": "Reviews"}]})
    given = environment(world, folder) | KEYS
    del given["PM_GOOGLE_TOKEN"]
    return given


def level_1(consent: Consented, world: World, folder: Path) -> dict[str, str]:
    """One account consented, which may write in the shared calendar.

    Google's library reads the real clock: it learns from Google alone that a token expired.
    """
    consent.told_to(world, ACCOUNT, [*CALENDARS, OWN_FILES])
    world.tell("calendars", {"id": CALENDAR, "access": {ACCOUNT: "writer"}})
    return accounts_only(world, folder) | {
        "PM_GOOGLE_REFRESH_TOKEN_FILE": str(consent.kept_in(folder, world)),
    }


def level_2(monkeypatch: pytest.MonkeyPatch, world: World, folder: Path) -> dict[str, str]:
    """A robot acts for an account, in that one's calendar and in a folder shared with it.

    Jira knows a token with scopes, at Atlassian's gateway alone. Google's library reads the
    world's clock, as it does in production, and so renews a token before Google refuses it.
    """
    given = accounts_only(world, folder)
    make_robot_known(world)
    world.set("settings", {"jira_cloud_id": CLOUD_ID, "verified_domains": ["example.com"]})
    world.set("settings", {"google_delegated_scopes": [*CALENDARS, WHOLE_DRIVE]})
    world.set("settings", {"sendgrid_scopes": ["mail.send"], "verified_senders": []})
    shared = {"name": "Reviews", "folder": True, "owner": HELENA, "roles": {ACCOUNT: "writer"}}
    monkeypatch.setattr("settings._SCOPED_JIRA", f"{world.url}/ex/jira")
    monkeypatch.setattr("google.auth._helpers.utcnow", partial(world_time, world))
    del given["PM_JIRA_USER"]
    return given | {
        "PM_GOOGLE_SERVICE_ACCOUNT_FILE": str(key_file(folder, world)),
        "PM_GOOGLE_SUBJECT": ACCOUNT,
        "PM_CALENDAR_ID": ACCOUNT,
        "PM_DRIVE_FOLDER": world.tell("files", shared)["id"],
        "PM_JIRA_URL": SITE,
        "PM_JIRA_CLOUD_ID": CLOUD_ID,
    }


def world_time(world: World) -> datetime:
    """Return what Google's library is to take for now: UTC without its zone."""
    return datetime.fromisoformat(world.all("clock")["now"]).replace(tzinfo=None)


def the_token_service_goes(life: Life) -> None:
    """Let it fail at first, which the library takes three times, then answer nobody."""
    failing = {"kind": "token_down", "times": 3}
    gone = {"kind": "close_before", "path_regex": "^/token$", "probability": 1}
    life.world.tell("faults", [failing, gone])


async def the_rest_of_life(life: Life) -> Case:
    await the_meeting_is_held(life)
    await all_is_decided(life)
    await the_teams_confirm(life)
    await the_message_is_told(life)
    closed = await all_tickets_are_done(life)
    assert (phase(closed), closed.anomalies) == (Phase.CLOSED, ())
    return closed


async def test_one_account_that_consented_outlives_its_tokens_and_an_outage_of_their_service(
    temporal: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    consent = Consented()
    async with living(temporal, tmp_path, deployment=partial(level_1, consent)) as life:
        pre_read_due = await the_meeting_is_booked(life) - A_DAY
        await life.until(pre_read_due - 2 * AN_HOUR)

        the_token_service_goes(life)
        await life.until(pre_read_due - AN_HOUR / 2)
        await rows_are_typed(life)
        await life.until(pre_read_due + 3 * AN_HOUR)
        pre_reads, away = life.mails("pre-read", to=AMARA), await life.case()
        life.vendors_are_back()
        await life.forward(AN_HOUR)
        back = await life.case()

        assert len(pre_reads) == 1
        assert (len(away.items), len(back.items)) == (0, 3)
        assert not await life.shows(NEEDS_ATTENTION)
        await the_rest_of_life(life)
        assert_tokens_were_renewed(life, {*CALENDARS, OWN_FILES})
        assert 401 in statuses(life)
        assert_all_is_there_once(life, CALENDAR, "Postmortems", ACCOUNT)
        secrets = [consent.client_secret, consent.refresh_token]
        await assert_nowhere(secrets, life, tmp_path, caplog.text)


async def test_a_service_account_outlives_its_tokens_and_an_outage_of_their_service(
    temporal: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with living(temporal, tmp_path, deployment=partial(level_2, monkeypatch)) as life:
        start = await the_meeting_is_booked(life)
        later = start + timedelta(minutes=90)
        await rows_are_typed(life)

        the_token_service_goes(life)
        await life.forward(2 * AN_HOUR)
        await life.act(MoveMeeting(by=AMARA, start=later))
        await life.forward(3 * AN_HOUR)
        away = starts(life)
        life.vendors_are_back()
        await life.forward(AN_HOUR)

        assert (away, starts(life)) == ([start], [later])
        assert not await life.shows(NEEDS_ATTENTION)
        closed = await the_rest_of_life(life)
        assert_tokens_were_renewed(life, {*CALENDARS, WHOLE_DRIVE})
        assert 401 not in statuses(life)
        assert_all_is_there_once(life, ACCOUNT, "Reviews", HELENA)
        assert all(item.issue.url.startswith(SITE) for item in closed.items if item.issue)
        assert life.world.asked(path="^/rest/") == 0
        key = private_pem(robots_key()).splitlines()[1:-1]
        await assert_nowhere(key, life, tmp_path, caplog.text)


def starts(life: Life) -> list[datetime]:
    """Return when the meetings of all calendars begin that were not cancelled."""
    return [datetime.fromisoformat(each["start"]["dateTime"]) for each in events(life)]


def events(life: Life) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = life.world.all("events")
    return [event for event in found if event["status"] != "cancelled"]


def statuses(life: Life) -> set[int | str]:
    """Return how requests to Google ended since its token service was away."""
    requests = life.world.all("requests")["requests"]
    return {each["status"] for each in requests if GOOGLES.match(each["path"])}


def assert_tokens_were_renewed(life: Life, scopes: set[str]) -> None:
    tokens = life.world.all("tokens")
    after_expiry = [new for old, new in pairwise(tokens) if new["issued"] >= old["expires"]]
    assert len(after_expiry) >= 2
    assert {each["email"] for each in tokens} == {ACCOUNT}
    assert all(set(each["scope"].split()) == scopes for each in tokens)


def assert_all_is_there_once(life: Life, calendar: str, root: str, root_owner: str) -> None:
    assert life.world.all("ledger")["duplicates"] == {}
    (event,) = events(life)
    assert (event["creator"]["email"], event["organizer"]["email"]) == (ACCOUNT, calendar)
    document, *folders = path_of_the_document(life)
    assert name_and_owner(document)[1] == ACCOUNT
    assert [name_and_owner(folder) for folder in folders] == [
        (document["name"], ACCOUNT),
        (root, root_owner),
        ("My Drive", root_owner),
    ]
    assert sorted(each["key"] for each in life.tickets()) == ["EDGE-1", "WAF-1"]
    assert len(life.mails("pre-read", to=AMARA)) == len(life.mails("nomination")) == 1
    assert sorted(mail["to"] for mail in life.mails("published")) == [
        f"{name}@example.com" for name in ("edge-firewall", "edge-platform", "incident-reports")
    ]


def path_of_the_document(life: Life) -> list[dict[str, Any]]:
    """Return the one document, the folder that it lies in, and so on up to somebody's drive."""
    files = {each["id"]: each for each in life.world.all("files")}
    path = life.documents()
    assert len(path) == 1
    while parents := path[-1]["parents"]:
        path.append(files[parents[0]])
    return path


def name_and_owner(file: dict[str, Any]) -> tuple[str, str]:
    return file["name"], file["owners"][0]["emailAddress"]


async def assert_nowhere(secrets: list[str], life: Life, folder: Path, log: str) -> None:
    """Look for what must stay secret in all that lasts: the history, the record, the log."""
    secrets = [*secrets, *KEYS.values(), *(each["token"] for each in life.world.all("tokens"))]
    histories = [await run.fetch_history() async for run in runs(life.client, life.id)]
    lasting = {
        "history": [event.SerializeToString() for each in histories for event in each.events],
        "record": [file.read_bytes() for file in (folder / "archive").iterdir()],
        "log": [log.encode()],
    }
    joined = {place: b"\n".join(parts) for place, parts in lasting.items()}

    found = {place: [s for s in secrets if s.encode() in text] for place, text in joined.items()}
    assert found == {"history": [], "record": [], "log": []}
    # What is there to be found is found: they are read as they were written.
    assert all(
        b"Google's token service could not be reached" in joined[p] for p in ("history", "log")
    )
    assert life.id.encode() in joined["record"]
