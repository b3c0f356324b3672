"""Every answer of the simulated Google against the descriptions that come with its library."""

import json
from collections.abc import Iterator
from importlib.resources import files

import httpx
import pytest

from tests.exchanges import Exchange, Shape, pattern, recorded, routes, uncalled
from tests.simulator.bodies import ADA, DOCUMENT, EVENTS, FILES, FOLDER, TEAM

WINDOW = {"timeMin": "2026-01-05T00:00:00Z", "timeMax": "2026-01-06T00:00:00Z"}
EVENT = {
    "id": "event01",
    "summary": "Meet",
    "start": {"dateTime": "2026-01-05T09:00:00Z"},
    "end": {"dateTime": "2026-01-05T10:00:00Z"},
    "attendees": [{"email": ADA}],
    "extendedProperties": {"private": {"pmKey": "k"}},
    "conferenceData": {"createRequest": {"requestId": "r"}},
}


def use_google(client: httpx.Client) -> None:
    """Call every route of Google's, and some that are refused."""
    client.post("/token", data={"grant_type": "refresh_token", "refresh_token": "r"})
    client.post("/token", data={"grant_type": "magic"})
    both = {"items": [{"id": TEAM}, {"id": "nobody@example.com"}]}
    client.post("/calendar/v3/freeBusy", json=WINDOW | both)
    conference = {"conferenceDataVersion": 1}
    client.post(EVENTS, json=EVENT, params=conference)
    client.post(EVENTS, json=EVENT)
    client.patch(f"{EVENTS}/event01", json={"summary": "Other"}, params=conference)
    for path in (TEAM, f"{TEAM}/events", f"{TEAM}/events/event01", "nobody"):
        client.get(f"/calendar/v3/calendars/{path}")
    client.get(f"/calendar/v3/users/me/calendarList/{TEAM}")
    client.delete(f"{EVENTS}/event01")
    client.post(EVENTS, json={"start": 3})
    client.get("/drive/v3/about", params={"fields": "*"})
    [name] = client.get(f"{FILES}/generateIds", params={"count": 1}).json()["ids"]
    client.post(f"{FILES}?fields=*", json={"id": name, "name": "C", "mimeType": FOLDER})
    body = {"name": "D", "mimeType": DOCUMENT, "parents": [name], "appProperties": {"k": "v"}}
    made = client.post(f"{FILES}?fields=*", json=body).json()["id"]
    client.get(FILES, params={"fields": "*"})
    client.get(f"{FILES}/{made}", params={"fields": "*"})
    client.patch(f"{FILES}/{made}", json={"name": "E"}, params={"fields": "*"})
    grant = {"type": "user", "role": "reader", "emailAddress": ADA}
    client.post(f"{FILES}/{made}/permissions?fields=*", json=grant)
    client.get(f"{FILES}/{made}/permissions", params={"fields": "*"})
    client.get(f"{FILES}/{made}/export", params={"mimeType": "text/plain"})
    client.get(f"{FILES}/nothing")
    use_docs(client, made)
    client.delete(f"{FILES}/{made}")


def use_docs(client: httpx.Client, made: str) -> None:
    """Call every route of Google Docs."""
    client.post("/v1/documents", json={"title": "Orphan"})
    requests = [
        {"insertText": {"location": {"index": 1}, "text": "Title\nText\n"}},
        {
            "updateParagraphStyle": {
                "range": {"startIndex": 1, "endIndex": 3},
                "paragraphStyle": {"namedStyleType": "HEADING_1"},
                "fields": "namedStyleType",
            }
        },
        {"createNamedRange": {"name": "pm:x", "range": {"startIndex": 1, "endIndex": 3}}},
        {"insertTable": {"location": {"index": 7}, "rows": 2, "columns": 2}},
        {"replaceAllText": {"containsText": {"text": "Text"}, "replaceText": "Words"}},
    ]
    client.post(f"/v1/documents/{made}:batchUpdate", json={"requests": requests})
    client.get(f"/v1/documents/{made}")
    client.get(f"/v1/documents/{made}", params={"includeTabsContent": True})
    client.get("/v1/documents/nothing")
    stale = {"requests": requests[:1], "writeControl": {"requiredRevisionId": "old"}}
    client.post(f"/v1/documents/{made}:batchUpdate", json=stale)


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> list[Exchange]:
    return recorded(tmp_path_factory.mktemp("conformance"), use_google)


def test_every_route_was_called(exchanges: list[Exchange]) -> None:
    ours = routes(lambda path: not path.startswith(("/ex/", "/rest/", "/v3/")))

    assert len(ours) > 20
    assert uncalled(ours, exchanges) == []


class Described:
    """One of Google's APIs as it describes itself."""

    def __init__(self, name: str) -> None:
        folder = files("googleapiclient") / "discovery_cache" / "documents"
        told = json.loads((folder / f"{name}.json").read_text())
        self._schemas = told["schemas"]
        self.methods = {
            f"{method['httpMethod']} /{told['servicePath']}{method['path']}": method
            for method in self._methods(told)
        }

    def _methods(self, place: Shape) -> Iterator[Shape]:
        yield from place.get("methods", {}).values()
        for inner in place.get("resources", {}).values():
            yield from self._methods(inner)

    def misfits(self, value: object, shape: Shape, place: str = "") -> Iterator[str]:
        """Tell where a value is not what the description says."""
        if "$ref" in shape:
            shape = self._schemas[shape["$ref"]]
        kinds: dict[str, type | tuple[type, ...]] = {
            "string": str,
            "integer": int,
            "number": (int, float),
            "boolean": bool,
            "array": list,
            "object": dict,
            "any": object,
        }
        if not isinstance(value, kinds[shape["type"]]):
            yield f"{place} is no {shape['type']}: {value!r}"
        elif isinstance(value, dict):
            yield from self._misfits_of_object(value, shape, place)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield from self.misfits(item, shape["items"], f"{place}[{number}]")
        elif "enum" in shape and value not in shape["enum"]:
            yield f"{place} is none of {shape['enum']}: {value!r}"

    def _misfits_of_object(self, value: Shape, shape: Shape, place: str) -> Iterator[str]:
        for name, item in value.items():
            known = shape.get("properties", {}).get(name) or shape.get("additionalProperties")
            if known is None:
                yield f"{place}.{name} is unknown to Google"
            else:
                yield from self.misfits(item, known, f"{place}.{name}")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("calendar.v3", "/calendar/"), ("drive.v3", "/drive/"), ("docs.v1", "/v1/documents")],
)
def test_google_answers_as_it_describes(exchanges: list[Exchange], name: str, prefix: str) -> None:
    described = Described(name)
    ours = [e for e in exchanges if e["path"].startswith(prefix)]
    told: list[str] = []
    checked = 0
    for each in ours:
        shape = answered(described, each)
        body = each["response"]["body"]
        if each["response"]["status"] >= 400:
            told += google_refusal(each["response"]["status"], body, docs=name == "docs.v1")
        elif "response" not in shape:
            assert "/export" in each["path"] or body == ""
        else:
            told += [
                f"{each['path']}: {wrong}" for wrong in described.misfits(body, shape["response"])
            ]
            checked += 1

    assert told == []
    assert checked >= 4


def answered(described: Described, exchange: Exchange) -> Shape:
    for template, method in described.methods.items():
        verb, _, path = template.partition(" ")
        clean = path.replace("//", "/").replace("{+", "{")
        if verb == exchange["method"] and pattern(clean).match(exchange["path"]):
            return dict(method)
    raise AssertionError(f"Google has no {exchange['method']} {exchange['path']}.")


def google_refusal(status: int, body: Shape, *, docs: bool) -> Iterator[str]:
    error = body["error"]
    if error["code"] != status or not error["message"]:
        yield f"{error} is no refusal with {status}"
    if docs and not error["status"].isupper():
        yield f"{error} names no status"
    if not docs and not {"domain", "reason", "message"} <= error["errors"][0].keys():
        yield f"{error} gives no reason"


def test_the_token_endpoint_answers_as_oauth_says(exchanges: list[Exchange]) -> None:
    answers = [e["response"] for e in exchanges if e["path"] == "/token"]

    granted, refused = answers
    assert granted["body"].keys() == {"access_token", "expires_in", "token_type"}
    assert refused["body"].keys() == {"error", "error_description"}


def test_an_answer_of_another_shape_would_be_noticed() -> None:
    described = Described("calendar.v3")

    spoils: list[Shape] = [{"extra": 1}, {"id": 7}, {"attendees": {}}]
    for spoiled in spoils:
        assert list(described.misfits({"status": "confirmed"} | spoiled, {"$ref": "Event"}))
