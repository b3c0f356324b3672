"""Google's access tokens as the simulator gives them: to whom, for how long, and to nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from tests.google_accounts import ROBOT, Consented, make_robot_known, private_pem, robots_key
from tests.simulated import World
from tests.simulator.bodies import ADA, EVENTS, HOUR, TEAM

DOCUMENT = "/v1/documents/any"
SCOPE = "https://www.googleapis.com/auth/calendar"
OTHER_SCOPE = "https://www.googleapis.com/auth/drive"
OURS = Consented()


@pytest.fixture
def world(world: World) -> World:
    world.tell("reset", {})
    world.tell("people", {"people": [{"email": ADA, "name": "Ada"}]})
    world.tell("calendars", {"id": TEAM})
    return world


@pytest.fixture
def google(world: World) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=world.url, trust_env=False) as client:
        yield client


def refreshing(google: httpx.Client, **changes: str) -> httpx.Response:
    form = vars(OURS) | {"grant_type": "refresh_token"} | changes
    return google.post("/token", data=form)


def signed(
    google: httpx.Client,
    key: rsa.RSAPrivateKey | None = None,
    **changes: Any,  # noqa: ANN401 - JSON
) -> httpx.Response:
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": ROBOT,
        "sub": ADA,
        "scope": SCOPE,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }
    made: Any = crypt.RSASigner
    encode: Any = jwt.encode
    signer = made.from_string(private_pem(key or robots_key()))
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": encode(signer, claims | changes).decode(),
    }
    return google.post("/token", data=form)


def bearing(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def said(answer: httpx.Response) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["error"], told["error_description"]


def test_a_token_lives_for_an_hour_of_the_worlds_clock(world: World, google: httpx.Client) -> None:
    granted = refreshing(google)
    fresh = google.get(EVENTS, headers=bearing(granted))

    later = datetime.now(UTC) + timedelta(seconds=granted.json()["expires_in"] + 1)
    world.set("clock", {"now": later.isoformat()})
    stale = google.post(EVENTS, json=HOUR, headers=bearing(granted))
    of_docs = google.get(DOCUMENT, headers=bearing(granted))
    renewed = google.get(EVENTS, headers=bearing(refreshing(google)))

    assert (fresh.status_code, stale.status_code, renewed.status_code) == (200, 401, 200)
    assert renewed.json()["items"] == []
    assert stale.json()["error"]["errors"][0]["reason"] == "authError"
    assert of_docs.json()["error"]["status"] == "UNAUTHENTICATED"
    assert "errors" not in of_docs.json()["error"]


def test_once_accounts_are_known_only_their_tokens_open_anything(
    world: World, google: httpx.Client
) -> None:
    anyone = {"Authorization": "Bearer simulator"}
    before = google.get(EVENTS, headers=anyone).status_code

    OURS.told_to(world, ADA, [SCOPE])

    assert (before, google.get(EVENTS, headers=anyone).status_code) == (200, 401)
    assert google.get(EVENTS, headers=bearing(refreshing(google))).status_code == 200


def test_a_consent_grants_its_account_and_its_scopes(world: World, google: httpx.Client) -> None:
    OURS.told_to(world, ADA, [SCOPE, OTHER_SCOPE])

    whole, narrow = refreshing(google), refreshing(google, scope=SCOPE)
    event = google.post(EVENTS, json=HOUR, headers=bearing(whole)).json()

    assert event["creator"] == {"email": ADA}
    assert whole.json()["scope"].split() == [SCOPE, OTHER_SCOPE]
    assert google.get("/drive/v3/files", headers=bearing(narrow)).status_code == 403
    assert [each["email"] for each in world.all("tokens")] == [ADA, ADA]


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"refresh_token": "1//other"}, (400, "invalid_grant", "Bad Request")),
        ({"client_id": "none"}, (401, "invalid_client", "The OAuth client was not found.")),
        ({"client_secret": "wrong"}, (401, "invalid_client", "Unauthorized")),
        (
            {"scope": OTHER_SCOPE},
            (400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
        ),
    ],
)
def test_what_nobody_consented_to_gets_no_token(
    world: World, google: httpx.Client, changes: dict[str, str], answer: tuple[int, str, str]
) -> None:
    OURS.told_to(world, ADA, [SCOPE])

    assert said(refreshing(google, **changes)) == answer
    assert world.all("tokens") == []


def test_a_refresh_token_is_good_for_its_own_client_alone(
    world: World, google: httpx.Client
) -> None:
    theirs = Consented(client_id="another.apps.googleusercontent.com")
    for consent in (OURS, theirs):
        consent.told_to(world, ADA, [SCOPE])

    answer = refreshing(google, refresh_token=theirs.refresh_token)

    assert said(answer) == (401, "unauthorized_client", "Unauthorized")


def test_a_service_account_is_known_by_its_signature(world: World, google: httpx.Client) -> None:
    make_robot_known(world)

    event = google.post(EVENTS, json=HOUR, headers=bearing(signed(google))).json()

    assert event["creator"] == {"email": ADA}


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"iss": "other@project.iam.gserviceaccount.com"}, "Invalid grant: account not found"),
        ({"aud": "https://example.com/token"}, "Invalid JWT: Failed audience check."),
        ({"sub": "nobody@example.com"}, "Invalid email or User ID"),
        ({"iat": 0}, "Invalid JWT: Token must be a short-lived token (60 minutes)"),
        ({"exp": None}, "Invalid JWT: Token must be a short-lived token (60 minutes)"),
    ],
)
def test_an_assertion_that_says_something_else_is_refused(
    world: World, google: httpx.Client, changes: dict[str, Any], description: str
) -> None:
    make_robot_known(world)

    status, error, told = said(signed(google, **changes))

    assert (status, error) == (400, "invalid_grant")
    assert told.startswith(description)


def test_an_assertion_that_another_key_signed_is_refused(
    world: World, google: httpx.Client
) -> None:
    make_robot_known(world)

    answer = signed(google, key=rsa.generate_private_key(public_exponent=65537, key_size=2048))

    assert said(answer) == (400, "invalid_grant", "Invalid JWT Signature.")
