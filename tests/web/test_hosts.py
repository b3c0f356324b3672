"""Redirects and hosts: no address that a browser shows us ever sends a token somewhere else."""

import pytest

from integrations.links import Link, Purpose
from tests.browser import Browser
from tests.playing import AMARA, DIRECTORY, POLICY
from tests.web_cases import (
    BASE,
    CASE,
    LINKS,
    PROOFS,
    SECRETS,
    WORDS,
    House,
    asked_to_approve,
    house,
)
from web.public import public_app

EVIL = "evil.example"


def addresses(here: House) -> tuple[str, ...]:
    asked = here.case.message.approvals[-1]
    stop = LINKS.url(Link(Purpose.WITHDRAW, CASE, 1, AMARA, asked.id))
    steps = here.steps(AMARA)
    return (steps, here.review(), stop, f"{steps}/accept_ownership", f"{BASE}/webhooks/generic")


async def test_a_trailing_slash_sends_nobody_anywhere() -> None:
    here = house(asked_to_approve())

    for address in (*addresses(here), f"{BASE}/static"):
        for method in ("GET", "POST"):
            answer = await here.browser().ask(
                method, f"{address}/", headers={"Origin": BASE}, follow_redirects=False
            )

            assert answer.status_code in (404, 405), (method, address)
            assert "location" not in answer.headers


@pytest.mark.parametrize(
    "host",
    [EVIL, f"{EVIL}:443", f"postmortems.example.com.{EVIL}", f"postmortems.example.com@{EVIL}", ""],
)
async def test_a_foreign_host_is_told_nothing_and_reaches_no_case(host: str) -> None:
    here = house(asked_to_approve())

    for address in addresses(here):
        for path in (address, f"{address}/"):
            answer = await here.browser().ask(
                "GET", path, headers={"Host": host}, follow_redirects=False
            )

            assert answer.status_code == 400
            assert "location" not in answer.headers
            assert EVIL not in answer.text

    assert here.cases.asked == []


async def test_a_host_that_another_proxy_claims_counts_for_nothing() -> None:
    here = house(asked_to_approve())
    claims = {"X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}", "X-Forwarded-Proto": "http"}

    for address in addresses(here)[:3]:
        answer = await here.browser().ask("GET", address, headers=claims)

        assert answer.status_code == 200
        assert EVIL not in answer.text


async def test_after_a_form_the_way_back_is_a_path_of_ours() -> None:
    here = house(asked_to_approve())
    steps = here.steps(AMARA)

    answer = await here.browser().ask(
        "POST",
        f"{steps}/draft_external_message",
        data={
            "subject": "a",
            "summary": "b",
            "what_happened": "c",
            "what_we_do": "d",
            "code": here.code(AMARA),
        },
        headers={"Origin": BASE},
        follow_redirects=False,
    )

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{steps.removeprefix(BASE)}?done=")


@pytest.mark.parametrize(
    ("base", "host"), [("http://[::1]:8080", "[::1]:8080"), ("http://localhost:8080", "LOCALHOST")]
)
async def test_this_machine_is_known_by_whichever_name_it_was_given(base: str, host: str) -> None:
    here = house()
    app = public_app(here.cases, LINKS, PROOFS, DIRECTORY, POLICY, SECRETS, WORDS, base_url=base)

    answer = await Browser(app, base).ask("GET", "/static/style.css", headers={"Host": host})

    assert answer.status_code == 200
