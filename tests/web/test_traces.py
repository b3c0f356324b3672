"""Who tries doors leaves a trace: by ids alone, never by the link, the code or what was typed."""

from typing import Any

from structlog.testing import capture_logs

from tests.playing import AMARA
from tests.web_cases import BASE, CASE, House, asked_to_approve, house

OURS = {"Origin": BASE}


def of(lines: Any, event: str) -> list[dict[str, Any]]:  # noqa: ANN401 - structlog's own
    return [
        {name: value for name, value in line.items() if name != "event"}
        for line in lines
        if line["event"] == event
    ]


async def asked(here: House, method: str, address: str, **data: str) -> list[dict[str, Any]]:
    with capture_logs() as lines:
        await here.browser().ask(method, address, data=data, headers=OURS)
    return [dict(line) for line in lines]


async def test_a_forged_link_is_noted_by_its_digest_and_the_same_one_is_known_again() -> None:
    here = house(asked_to_approve())
    forged = here.review()[:-3] + "abc"

    first, again, other = [
        of(await asked(here, "GET", address), "link refused")
        for address in (forged, forged, here.steps(AMARA)[:-3] + "abc")
    ]

    assert first == again
    assert first[0] == {"log_level": "warning", "place": "a", "link": first[0]["link"]}
    assert other[0]["place"] == "s"
    assert other[0]["link"] != first[0]["link"]
    assert first[0]["link"] not in forged


async def test_each_look_at_the_liaisons_page_is_noted_by_case_and_request() -> None:
    here = house(asked_to_approve())
    request = here.case.message.approvals[-1].id

    lines = await asked(here, "GET", here.review())

    assert of(lines, "review page read") == [
        {"log_level": "info", "case": CASE, "approval": request}
    ]


async def test_a_wrong_code_is_noted_by_case_and_request() -> None:
    here = house(asked_to_approve())
    request = here.case.message.approvals[-1].id
    wrong = "000000" if here.code() != "000000" else "111111"

    lines = await asked(here, "POST", here.review(), decision="approved", code=wrong)

    assert of(lines, "wrong code") == [{"log_level": "warning", "case": CASE, "approval": request}]
    assert wrong not in repr(lines)
