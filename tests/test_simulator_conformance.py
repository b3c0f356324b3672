"""Every answer of the simulator against what the vendors publish about theirs.

Google's descriptions come with its library. Jira's and SendGrid's shapes stand below, as checked
against Atlassian's `swagger-v3.v3.json` (December 2025) and twilio/sendgrid-oai (January 2026).
"""

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from simulator.app import VENDOR_ROUTES
from simulator.server import running_simulator

ADA, TEAM = "ada@example.com", "team@example.com"
DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"
EVENTS = f"/calendar/v3/calendars/{TEAM}/events"
FILES = "/drive/v3/files"
API = "/rest/api/3"
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
TEXT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Why"}]}],
}
TASK = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Fix"}
MAIL = {
    "personalizations": [{"to": [{"email": ADA}]}],
    "from": {"email": "bot@example.com"},
    "subject": "Review",
    "content": [{"type": "text/plain", "value": "Please review."}],
}
Exchange = dict[str, Any]
Shape = dict[str, Any]


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


def use_jira(client: httpx.Client) -> None:
    """Call every route of Jira's, and some that are refused."""
    for path in (
        "serverInfo", "field", "myself", "user/search?query=ada", "project/OPS", "priority",
        "resolution", "status", "project/OPS/statuses", "mypermissions?permissions=EDIT_ISSUES",
        "issue/createmeta/OPS/issuetypes", "issue/createmeta/OPS/issuetypes/10001",
        "project/NO", "mypermissions",
    ):  # fmt: skip
        client.get(f"{API}/{path}")
    [ada] = client.get(f"{API}/user/search", params={"query": "ada"}).json()
    given = TASK | {"description": TEXT, "assignee": {"accountId": ada["accountId"]}}
    proof = [{"key": "com.x", "value": {"a": 1}}]
    key = client.post(f"{API}/issue", json={"fields": given, "properties": proof}).json()["key"]
    client.post(f"{API}/issue", json={"fields": {}})
    issue = f"{API}/issue/{key}"
    client.put(issue, json={"fields": {"labels": ["pm-1"]}})
    client.post(f"{issue}/comment", json={"body": TEXT})
    for _ in range(2):
        client.put(f"{issue}/properties/com.y", json={"b": 2})
        link = {"globalId": "g", "object": {"url": "https://x.example", "title": "x"}}
        client.post(f"{issue}/remotelink", json=link)
    for path in ("", "?properties=*all", "/comment", "/properties/com.x", "/remotelink",
                 "/remotelink?globalId=g", "/transitions"):  # fmt: skip
        client.get(f"{issue}{path}")
    query = {"jql": "project = OPS", "fields": "*all"}
    client.get(f"{API}/search/jql", params=query)
    client.post(f"{API}/search/jql", json={"jql": "project = OPS", "fields": ["summary"]})
    client.get(f"{API}/search", params=query)
    client.post(f"{API}/search", json={"jql": "project = OPS"})
    client.post(f"{issue}/transitions", json={"transition": {"id": "31"}})
    client.delete(issue)
    client.get(issue)


def use_sendgrid(client: httpx.Client) -> None:
    """Call every route of SendGrid's, and some that are refused."""
    client.post("/v3/mail/send", json=MAIL)
    client.post("/v3/mail/send", json=MAIL | {"subject": ""})
    client.post("/v3/mail/send", json=MAIL, headers={"Authorization": "Bearer None"})
    for path in ("scopes", "verified_senders", "whitelabel/domains"):
        client.get(f"/v3/{path}")


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> list[Exchange]:
    record = tmp_path_factory.mktemp("conformance") / "record.json"
    headers = {"Authorization": "Bearer simulator"}
    field = {"id": "customfield_1", "name": "Why", "kind": "option", "options": ["a"]}
    with (
        running_simulator(record=record) as simulator,
        httpx.Client(base_url=simulator.url, headers=headers) as client,
    ):
        client.post("/simulator/people", json={"people": [{"email": ADA, "name": "Ada"}]})
        client.post("/simulator/calendars", json={"id": TEAM, "name": "Team"})
        project = {"key": "OPS", "name": "Operations", "fields": [field]}
        client.post("/simulator/projects", json=project)
        client.put("/simulator/settings", json={"verified_domains": ["example.com"]})
        use_google(client)
        use_jira(client)
        use_sendgrid(client)
    return list(json.loads(Path(record).read_text()))


def pattern(template: str) -> re.Pattern[str]:
    """Return what matches the paths of a template such as `/a/{b}:c`."""
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("([^/:]+)".join(map(re.escape, parts)) + "$")


def test_every_route_was_called(exchanges: list[Exchange]) -> None:
    plain = [
        (route.path, method)
        for route in VENDOR_ROUTES
        for method in route.methods or ()
        if not route.path.startswith(("/ex/", "/rest/api/2"))
    ]
    asked = {(each["method"], each["path"]) for each in exchanges}

    uncalled = [
        f"{method} {path}"
        for path, method in plain
        if not any(m == method and pattern(path).match(p) for m, p in asked)
    ]

    assert len(plain) > 40
    assert uncalled == []


# --- Google ---------------------------------------------------------------------------------------


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


# --- Jira -----------------------------------------------------------------------------------------

TEXTUAL, WHOLE, TRUTH = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
ANY: Shape = {}


def thing(always: str, /, **known: Shape) -> Shape:
    """Describe an object that has these names and no others."""
    return {
        "type": "object",
        "properties": known,
        "additionalProperties": False,
        "required": always.split(),
    }


def several(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def by_name(shape: Shape) -> Shape:
    return {"type": "object", "additionalProperties": shape}


LINKED = {"self": TEXTUAL, "id": TEXTUAL, "name": TEXTUAL}
USER = thing(
    "self accountId", self=TEXTUAL, accountId=TEXTUAL, accountType=TEXTUAL, emailAddress=TEXTUAL,
    displayName=TEXTUAL, active=TRUTH, timeZone=TEXTUAL,
)  # fmt: skip
CATEGORY = thing("id key", self=TEXTUAL, id=WHOLE, key=TEXTUAL, name=TEXTUAL, colorName=TEXTUAL)
STATUS = thing("id name statusCategory", **LINKED, description=TEXTUAL, statusCategory=CATEGORY)
ISSUE_TYPE = thing("id name subtask", **LINKED, description=TEXTUAL, subtask=TRUTH)
PROJECT = thing(
    "id key name", **LINKED, key=TEXTUAL, projectTypeKey=TEXTUAL, simplified=TRUTH,
    issueTypes=several(ISSUE_TYPE),
)  # fmt: skip
SCHEMA = thing("type", type=TEXTUAL, items=TEXTUAL, system=TEXTUAL, custom=TEXTUAL, customId=WHOLE)
FIELD = thing(
    "id", id=TEXTUAL, key=TEXTUAL, name=TEXTUAL, custom=TRUTH, orderable=TRUTH, navigable=TRUTH,
    searchable=TRUTH, clauseNames=several(TEXTUAL), schema=SCHEMA,
)  # fmt: skip
SCREEN_FIELD = thing(
    "fieldId key name operations required schema", fieldId=TEXTUAL, key=TEXTUAL, name=TEXTUAL,
    operations=several(TEXTUAL), required=TRUTH, schema=SCHEMA, hasDefaultValue=TRUTH,
    allowedValues=several(ANY),
)  # fmt: skip
PAGED = {"startAt": WHOLE, "maxResults": WHOLE, "total": WHOLE}
COMMENT = thing(
    "id body author", self=TEXTUAL, id=TEXTUAL, author=USER, updateAuthor=USER, body=by_name(ANY),
    created=TEXTUAL, updated=TEXTUAL, jsdPublic=TRUTH,
)  # fmt: skip
ISSUE = thing(
    "id", expand=TEXTUAL, id=TEXTUAL, self=TEXTUAL, key=TEXTUAL, fields=by_name(ANY),
    properties=by_name(ANY),
)  # fmt: skip
LINK = thing(
    "id self object", id=WHOLE, self=TEXTUAL, globalId=TEXTUAL,
    object=thing("title url", title=TEXTUAL, url=TEXTUAL),
)  # fmt: skip
TRANSITION = thing(
    "id name to", id=TEXTUAL, name=TEXTUAL, to=STATUS, hasScreen=TRUTH, isGlobal=TRUTH,
    isInitial=TRUTH, isAvailable=TRUTH, isConditional=TRUTH,
)  # fmt: skip
PERMISSION = thing(
    "key havePermission", id=TEXTUAL, key=TEXTUAL, name=TEXTUAL, type=TEXTUAL, description=TEXTUAL,
    havePermission=TRUTH,
)  # fmt: skip
REFUSED = thing("errorMessages errors", errorMessages=several(TEXTUAL), errors=by_name(TEXTUAL))
SERVER = thing(
    "baseUrl deploymentType", baseUrl=TEXTUAL, version=TEXTUAL, versionNumbers=several(WHOLE),
    deploymentType=TEXTUAL, buildNumber=WHOLE, buildDate=TEXTUAL, serverTime=TEXTUAL,
    scmInfo=TEXTUAL, serverTitle=TEXTUAL,
)  # fmt: skip
FOUND = thing("issues isLast", issues=several(ISSUE), isLast=TRUTH, nextPageToken=TEXTUAL)
JIRA: dict[str, Shape] = {
    "GET serverInfo": SERVER,
    "GET field": several(FIELD),
    "GET myself": USER,
    "GET user/search": several(USER),
    "GET project/{key}": PROJECT,
    "GET project/{key}/statuses": several(
        thing("id name self statuses subtask", **LINKED, subtask=TRUTH, statuses=several(STATUS))
    ),
    "GET priority": several(thing("id", **LINKED, description=TEXTUAL, statusColor=TEXTUAL)),
    "GET resolution": several(thing("id", **LINKED, description=TEXTUAL)),
    "GET status": several(STATUS),
    "GET mypermissions": thing("permissions", permissions=by_name(PERMISSION)),
    "GET issue/createmeta/{key}/issuetypes": thing(
        "issueTypes", **PAGED, issueTypes=several(ISSUE_TYPE)
    ),
    "GET issue/createmeta/{key}/issuetypes/{id}": thing(
        "fields", **PAGED, fields=several(SCREEN_FIELD)
    ),
    "POST issue": thing("id key self", id=TEXTUAL, key=TEXTUAL, self=TEXTUAL),
    "GET issue/{key}": ISSUE,
    "GET issue/{key}/comment": thing("comments total", **PAGED, comments=several(COMMENT)),
    "POST issue/{key}/comment": COMMENT,
    "GET issue/{key}/properties/{name}": thing("key value", key=TEXTUAL, value=ANY),
    "PUT issue/{key}/properties/{name}": ANY,
    "GET issue/{key}/remotelink": {"anyOf": [several(LINK), LINK]},
    "POST issue/{key}/remotelink": thing("id self", id=WHOLE, self=TEXTUAL),
    "GET issue/{key}/transitions": thing(
        "transitions", expand=TEXTUAL, transitions=several(TRANSITION)
    ),
    "GET search/jql": FOUND,
    "POST search/jql": FOUND,
}
STATUSES = {
    "POST issue": {201, 400},
    "PUT issue/{key}": {204},
    "DELETE issue/{key}": {204},
    "POST issue/{key}/comment": {201},
    "PUT issue/{key}/properties/{name}": {200, 201},
    "POST issue/{key}/remotelink": {200, 201},
    "POST issue/{key}/transitions": {204},
    "GET search": {410},
    "POST search": {410},
}
"""Where they are not 200, or 404 and 400 of a reading."""


def shape_of(exchange: Exchange, known: dict[str, Shape], prefix: str) -> str:
    path = exchange["path"].removeprefix(prefix)
    for name in sorted({*known, *STATUSES}, key=lambda name: name.count("{")):
        method, _, template = name.partition(" ")
        if method == exchange["method"] and pattern(template).fullmatch(path):
            return name
    raise AssertionError(f"No shape is written down for {exchange['method']} {path}.")


def test_jira_answers_as_it_describes(exchanges: list[Exchange]) -> None:
    ours = [e for e in exchanges if e["path"].startswith(API)]

    for each in ours:
        name, answer = shape_of(each, JIRA, f"{API}/"), each["response"]
        assert answer["status"] in STATUSES.get(name, {200, 400, 404}), name
        if answer["status"] == 204:
            assert answer["body"] == ""
        else:
            jsonschema.validate(answer["body"], REFUSED if answer["status"] >= 400 else JIRA[name])

    assert len(ours) > 30


# --- SendGrid -------------------------------------------------------------------------------------

NO_TEXT = {"type": ["string", "null"]}
SENDER = thing(
    "id from_email verified", id=WHOLE, verified=TRUTH, locked=TRUTH,
    **dict.fromkeys(
        ("nickname", "from_email", "from_name", "reply_to", "reply_to_name", "address", "address2",
         "state", "city", "zip", "country"), TEXTUAL,
    ),
)  # fmt: skip
DOMAIN = thing(
    "id domain valid", id=WHOLE, user_id=WHOLE, domain=TEXTUAL, subdomain=TEXTUAL, username=TEXTUAL,
    ips=several(TEXTUAL), custom_spf=TRUTH, default=TRUTH, legacy=TRUTH, automatic_security=TRUTH,
    valid=TRUTH, dns=by_name(ANY),
)  # fmt: skip
SENDGRID: dict[str, Shape] = {
    "GET scopes": thing("scopes", scopes=several(TEXTUAL)),
    "GET verified_senders": thing("results", results=several(SENDER)),
    "GET whitelabel/domains": several(DOMAIN),
    "POST mail/send": ANY,
}
SENDGRID_REFUSED = thing(
    "errors", errors=several(thing("message", message=TEXTUAL, field=NO_TEXT, help=NO_TEXT))
)


def test_sendgrid_answers_as_it_describes(exchanges: list[Exchange]) -> None:
    ours = [e for e in exchanges if e["path"].startswith("/v3/")]

    for each in ours:
        name, answer = shape_of(each, SENDGRID, "/v3/"), each["response"]
        accepted = SENDGRID[name] if answer["status"] < 400 else SENDGRID_REFUSED
        if answer["status"] == 202:
            assert (answer["body"], bool(answer["headers"]["x-message-id"])) == ("", True)
        else:
            jsonschema.validate(answer["body"], accepted)

    assert [each["response"]["status"] for each in ours] == [202, 400, 401, 200, 200, 200]


@pytest.mark.parametrize("spoil", [lambda e: e | {"extra": 1}, lambda e: e | {"id": 7}])
def test_an_answer_of_another_shape_would_be_noticed(
    spoil: Callable[[dict[str, object]], dict[str, object]],
) -> None:
    event = spoil({"id": "event01", "status": "confirmed"})
    user = spoil({"self": "x", "accountId": "a"})

    assert list(Described("calendar.v3").misfits(event, {"$ref": "Event"}))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(user, USER)
