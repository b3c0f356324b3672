"""Bursts: who asks too often is told when to come back, and nobody else notices."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.links import Link, Links, Purpose
from tests.playing import AMARA, BEATRIZ, Play
from tests.web.test_webhooks import delivered, incident, ticket
from tests.web_cases import BASE, CASE, LINKS, House, asked_to_approve, house, received
from web import limits
from web.limits import Allowances, Limit, Limits, TooOften, network

OURS = {"Origin": BASE}
ALLOWED = Allowances(link=4, case=12, tool=12, stranger=6)
OTHERS = [LINKS.url(Link(Purpose.STEPS, CASE, 1, f"person-{number}")) for number in range(3)]


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Busy:
    """A house with small allowances, and its clock."""

    play: Play = field(default_factory=received)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.here: House = house(self.play, limits=Limits(ALLOWED, self.clock))

    async def burst(self, address: str, count: int, method: str = "GET") -> list[int]:
        browser = self.here.browser()
        return [
            (await browser.ask(method, address, headers=OURS, follow_redirects=False)).status_code
            for _ in range(count)
        ]


async def test_a_burst_on_one_link_is_refused_and_says_when_to_come_back() -> None:
    busy = Busy()
    mine = busy.here.steps(AMARA)

    answers = await busy.burst(mine, 20)
    refused = await busy.here.browser().ask("GET", mine)

    assert answers.count(200) == len(busy.here.cases.asked) == 4 + 12
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "5"
    assert "in 5 seconds" in refused.text
    busy.clock.now += 5
    assert await busy.burst(mine, 1) == [200]


async def test_a_burst_on_many_links_leaves_the_case_to_its_other_people() -> None:
    busy = Busy(asked_to_approve())
    for address in (busy.here.steps(BEATRIZ), *OTHERS):
        assert (await busy.burst(address, 20))[-1] == 429
    form = f"{busy.here.steps(BEATRIZ)}/accept_ownership"
    assert set(await busy.burst(form, 10, "POST")) == {429}

    assert set(await busy.burst(busy.here.steps(AMARA), 4)) == {200}
    assert set(await busy.burst(busy.here.review(), 4)) == {200}


async def test_a_form_that_is_sent_too_often_reaches_nothing() -> None:
    busy = Busy()

    form = f"{busy.here.steps(AMARA)}/accept_ownership"
    assert 429 not in await busy.burst(form, 16, "POST")
    asked = len(busy.here.cases.asked)

    answers = await busy.burst(form, 4, "POST")

    assert answers == [429] * 4
    assert len(busy.here.cases.asked) == asked


async def test_a_burst_about_one_case_touches_no_other_case() -> None:
    busy = Busy()
    for address in OTHERS:
        await busy.burst(address, 20)

    other = LINKS.url(Link(Purpose.STEPS, "postmortem-INC-205", 1, AMARA))

    assert 429 not in await busy.burst(other, 16)


async def test_strangers_of_one_address_are_told_to_wait_and_people_there_are_not() -> None:
    busy = Busy()
    forged = Links(["another key of more than thirty-two characters"], ["codes"], BASE)

    answers = await busy.burst(forged.url(Link(Purpose.STEPS, CASE, 1, AMARA)), 20)

    assert (answers.count(404), answers.count(429)) == (6, 14)
    assert await busy.burst(busy.here.steps(AMARA), 1) == [200]
    assert (await delivered(busy.here, "generic", incident())).status_code == 202
    busy.clock.now += 10
    assert await busy.burst(f"{BASE}/s/x", 1) == [404]


async def test_who_looks_for_pages_that_are_not_there_is_told_to_wait() -> None:
    busy = Busy()

    answers = [(await busy.burst(f"{BASE}/{number}", 1))[0] for number in range(9)]

    assert answers == 6 * [404] + 3 * [429]


async def test_a_stranger_s_form_is_not_even_read() -> None:
    busy = Busy()

    async def form() -> AsyncIterator[bytes]:
        raise AssertionError("It was read.")
        yield b""

    answer = await busy.here.browser().ask(
        "POST", f"{BASE}/s/x/accept_ownership", content=form(), headers=OURS
    )

    assert answer.status_code == 404


async def test_deliveries_that_nobody_signed_are_told_to_wait() -> None:
    busy = Busy()

    answers = [await delivered(busy.here, "jira", ticket(), secret="guessed") for _ in range(9)]

    assert [each.status_code for each in answers] == 6 * [401] + 3 * [429]
    assert answers[-1].headers["retry-after"] == "10"
    assert (await delivered(busy.here, "jira", ticket(CASE))).status_code == 202


def told_often(source: str, times: int) -> list[object]:
    """So many deliveries about one case, none like another: repeats are not even counted."""
    if source == "jira":
        return [{**ticket(CASE), "id": number} for number in range(times)]
    return [incident(title=f"Telling {number}") for number in range(times)]


@pytest.mark.parametrize("source", ["generic", "jira"])
async def test_a_tool_that_tells_too_much_is_refused_and_the_case_stays_open_to_people(
    source: str,
) -> None:
    busy = Busy()

    *bodies, last = told_often(source, 31)
    answers = [await delivered(busy.here, source, body) for body in bodies]

    assert len(busy.here.cases.started) + len(busy.here.cases.tickets) == 12
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "5"
    assert answers[-1].json()["accepted"] is False
    assert busy.here.deliveries.counts()[source] == {"accepted": 12, "too often": 18}
    assert await busy.burst(busy.here.steps(AMARA), 1) == [200]
    busy.clock.now += 5
    assert (await delivered(busy.here, source, last)).status_code == 202


async def test_a_ticket_with_a_thousand_labels_asks_after_few_cases() -> None:
    busy = Busy()
    labels = [f"postmortem-INC-{number}" for number in range(1000, 2000)]

    answer = await delivered(busy.here, "jira", ticket(*labels, CASE))

    assert answer.json()["reason"] == "This ticket belongs to no open case."
    assert busy.here.cases.tickets == []


@given(st.lists(st.floats(0, 30), max_size=100))
def test_in_no_minute_is_more_taken_than_twice_what_a_minute_has(pauses: list[float]) -> None:
    clock, taken = Clock(), []
    limit = Limit(10, clock)
    for pause in pauses:
        clock.now += pause
        try:
            limit.take("one")
        except TooOften:
            continue
        taken.append(clock.now)

    for start in taken:
        assert sum(start <= each < start + 60 for each in taken) <= 20


def test_who_comes_back_when_told_is_taken() -> None:
    clock = Clock()
    limit = Limit(7, clock)

    for _ in range(50):
        try:
            limit.take("one")
        except TooOften as wait:
            clock.now += wait.seconds
            limit.take("one")


def test_addresses_beyond_number_cost_no_memory_beyond_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 50)
    limit = Limit(1, Clock())
    limit.take("the first")

    for number in range(50):
        limit.take(str(number))

    limit.take("the first")
    with pytest.raises(TooOften):
        limit.take("49")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::1%eth0", True),
        ("unknown:", "unknown:", True),
    ],
)
def test_a_whole_network_of_version_6_is_one_stranger(
    one: str,
    other: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert (network(one) == network(other)) is same
