"""The links in our mails against real cases: who may decide, once, and what changes nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from domain.customer_message.acts import DecideExternalMessage
from domain.customer_message.state import Approval
from integrations.links import Links, Purpose
from tests.browser import Browser, Page
from tests.lives import PUBLIC_URL, Life, living
from tests.playing import BEATRIZ, INES
from tests.scenes import TEXT
from tests.stories import everything_until_approval_is_asked, the_message_is_drafted, the_request
from web.public import public_app
from web.webhooks import WebhookSecrets
from workflows.search_attributes import NEEDS_ATTENTION

STORM = 200


@asynccontextmanager
async def asked(
    client: Client, folder: Path, key: str = "INC-204"
) -> AsyncIterator[tuple[Life, Browser]]:
    """Let the liaison have the mail with the link and the code, and a browser at hand."""
    async with living(client, folder) as life:
        await everything_until_approval_is_asked(life, key)
        outside = life.outside
        app = public_app(
            life.cases,
            outside.links,
            outside.proofs,
            outside.directory,
            outside.policy,
            WebhookSecrets(),
            outside.wording.catalogue,
            base_url=PUBLIC_URL,
        )
        yield life, Browser(app, PUBLIC_URL)


@pytest.fixture(scope="module")
async def open_request(
    temporal: Client, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Life, Browser]]:
    """One case for all tests after which nothing may have changed."""
    async with asked(temporal, tmp_path_factory.mktemp("open"), "INC-205") as here:
        yield here


def newest(life: Life) -> str:
    text: str = life.mails("approval", to=BEATRIZ)[-1]["text"]
    return text


def link(life: Life) -> str:
    (found,) = re.findall(r"https://\S+/a/\S+", newest(life))
    return str(found)


def code(life: Life) -> str:
    return "".join(re.findall(r"\b(\d{3}) ?(\d{3})\b", newest(life))[0])


async def decides(browser: Browser, address: str, **typed: str) -> Page:
    page = await browser.open(address)
    return (
        await browser.answer(address, address.rsplit("/", 1)[-1], **typed) if page.forms else page
    )


async def message(life: Life) -> tuple[int, tuple[Approval, ...]]:
    """Return everything about the message that a link could change."""
    told = (await life.case()).message
    return told.version, told.approvals


async def test_the_same_link_posted_twice_or_at_the_same_time_decides_once(
    temporal: Client, tmp_path: Path
) -> None:
    async with asked(temporal, tmp_path) as (life, browser):
        address, typed = link(life), {"decision": "approved", "code": code(life)}
        page = await browser.open(address)
        form = page.form(address.rsplit("/", 1)[-1])

        at_once = await asyncio.gather(*(browser.send(page, form, **typed) for _ in range(5)))
        decided = await message(life)
        again = await browser.send(page, form, **typed)

        assert [each.status for each in (*at_once, again)] == [200] * 6
        assert await message(life) == decided
        assert (await the_request(life)).decision == "approved"
        assert (await life.updates()).count("decide_external_message") == 1


async def test_of_two_different_decisions_at_once_one_stands(
    temporal: Client, tmp_path: Path
) -> None:
    async with asked(temporal, tmp_path) as (life, browser):
        address, digits = link(life), code(life)
        page = await browser.open(address)
        form = page.form(address.rsplit("/", 1)[-1])
        typed: list[dict[str, Any]] = [
            {"decision": "approved", "code": digits},
            {"decision": "changes", "comment": "Say it shorter", "code": digits},
        ]

        answers = await asyncio.gather(*(browser.send(page, form, **each) for each in typed))

        assert sorted(each.status for each in answers) == [200, 409]
        refused = next(each for each in answers if each.status == 409)
        assert "This was decided already" in refused.text
        assert (await life.updates()).count("decide_external_message") == 1


async def test_a_forged_or_misused_link_changes_nothing(
    open_request: tuple[Life, Browser],
) -> None:
    life, browser = open_request
    request, links, before = await the_request(life), life.outside.links, await message(life)
    forger = Links(["another key, of more than thirty-two characters"], PUBLIC_URL)
    token = link(life).rsplit("/", 1)[-1]
    steps = links.url(Purpose.STEPS, life.id, BEATRIZ).rsplit("/", 1)[-1]
    addresses = [
        forger.url(Purpose.APPROVAL, life.id, BEATRIZ, request.id),
        f"{PUBLIC_URL}/a/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"{PUBLIC_URL}/a/{steps}",
        f"{PUBLIC_URL}/w/{token}",
        f"{PUBLIC_URL}/s/{token}",
        links.url(Purpose.APPROVAL, "postmortem-INC-999", BEATRIZ, request.id),
        links.url(Purpose.APPROVAL, life.id, INES, request.id),
        links.url(Purpose.APPROVAL, life.id, BEATRIZ, "another-1"),
    ]
    typed = {"decision": "approved", "code": code(life), "digest": request.digest}
    history = (await life.described()).history_length

    for address in addresses:
        answer = await browser.ask("POST", address, data=typed, headers={"Origin": PUBLIC_URL})
        assert answer.status_code >= 400, address
        assert TEXT.summary not in answer.text

    assert await message(life) == before
    assert (await life.described()).history_length == history


async def test_who_reaches_temporal_alone_gets_no_word_to_customers_nor_to_who_posts(
    temporal: Client, tmp_path: Path
) -> None:
    async with asked(temporal, tmp_path, "INC-206") as (life, _):
        request = await the_request(life)
        forged = DecideExternalMessage(
            by=BEATRIZ,
            approval_id=request.id,
            digest=request.digest,
            decision="approved",
            evidence="link and code",
            proof="0" * 64,
        )

        await life.cases.act(life.id, forged, link="the port alone")
        await life.forward(timedelta(minutes=15))

        assert (await the_request(life)).decision == "approved"
        assert life.mails("posting") == []
        assert life.mails("customers") == []
        assert await life.shows(NEEDS_ATTENTION)


async def test_a_storm_of_looks_at_the_link_leaves_no_trace(
    open_request: tuple[Life, Browser],
) -> None:
    life, browser = open_request
    address, before = link(life), await message(life)
    history = (await life.described()).history_length

    looks = (browser.ask("HEAD" if n % 2 else "GET", address) for n in range(STORM))
    answers = await asyncio.gather(*looks)

    assert {each.status_code for each in answers} == {200}
    assert await message(life) == before
    assert (await life.described()).history_length == history


async def test_an_edit_supersedes_the_link(temporal: Client, tmp_path: Path) -> None:
    async with asked(temporal, tmp_path) as (life, browser):
        old, old_code, page = link(life), code(life), await browser.open(link(life))

        await the_message_is_drafted(life, TEXT.replace(summary="It was one hour and ten minutes."))
        form = page.form(old.rsplit("/", 1)[-1])
        answer = await browser.send(page, form, decision="approved", code=old_code)

        assert "superseded" in answer.text.lower()
        assert (await the_request(life)).decision is None
        assert link(life) != old
        assert code(life) != old_code
        approved = await decides(browser, link(life), decision="approved", code=code(life))
        assert approved.status == 200
        assert (await the_request(life)).decision == "approved"


async def test_ten_wrong_codes_end_the_request_and_a_new_one_is_mailed(
    temporal: Client, tmp_path: Path
) -> None:
    async with asked(temporal, tmp_path) as (life, browser):
        old, right = link(life), code(life)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        page = await browser.open(old)
        form = page.form(old.rsplit("/", 1)[-1])

        for _ in range(life.outside.policy.message.wrong_codes_allowed):
            await browser.send(page, form, decision="approved", code=wrong)
        await life.settled()
        late = await browser.send(page, form, decision="approved", code=right)

        assert late.status == 409
        assert len(life.mails("approval", to=BEATRIZ)) == 2
        assert (link(life) != old, code(life) != right) == (True, True)
        assert (await the_request(life)).decision is None
        await decides(browser, link(life), decision="approved", code=code(life))
        assert (await the_request(life)).decision == "approved"


async def test_another_persons_steps_link_changes_nothing(
    open_request: tuple[Life, Browser],
) -> None:
    life, browser = open_request
    before = await message(life)
    address = life.outside.links.url(Purpose.STEPS, life.id, INES)

    answer = await browser.ask(
        "POST",
        f"{address}/draft_external_message",
        data=TEXT.replace(summary="Other words").model_dump(),
        headers={"Origin": PUBLIC_URL},
    )

    assert answer.status_code >= 400
    assert await message(life) == before
