"""Every fault in every creating call: one request on the wire, the right word, one thing left."""

import time
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from simulator.control.faults import KINDS
from tests import creating
from tests.creating import ALL, GOOGLE, Creating, Tried
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

LATE = 0.8
"""Longer than impatient adapters wait."""

MANY = 12

_DONE_AND_LOST = ("close_after", "reset_after", "delay_after", "status_after", "truncated")
_LOST = (*_DONE_AND_LOST, "close_before", "reset_before", "delay_before", "never", "status")
_LATE = ("delay_before", "delay_after", "never")
_THROTTLED = ("throttle", "throttle_seconds", "throttle_date")
_QUOTA = ("quota", "quota_seconds", "quota_date")
_STRANGE = ("redirect", "html200", "json200")
_HARMLESS = ("slow",)
_OF_TOKENS = ("token_down",)

_numbers = count()


def broken(world: World, call: Creating, kind: str, **more: object) -> Tried:
    """Set a call up so that its request meets a fault."""
    key = f"{call.name}-{kind}-{next(_numbers)}".replace("_", "-")
    tried = call.prepare(world, key, creating.IMPATIENT if kind in _LATE else creating.PATIENT)
    world.forget()
    if call.before:
        world.break_next("POST", call.path, "delay_before", times=call.before)
    details: dict[str, Any] = {"seconds": LATE if kind in _LATE else 0}
    world.break_next("POST", call.path, kind, **details | more)
    return tried


def word_for(call: Creating, kind: str) -> type[ServiceError] | None:
    """Return the error that a fault must become; None where it does no harm."""
    if kind in _HARMLESS:
        return None
    if kind in (*_THROTTLED, *_QUOTA):
        return Throttled
    if call is creating.ISSUE and kind in _DONE_AND_LOST:
        # It is found by its number in the same call.
        return None
    if kind in _LOST or (call is creating.MAIL and kind != "redirect"):
        return Ambiguous
    # Whom Google does not let in is named; what cannot be said on a ticket is left to a person.
    return None if call in (creating.PERMISSION, creating.COMMENT) else Refused


def raised_by(tried: Tried) -> ServiceError | None:
    try:
        tried.call()
    except ServiceError as error:
        return error
    return None


def repeated(tried: Tried) -> None:
    """Try again as the case does, and as people do who say `retry`, until it is done."""
    for _ in range(MANY):
        if raised_by(tried) is None:
            return
    pytest.fail("It never got done.")


def cases() -> list[Any]:
    kinds = [kind for kind in KINDS if kind not in (*_OF_TOKENS, *_QUOTA)]
    everywhere = [(call, kind) for call in ALL for kind in kinds]
    googles = [(call, kind) for call in GOOGLE for kind in _QUOTA]
    return [pytest.param(c, k, id=f"{c.name}-{k}") for c, k in (*everywhere, *googles)]


def test_every_kind_of_fault_is_known_here() -> None:
    known = {*_LOST, *_THROTTLED, *_QUOTA, *_STRANGE, *_HARMLESS, *_OF_TOKENS}

    assert set(KINDS) == known


@pytest.mark.parametrize(("call", "kind"), cases())
def test_a_fault_costs_one_request_has_its_word_and_leaves_one_thing(
    world: World, call: Creating, kind: str
) -> None:
    tried = broken(world, call, kind)

    error = raised_by(tried)
    sent = world.asked("POST", call.path)
    if kind == "delay_before":
        # The case waits a minute at least: by then the vendor has done what it was late with.
        time.sleep(LATE)
    world.forget()
    if error is not None:
        repeated(tried)

    expected = word_for(call, kind)
    assert (type(error) if error else None) is expected
    goes_on = call is creating.FOLDER and error is None
    assert sent <= call.before + 1 + goes_on
    if call is creating.MAIL and expected is Ambiguous:
        assert tried.left() in {1, 2}
    elif call not in (creating.PERMISSION, creating.COMMENT) or expected:
        assert tried.left() == 1
    else:
        assert tried.left() <= 1


@pytest.mark.parametrize("kind", ["throttle_seconds", "throttle_date"])
@pytest.mark.parametrize("call", [c for c in ALL if c is not creating.LINK], ids=lambda c: c.name)
def test_the_pause_that_a_vendor_asks_for_is_told(world: World, call: Creating, kind: str) -> None:
    error = raised_by(broken(world, call, kind, retry_after=600))

    if call is creating.MAIL:
        # SendGrid says until when, not how long.
        assert isinstance(error, Throttled)
        return
    assert isinstance(error, Throttled)
    assert timedelta(seconds=590) < error.retry_after <= timedelta(seconds=601)


@pytest.mark.parametrize(
    "call", [each for each in GOOGLE if each is not creating.PERMISSION], ids=lambda c: c.name
)
def test_where_google_wants_more_scopes_the_refusal_says_what_to_grant(
    world: World, call: Creating
) -> None:
    body = {"error": {"code": 403, "errors": [{"reason": "insufficientPermissions"}]}}

    error = raised_by(broken(world, call, "status", status=403, body=body))

    assert isinstance(error, Refused)
    assert "Grant our scopes" in str(error)


def test_a_service_that_is_down_for_long_is_never_refused(world: World) -> None:
    tried = creating.EVENT.prepare(world, "long-outage", creating.PATIENT)
    world.break_next("GET", "/events/", "close_before", times=20)

    errors = [raised_by(tried) for _ in range(20)]
    tried.call()

    assert {type(each) for each in errors} == {Unavailable}
    assert tried.left() == 1
