"""Every answer of the simulated Jira and SendGrid against the shapes that the vendors publish.

They stand below as checked against Atlassian's `swagger-v3.v3.json` (December 2025) and
twilio/sendgrid-oai (January 2026).
"""

import httpx
import jsonschema
import pytest

from tests.exchanges import Exchange, Shape, pattern, recorded, routes, uncalled
from tests.simulator.bodies import API, MAIL, TASK, TEXT


def use_jira(client: httpx.Client) -> None:
    """Call every route of Jira's, and some that are refused."""
    for path in (
        "serverInfo", "field", "myself", "user/search?query=ada", "project/OPS", "priority",
        "resolution", "resolution/search", "status", "project/OPS/statuses",
        "mypermissions?permissions=EDIT_ISSUES",
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
    return recorded(tmp_path_factory.mktemp("shapes"), use_jira, use_sendgrid)


def test_every_route_was_called(exchanges: list[Exchange]) -> None:
    ours = routes(lambda path: path.startswith(("/rest/api/3/", "/v3/")))

    assert len(ours) > 30
    assert uncalled(ours, exchanges) == []


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
RESOLUTION = thing("id", **LINKED, description=TEXTUAL)
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
    "GET resolution": several(RESOLUTION),
    "GET resolution/search": thing(
        "values isLast", **PAGED, isLast=TRUTH, values=several(RESOLUTION)
    ),
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


@pytest.mark.parametrize("spoil", [{"extra": 1}, {"active": "yes"}, {"accountId": None}])
def test_an_answer_of_another_shape_would_be_noticed(spoil: dict[str, object]) -> None:
    user = {"self": "x", "accountId": "a"}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(user | spoil, USER)
