"""The soak: it asks at its pace, notes what came back, and says who was refused."""

import random

import httpx
import pytest

from bench.cost import incident_of
from bench.soak import PEOPLE, Answers, Targets, Wishes, soaked
from tests.playing import an_incident
from tests.web_cases import BASE, NOW, SECRETS, House, house, received
from web.limits import Allowances, Limits

SECOND = Wishes(minutes=1 / 60, rate=50)


def client(here: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(here.app), base_url=BASE)


def targets(here: House) -> Targets:
    links = [here.steps(person) for person in PEOPLE]
    told = [incident_of("INC-204", an_incident().resolved_at)]
    return Targets(links, told, SECRETS.generic[0], now=lambda: NOW)


async def test_a_second_of_it_is_all_answered_and_decides_nothing() -> None:
    here = house(received())
    before = here.case

    async with client(here) as asking:
        answers = await soaked(asking, targets(here), SECOND, random.Random(1))

    assert answers.statuses == {("page", 200): 30, ("form", 422): 10, ("webhook", 202): 10}
    assert answers.failures == 0
    assert here.case is before


async def test_who_is_refused_is_counted_apart_from_what_fails() -> None:
    here = house(received(), limits=Limits(Allowances(link=1, case=1, tool=1)))

    async with client(here) as asking:
        answers = await soaked(asking, targets(here), SECOND, random.Random(1))

    assert answers.failures == 0
    looked_at_and_sent = 30 + 10
    refused = answers.statuses["page", 429] + answers.statuses["form", 429]
    assert refused == looked_at_and_sent - len(PEOPLE) - 1
    # What was told before is swallowed, and not even counted.
    assert answers.statuses["webhook", 202] == 10
    assert "429" in answers.table()


async def test_an_answer_that_says_that_something_broke_is_a_failure() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            raise httpx.ConnectError("away", request=request)
        return httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as asking:
        answers = await soaked(asking, targets(house()), SECOND, random.Random(1))

    assert answers.failures == 50


def test_the_table_says_how_long_most_answers_took() -> None:
    answers = Answers()
    for hundredth in range(100):
        answers.note("page", hundredth / 100, 200)
    answers.note("page", 3.0, 429)

    assert answers.table().splitlines()[1].split() == [
        "page", "101", "500", "950", "3000", "1",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [200, 303, 404, 409, 422])
def test_what_people_are_told_is_no_failure(status: int) -> None:
    answers = Answers()

    answers.note("page", 0.1, status)

    assert answers.failures == 0
