"""Bodies with something odd in one place: a vendor refuses them, and never breaks."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.bodies import ADA, DOCUMENT, EVENTS, FILES, FOLDER, HOUR, MAIL, TASK, TEXT


@pytest.fixture
def vendors(vendors: httpx.Client) -> httpx.Client:
    """Let there be the ticket that the good bodies are about."""
    vendors.post("/rest/api/3/issue", json={"fields": TASK})
    return vendors


GOOD: dict[str, dict[str, Any]] = {
    EVENTS: HOUR
    | {
        "summary": "Meet",
        "attendees": [{"email": ADA, "responseStatus": "accepted"}],
        "extendedProperties": {"private": {"pmKey": "k"}},
        "conferenceData": {
            "createRequest": {
                "requestId": "r",
                "conferenceSolutionKey": {"type": "hangoutsMeet"},
            }
        },
    },
    "/calendar/v3/freeBusy": {
        "timeMin": "2026-01-05T00:00:00Z",
        "timeMax": "2026-01-06T00:00:00Z",
        "items": [{"id": ADA}],
    },
    FILES: {"name": "D", "mimeType": FOLDER, "parents": ["root"], "appProperties": {"k": "v"}},
    f"{FILES}/root/permissions": {"type": "user", "role": "reader", "emailAddress": ADA},
    "/v1/documents/DOC:batchUpdate": {
        "requests": [
            {"insertText": {"location": {"index": 1}, "text": "Hello"}},
            {"updateTextStyle": {
                "range": {"startIndex": 1, "endIndex": 3},
                "textStyle": {"bold": True, "link": {"url": "https://example.com"}},
                "fields": "bold,link",
            }},
            {"createNamedRange": {"name": "pm:x", "range": {"startIndex": 1, "endIndex": 3}}},
        ],
        "writeControl": {},
    },
    "/rest/api/3/issue": {
        "fields": TASK | {"description": TEXT, "labels": ["pm-1"], "duedate": "2026-01-01"},
        "properties": [{"key": "com.x", "value": {"a": 1}}],
    },
    "/rest/api/3/search/jql": {
        "jql": "project = OPS",
        "fields": ["summary"],
        "properties": ["com.x"],
        "maxResults": 5,
        "reconcileIssues": [10001],
    },
    "/rest/api/3/issue/OPS-1/comment": {"body": TEXT},
    "/rest/api/3/issue/OPS-1/remotelink": {
        "globalId": "g",
        "object": {"url": "https://x.example", "title": "x"},
    },
    "/rest/api/3/issue/OPS-1/transitions": {"transition": {"id": "31"}},
    "/v3/mail/send": MAIL
    | {
        "custom_args": {"key": "k"},
        "categories": ["review"],
        "headers": {"X-Test": "x"},
        "attachments": [{"filename": "a", "content": "QQ=="}],
        "mail_settings": {"sandbox_mode": {"enable": False}},
    },
}  # fmt: skip
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -1, 1.5, "x", "", [], [None], ["x"], {}, {"x": None}, [[]]]
)


def spoiled(body: Any, pick: st.DataObject) -> Any:  # noqa: ANN401 - any JSON
    """Return a body with something odd in one place."""
    inside: list[Any] = []
    if isinstance(body, dict | list):
        inside = list(body) if isinstance(body, dict) else list(range(len(body)))
    if not inside or pick.draw(st.integers(0, 3)) == 0:
        return pick.draw(ODD)
    chosen = pick.draw(st.sampled_from(inside))
    changed = spoiled(body[chosen], pick)
    if isinstance(body, dict):
        return body | {chosen: changed}
    return [*body[:chosen], changed, *body[chosen + 1 :]]


@pytest.mark.parametrize("path", GOOD)
def test_a_good_body_is_taken_and_whatever_is_spoiled_in_it_is_no_crash(
    vendors: httpx.Client, path: str
) -> None:
    made = vendors.post(FILES, json={"name": "D", "mimeType": DOCUMENT}).json()["id"]
    address = path.replace("DOC", made)
    assert vendors.post(address, json=GOOD[path]).status_code in {200, 201, 202, 204}

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def spoil(pick: st.DataObject) -> None:
        answer = vendors.post(address, json=spoiled(GOOD[path], pick))
        assert answer.status_code in {200, 201, 202, 204, 400, 404}, answer.text

    spoil()
