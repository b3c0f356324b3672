"""What the check-up of SendGrid finds, over HTTP against the simulator: good, and broken."""

import pytest

from integrations.checks.examination import Grade
from tests.checkups import SENDER, answer, grades, lines, sendgrid
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("as_new")


def test_a_verified_sender_is_fine(world: World) -> None:
    world.set("settings", {"verified_senders": [SENDER.upper()]})

    found = sendgrid(world)

    assert [each.grade for each in found] == [Grade.OK, Grade.OK]


def test_a_sender_in_an_authenticated_domain_is_fine(world: World) -> None:
    world.set("settings", {"verified_senders": [], "verified_domains": ["Example.com"]})

    assert grades(sendgrid(world)) == {Grade.OK}


def test_a_key_that_is_not_accepted_ends_the_check(world: World) -> None:
    answer(world, "^/v3/scopes$", None, "status", status=401)

    found = sendgrid(world)

    assert [each.grade for each in found] == [Grade.FAIL]
    assert "does not accept PM_SENDGRID_KEY" in lines(found)


def test_a_key_that_may_not_send_is_named(world: World) -> None:
    world.set("settings", {"sendgrid_scopes": ["stats.read"]})

    assert "lacks the scope mail.send" in lines(sendgrid(world))


def test_a_sender_that_is_not_verified_fails(world: World) -> None:
    world.set("settings", {"verified_senders": ["x@example.com"], "verified_domains": ["b.org"]})

    found = sendgrid(world)

    assert found[-1].grade is Grade.FAIL
    assert "PM_SENDER is not verified" in found[-1].what


def test_a_sender_whose_verification_waits_fails(world: World) -> None:
    waiting = {"results": [{"from_email": SENDER, "verified": False}]}
    answer(world, "^/v3/verified_senders$", waiting)
    answer(world, "^/v3/whitelabel/domains$", [{"domain": "example.com", "valid": False}])

    assert "PM_SENDER is not verified" in lines(sendgrid(world))


def test_a_key_that_may_not_look_only_warns(world: World) -> None:
    world.set("settings", {"sendgrid_scopes": ["mail.send"]})

    assert [each.grade for each in sendgrid(world)] == [Grade.OK, Grade.WARN]
