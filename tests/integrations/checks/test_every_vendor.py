"""What every vendor's check-up keeps to: sentences, no secret, and requests that only read."""

import pytest

from integrations.checks.examination import Finding, Grade
from integrations.google.checks import google_examination
from integrations.google.credentials import static_token
from integrations.issue_projects import IssueProject
from integrations.jira.checks import JiraSite, jira_examination
from integrations.sendgrid.checks import sendgrid_examination
from tests.checkups import (
    SENDER,
    TIMEOUT,
    WANTED,
    examined,
    google,
    grades,
    jira,
    lines,
    sendgrid,
    service_account,
)
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("as_new")


def everything(world: World) -> tuple[Finding, ...]:
    return sendgrid(world) + google(world) + jira(world)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("status", {"status": 503}),
        ("status", {"status": 500}),
        ("close_before", {}),
        ("reset_before", {}),
        ("throttle_seconds", {}),
        ("redirect", {"location": "http://elsewhere.invalid/canary"}),
        ("html200", {"body": "<html>canary</html>"}),
        ("json200", {"body": ["canary"]}),
        ("json200", {"body": {"canary": {"deep": 1}}}),
        ("truncated", {}),
    ],
)
def test_a_vendor_that_is_away_or_strange_fails_in_a_sentence(
    world: World, kind: str, more: dict[str, object]
) -> None:
    world.tell("faults", [{"kind": kind, "path_regex": "", "times": 999, **more}])

    found = everything(world)

    for vendor in ("SendGrid", "Google", "Jira"):
        of_vendor = [each for each in found if each.about.startswith(vendor)]
        assert Grade.FAIL in {each.grade for each in of_vendor}, vendor
    assert all(len(each.line) < 400 and "\n" not in each.line for each in found)
    assert "canary" not in lines(found)


def test_nothing_listening_fails_in_a_sentence() -> None:
    nowhere = "http://127.0.0.1:9"

    found = examined(
        sendgrid_examination("canary", SENDER, nowhere, TIMEOUT),
        google_examination(static_token("canary"), nowhere, WANTED, TIMEOUT),
        jira_examination(JiraSite(nowhere, "canary"), {"WAF": IssueProject()}, TIMEOUT),
    )

    assert Grade.FAIL in grades(found)
    assert "could not be reached" in lines(found)


def test_no_secret_and_no_address_is_told(world: World) -> None:
    told = lines(everything(world))

    assert "canary" not in told
    assert "@" not in told


def test_only_reading_requests_reach_the_vendors(world: World) -> None:
    google(world, credentials=service_account(world))
    everything(world)

    requests = world.all("requests")["requests"]

    writing = {
        (each["method"], each["path"]) for each in requests if each["method"] not in {"GET", "HEAD"}
    }
    assert writing <= {("POST", "/token"), ("POST", "/calendar/v3/freeBusy")}
    assert len(requests) > 15
    assert all(not world.all(what) for what in ("tickets", "mails", "events", "documents"))
