"""Bodies and forms that nobody would write: each gets an answer, and none of them breaks a page."""

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.browser import Form
from tests.playing import AMARA, INES, Play
from tests.web.test_webhooks import delivered, incident, resolved, signed, ticket
from tests.web.test_webhooks import sent as sent_as
from tests.web_cases import (
    BASE,
    CASE,
    House,
    approved,
    asked_to_approve,
    chair,
    decided,
    held,
    house,
    owned,
    received,
)
from web.limits import Allowances, Limits

GENUINE = {"pagerduty": resolved(), "generic": incident(), "jira": ticket(CASE)}
ANSWERS = {202, 400, 422}
"""What a tool may be told of a body that it signed; anything else would be a failure of ours."""

ODD: tuple[object, ...] = (
    None,
    True,
    5,
    -1,
    1e300,
    10**40,
    "",
    "x",
    [],
    [[]],
    [None, 5, {}],
    {},
    {"x": [1]},
    "y" * 3000,
)

DEEP = "[" * 100_000 + "]" * 100_000
QUICK = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

texts = st.text(max_size=40) | st.sampled_from(
    [
        "",
        " ",
        "\x1b[31m",
        "\u202e",
        "![x](https://e.example)",
        "<img src=x>",
        "0",
        "-1",
        "NaN",
        "9" * 400,
        "2027-01-12T14:52:00Z",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01",
        "\ud800",
        "x" * 3000,
    ]
)
strange = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def places(body: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where in a body something stands, the whole of it included."""
    yield above
    inner: Any = ()
    if isinstance(body, dict):
        inner = body.items()
    elif isinstance(body, list):
        inner = enumerate(body)
    for name, each in inner:
        yield from places(each, (*above, name))


def with_other(body: object, place: tuple[str | int, ...], other: object) -> object:
    """Return a body in which something else stands in one place."""
    if not place:
        return other
    changed: Any = copy.copy(body)
    changed[place[0]] = with_other(changed[place[0]], place[1:], other)
    return changed


@st.composite
def mutated(draw: st.DrawFn, body: object) -> bytes:
    """Draw a body as a tool gone mad would sign it: other values, other bytes, or its half."""
    for _ in range(draw(st.integers(1, 2))):
        body = with_other(body, draw(st.sampled_from(list(places(body)))), draw(strange))
    raw = json.dumps(body).encode()
    match draw(st.integers(0, 3)):
        case 0:
            return raw[: draw(st.integers(0, len(raw)))]
        case 1:
            at = draw(st.integers(0, len(raw)))
            return raw[:at] + draw(st.binary(max_size=8)) + raw[at:]
        case _:
            return raw


def sent(here: House, source: str, raw: bytes) -> Any:  # noqa: ANN401 - JSON
    answer = asyncio.run(delivered(here, source, raw))
    assert answer.status_code in ANSWERS, answer.text
    told = answer.json()
    assert told.keys() == {"accepted", "case", "reason"}
    assert told["accepted"] is bool(told["case"])
    return told


def patient(play: Play) -> House:
    """A house where everything may be asked as often as a test likes."""
    return house(play, limits=Limits(Allowances(*[10**9] * 4)))


@pytest.fixture(scope="module")
def here() -> House:
    return patient(received())


@pytest.mark.parametrize("source", GENUINE)
def test_anything_may_stand_anywhere_in_a_signed_body(here: House, source: str) -> None:
    for place in places(GENUINE[source]):
        for odd in ODD:
            sent(here, source, json.dumps(with_other(GENUINE[source], place, odd)).encode())


@pytest.mark.parametrize("source", GENUINE)
@QUICK
@given(data=st.data())
def test_a_signed_body_of_any_shape_is_answered(
    here: House, source: str, data: st.DataObject
) -> None:
    told = sent(here, source, data.draw(mutated(GENUINE[source])))

    assert len(told["reason"]) < 1000


@pytest.mark.parametrize("source", GENUINE)
@pytest.mark.parametrize(
    "raw", [DEEP, f'{{"event": {DEEP}}}', '{"a":' * 20_000 + "1" + "}" * 20_000, "1" * 200_000]
)
def test_a_body_too_deep_to_read_is_answered(here: House, source: str, raw: str) -> None:
    sent(here, source, raw.encode())


@pytest.mark.parametrize("source", GENUINE)
def test_a_body_with_something_too_deep_where_nobody_looks_is_answered(
    here: House, source: str
) -> None:
    whole = json.dumps(GENUINE[source])

    sent(here, source, f'{{"beside": {DEEP}, {whole[1:]}'.encode())


@pytest.mark.parametrize("source", GENUINE)
@QUICK
@given(flipped=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_body_with_one_bit_changed_is_no_longer_signed(
    here: House, source: str, flipped: int, bit: int
) -> None:
    raw = bytearray(json.dumps(GENUINE[source]).encode())
    genuine = bytes(raw)
    raw[flipped % len(raw)] ^= 1 << bit

    answer = asyncio.run(sent_as(here, source, bytes(raw), signed(source, genuine)))

    assert answer.status_code == 401


def ready_to_post() -> Play:
    return approved(and_allowed=True)


STATES = (received, owned, held, decided, asked_to_approve, approved, ready_to_post)


def filled(draw: st.DrawFn, form: Form) -> dict[str, str]:
    """Draw what somebody sends with a form: what stands in it, its choices, and anything else."""
    known = [*form.filled, *form.choices, *form.buttons]
    typed = {name: draw(texts) for name in known if draw(st.booleans())}
    chosen = {name: draw(st.sampled_from(each)) for name, each in form.choices.items() if each}
    return {**form.filled, **chosen, **typed, **draw(st.dictionaries(texts, texts, max_size=2))}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_form_filled_in_with_anything_is_answered_and_its_page_still_opens(
    state: Callable[[], Play],
) -> None:
    play = state()
    here, before = patient(play), copy.copy(play)
    people = sorted(
        {AMARA, INES, chair(play), *(each.liaison for each in play.case.message.approvals)}
    )
    addresses = [here.steps(each) for each in people]
    addresses += [here.review()] if play.case.message.approvals else []
    pages = {each: asyncio.run(here.browser().open(each)) for each in addresses}

    @settings(QUICK, max_examples=25)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        vars(play).update(vars(copy.copy(before)))
        here.cases.done.clear()
        address = data.draw(st.sampled_from([each for each in addresses if pages[each].forms]))
        form = data.draw(st.sampled_from(pages[address].forms))
        typed = urlencode(data.draw(st.composite(filled)(form)), errors="replace")

        answer = asyncio.run(
            here.browser().ask(
                "POST",
                form.action,
                content=typed,
                headers={"Origin": BASE, "Content-Type": "application/x-www-form-urlencoded"},
                follow_redirects=False,
            )
        )

        assert answer.status_code in (303, 409, 413, 422), answer.text
        assert asyncio.run(here.browser().open(address)).status == 200

    check()


@QUICK
@given(body=st.binary(max_size=300))
@example(b"&" * 2000)
@example(b"a=%ff%fe&a=%00&%=%")
def test_a_form_of_any_bytes_is_answered(here: House, body: bytes) -> None:
    address = f"{here.steps(AMARA)}/accept_ownership"

    answer = asyncio.run(
        here.browser().ask(
            "POST", address, content=body, headers={"Origin": BASE}, follow_redirects=False
        )
    )

    assert answer.status_code in (303, 409, 422)
