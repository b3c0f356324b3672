"""The ways into Google that real deployments have, over HTTP against the simulator."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import Refused, Unavailable
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import (
    google_credentials,
    refreshing_token,
    service_account_for,
)
from integrations.google.event import id_of
from integrations.google.http import GoogleAccess
from tests import creating
from tests.google_accounts import Consented, service_account_key
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")


@pytest.fixture(autouse=True)
def _at_wall_time(world: World) -> None:
    world.set("clock", {"now": datetime.now(UTC).isoformat()})


def stored(world: World, key: str) -> Any:  # noqa: ANN401 - JSON
    events = world.all("events", calendar=creating.TEAM)
    return [each for each in events if each["id"] == id_of(key)]


def as_account(world: World, credentials: Any) -> GoogleCalendar:  # noqa: ANN401 - any of Google's
    return GoogleCalendar(GoogleAccess(credentials, world.url, (1, 5)), creating.TEAM)


def consented(world: World) -> Any:  # noqa: ANN401 - of Google's
    return refreshing_token("client", "secret", "refresh-token", f"{world.url}/token")


def test_a_refresh_token_is_exchanged_and_used(world: World) -> None:
    reading = as_account(world, consented(world)).put_event(creating.event("consented"), {})

    assert reading.exists
    assert world.asked("POST", "^/token$") == 1


def test_the_file_of_a_consent_names_the_service_that_gives_its_tokens(
    world: World, tmp_path: Path
) -> None:
    file = Consented().kept_in(tmp_path, world)

    credentials = google_credentials(refresh_token_file=file)
    reading = as_account(world, credentials).put_event(creating.event("by file"), {})

    assert reading.exists
    assert world.asked("POST", "^/token$") == 1


@pytest.mark.parametrize("clocks", ["agree", "disagree"])
def test_a_token_that_expired_is_renewed_and_what_was_asked_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch, clocks: str
) -> None:
    calendar = as_account(world, consented(world))
    calendar.put_event(creating.event("before expiry"), {})
    world.set("clock", {"now": (datetime.now(UTC) + timedelta(hours=2)).isoformat()})
    if clocks == "agree":
        later = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=2)
        monkeypatch.setattr("google.auth._helpers.utcnow", lambda: later)

    calendar.put_event(creating.event(f"clocks {clocks}"), {})

    refused = [r["status"] for r in world.all("requests")["requests"]].count(401)
    assert (world.asked("POST", "^/token$"), refused) == (2, 1 if clocks == "disagree" else 0)
    assert len(stored(world, f"clocks {clocks}")) == 1


def test_a_service_account_acts_for_the_person_it_is_told(world: World) -> None:
    credentials = service_account_for(service_account_key(world.url), subject="ines@example.com")
    as_account(world, credentials).put_event(creating.event("delegated"), {})

    [event] = stored(world, "delegated")
    assert event["creator"]["email"] == "ines@example.com"


def test_a_key_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(Refused) as error:
        service_account_for({"private_key": "secret words"}, subject="ines@example.com")

    assert "secret" not in str(error.value)


def test_credentials_that_google_does_not_accept_are_refused(world: World) -> None:
    refused = {"error": "invalid_grant", "error_description": "secret words"}
    world.break_next("POST", "^/token$", "status", status=400, body=refused)

    with pytest.raises(Refused) as error:
        as_account(world, consented(world)).put_event(creating.event("revoked"), {})

    assert "secret" not in str(error.value)
    assert not stored(world, "revoked")


def test_a_token_service_that_is_down_means_nothing_was_done(world: World) -> None:
    world.break_next("POST", "^/token$", "status", status=503, times=9)

    with pytest.raises(Unavailable):
        as_account(world, consented(world)).put_event(creating.event("no-token"), {})


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("invalid_grant", "consent again"),
        ("unauthorized_client", "Domain-wide delegation lacks our client"),
        ("invalid_client", "its secret is wrong"),
        ("something_new", "Check Google's credentials"),
    ],
)
def test_a_refused_token_says_what_to_do(world: World, code: str, advice: str) -> None:
    refused = {"error": code, "error_description": "secret words"}
    world.break_next("POST", "^/token$", "status", status=400, body=refused)

    with pytest.raises(Refused, match=advice) as error:
        as_account(world, consented(world)).read_event("any", {})

    assert "secret words" not in str(error.value)


@pytest.mark.parametrize("kind", ["close_before", "reset_before", "token_down"])
def test_a_token_service_that_cannot_be_reached_means_nothing_was_done(
    world: World, kind: str
) -> None:
    world.break_next("POST", "^/token$", kind, times=9)

    with pytest.raises(Unavailable):
        as_account(world, consented(world)).put_event(creating.event(f"token {kind}"), {})

    assert not stored(world, f"token {kind}")
