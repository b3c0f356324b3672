"""What holds for every page: headers, links nobody can make up, looking that changes nothing."""

import pytest
from structlog.testing import capture_logs

from integrations.links import Link, Links, Purpose
from tests.playing import AMARA, BEATRIZ
from tests.web_cases import BASE, CASE, LINKS, House, asked_to_approve, house, received

OURS = {"Origin": BASE}


def addresses(here: House) -> tuple[str, ...]:
    asked = here.case.message.approvals[-1]
    return (
        here.steps(AMARA),
        here.review(),
        LINKS.url(Link(Purpose.WITHDRAW, CASE, 1, AMARA, asked.id)),
    )


async def test_every_answer_carries_the_same_headers() -> None:
    here = house(asked_to_approve())
    browser = here.browser()
    answers = [
        await browser.ask("GET", here.review()),
        await browser.ask("GET", "/a/nonsense"),
        await browser.ask("GET", "/nowhere"),
        await browser.ask("PUT", here.review()),
        await browser.ask("POST", here.review()),
        await browser.ask("POST", "/webhooks/generic"),
        await browser.ask("GET", "/static/style.css"),
    ]

    assert [each.status_code for each in answers] == [200, 404, 404, 405, 403, 401, 200]
    for answer in answers:
        told = {name: answer.headers[name] for name in HEADERS}
        assert told == HEADERS
        assert "set-cookie" not in answer.headers


HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


async def test_a_storm_of_looking_changes_nothing() -> None:
    here = house(asked_to_approve())
    before = here.case

    for _ in range(20):
        for address in addresses(here):
            for method in ("GET", "HEAD"):
                answer = await here.browser().ask(method, address)
                assert answer.status_code == 200

    assert here.cases.acts == []
    assert here.case is before


async def test_links_that_are_not_ours_reach_no_case() -> None:
    here = house(asked_to_approve())
    strangers = Links(["another key of more than thirty-two characters"], ["codes"], BASE)
    forged = strangers.url(Link(Purpose.STEPS, CASE, 1, AMARA))
    steps, review, stop = addresses(here)
    misused = (
        review.replace("/a/", "/s/"),
        review.replace("/a/", "/w/"),
        steps.replace("/s/", "/a/"),
        stop.replace("/w/", "/a/"),
    )
    broken = (steps[:-1], review[:-5], f"{steps}x", "/s/x", "/a/%00", "/a/" + "x" * 4000)

    for address in (forged, *misused, *broken):
        for method in ("GET", "POST"):
            answer = await here.browser().ask(method, address, headers=OURS)
            assert answer.status_code in (404, 405), address
    for form in ("accept_ownership", "decide", "nothing_like_it"):
        answer = await here.browser().ask("POST", f"{forged}/{form}", headers=OURS)
        assert answer.status_code == 404

    assert here.cases.asked == []


async def test_a_genuine_link_to_no_form_is_not_found() -> None:
    here = house(received())

    answer = await here.browser().ask("POST", f"{here.steps(AMARA)}/no_such_act", headers=OURS)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": BASE}, True),
        ({"Origin": BASE}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": BASE}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
async def test_forms_are_taken_from_our_own_pages_only(
    headers: dict[str, str],
    passes: bool,  # noqa: FBT001
) -> None:
    here = house(received())

    answer = await here.browser().ask(
        "POST",
        f"{here.steps(AMARA)}/accept_ownership",
        data={"answer": "yes", **here.known_to(AMARA)},
        headers=headers,
    )

    assert (answer.status_code == 200) is passes
    assert len(here.cases.acts) == int(passes)


async def test_a_form_beyond_the_limit_is_refused() -> None:
    here = house(received())

    answer = await here.browser().ask(
        "POST",
        f"{here.steps(AMARA)}/accept_ownership",
        data={"answer": "yes", "reason": "x" * 200_000},
        headers=OURS,
    )

    assert (answer.status_code, here.cases.acts) == (413, [])


async def test_no_token_and_no_code_is_in_any_line_of_the_log() -> None:
    here = house(asked_to_approve())

    with capture_logs() as lines:
        for address in addresses(here):
            await here.browser().ask("GET", address)
            await here.browser().ask("POST", f"{address}", data={"code": "1"}, headers=OURS)
        await here.browser().ask("POST", f"{here.steps(AMARA)}/decide", headers=OURS)
        await here.browser().ask("GET", f"/nowhere/{here.steps(AMARA)}")

    said = repr(lines)
    assert len(lines) >= 8
    for address in addresses(here):
        assert address.rsplit("/", 1)[-1] not in said
    assert here.code() not in said


async def test_a_failure_of_ours_is_one_sentence_with_the_same_headers_and_no_words_of_it() -> None:
    here = house(received())

    async def broken(case: str) -> None:
        raise RuntimeError(f"a secret about {case}")

    here.cases.case = broken  # type: ignore[method-assign, assignment]

    with capture_logs() as lines:
        answer = await here.browser().ask("GET", here.steps(AMARA))

    assert answer.status_code == 500
    assert answer.text.startswith("Something went wrong on our side.")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "secret" not in answer.text + repr(lines)
    assert lines[0]["failure"] == "RuntimeError"


async def test_a_case_that_is_gone_and_one_that_only_begins_say_so() -> None:
    here = house(received())
    gone = LINKS.url(Link(Purpose.STEPS, "postmortem-INC-1", 1, BEATRIZ))
    assert (await here.browser().open(gone)).status == 404
    here.play.case = here.play.case.replace(incident=None)

    page = await here.browser().open(here.steps(AMARA))

    assert "This is still being set up" in page.text


async def test_nothing_describes_the_public_app_to_strangers() -> None:
    here = house(received())

    for address in ("/docs", "/redoc", "/openapi.json", "/livez", "/metrics"):
        assert (await here.browser().ask("GET", address)).status_code == 404
