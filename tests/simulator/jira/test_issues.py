"""The simulated Jira: issues, search, links, webhooks; also through the jira library."""

import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jira import JIRA, JIRAError

from tests.simulator.bodies import ADA, API, TASK, TEXT


def create(jira: httpx.Client, **fields: object) -> str:
    answer = jira.post(f"{API}/issue", json={"fields": TASK | fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def fields_of(jira: httpx.Client, key: str) -> dict[str, Any]:
    return dict(jira.get(f"{API}/issue/{key}").json()["fields"])


def found(jira: httpx.Client, query: str) -> list[str]:
    answer = jira.get(f"{API}/search/jql", params={"jql": query, "fields": "summary"})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


def test_an_issue_is_created_with_its_properties_and_everything_it_needs(
    jira: httpx.Client,
) -> None:
    [ada] = jira.get(f"{API}/user/search", params={"query": ADA}).json()
    given = TASK | {
        "description": TEXT,
        "labels": ["pm-2", "pm-1"],
        "duedate": "2026-02-01",
        "priority": {"name": "High"},
        "assignee": {"accountId": ada["accountId"]},
    }
    proof = [{"key": "com.example.pm", "value": {"case": "c1"}}]

    made = jira.post(f"{API}/issue", json={"fields": given, "properties": proof}).json()

    told = jira.get(f"{API}/issue/{made['id']}", params={"properties": "com.example.pm"}).json()
    fields = told["fields"]
    assert made["key"] == told["key"] == "OPS-1"
    assert told["properties"] == {"com.example.pm": {"case": "c1"}}
    assert fields["status"]["statusCategory"]["key"] == "new"
    assert fields["resolution"] is None
    assert fields["labels"] == ["pm-1", "pm-2"]
    assert fields["assignee"]["displayName"] == "Ada Byron"
    assert (fields["priority"]["name"], fields["duedate"]) == ("High", "2026-02-01")
    assert fields["created"].endswith("+0000")


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"project": {"key": "NO"}}, {"project": "valid project is required"}),
        ({"project": None}, {"project": "Specify a valid project ID or key"}),
        ({"issuetype": {"name": "Wish"}}, {"issuetype": "Specify a valid issue type"}),
        ({"summary": " "}, {"summary": "You must specify a summary of the issue."}),
        (
            {"description": "text"},
            {
                "description": "Operation value must be an Atlassian Document "
                "(see the Atlassian Document Format)"
            },
        ),
        ({"duedate": "1 May"}, {"duedate": "Error parsing date string: 1 May"}),
        ({"labels": ["a b"]}, {"labels": "The label 'a b' contains spaces which is invalid."}),
        (
            {"customfield_1": 1},
            {
                "customfield_1": "Field 'customfield_1' cannot be set. "
                "It is not on the appropriate screen, or unknown."
            },
        ),
    ],
)
def test_an_issue_that_jira_would_refuse_is_refused_with_the_field_named(
    jira: httpx.Client, fields: dict[str, Any], errors: dict[str, str]
) -> None:
    answer = jira.post(f"{API}/issue", json={"fields": TASK | fields})

    assert answer.status_code == 400
    assert answer.json() == {"errorMessages": [], "errors": errors}
    assert jira.get("/simulator/tickets").json() == []


def test_search_understands_what_is_asked_of_it(jira: httpx.Client) -> None:
    first, second = create(jira, labels=["pm-1"]), create(jira, labels=["pm-2", "red"])
    jira.post(f"{API}/issue/{second}/transitions", json={"transition": {"id": "31"}})

    assert found(jira, "project = OPS ORDER BY created DESC") == [second, first]
    assert found(jira, 'project = "OPS" AND labels = "pm-1"') == [first]
    assert found(jira, "labels in (pm-1, 'pm-2') AND labels = red") == [second]
    assert found(jira, f"key in ({first}, {second}) and statusCategory != Done") == [first]
    assert found(jira, "project = OPS AND resolution is EMPTY") == [first]
    assert found(jira, "project = OPS AND resolution IS NOT EMPTY") == [second]
    assert found(jira, "labels not in (pm-1)") == [second]


@pytest.mark.parametrize(
    "query",
    ["", "ORDER BY created", "project = NO", "colour = red", "project OPS", "labels in ()",
     "project = OPS OR project = OPS", "project = OPS AND"],
)  # fmt: skip
def test_a_query_that_jira_would_refuse_is_refused(jira: httpx.Client, query: str) -> None:
    answer = jira.get(f"{API}/search/jql", params={"jql": query})

    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


def test_search_goes_page_by_page_and_tells_ids_alone_unless_asked(jira: httpx.Client) -> None:
    keys = [create(jira) for _ in range(3)]
    query: dict[str, Any] = {"jql": "project = OPS", "maxResults": 2, "fields": ["summary"]}

    first = jira.post(f"{API}/search/jql", json=query).json()
    token = {"nextPageToken": first["nextPageToken"]}
    second = jira.post(f"{API}/search/jql", json=query | token).json()

    assert [issue["key"] for issue in first["issues"] + second["issues"]] == keys[::-1]
    assert (first["isLast"], second["isLast"]) == (False, True)
    assert "nextPageToken" not in second
    bare = jira.get(f"{API}/search/jql", params={"jql": "project = OPS"}).json()["issues"]
    assert bare[0].keys() == {"id"}


def test_search_lags_behind_creation_but_known_ids_can_be_reconciled(jira: httpx.Client) -> None:
    jira.put("/simulator/settings", json={"jira_index_lag_seconds": 120})
    key = create(jira, labels=["pm-1"])
    number = jira.get(f"{API}/issue/{key}").json()["id"]
    query = {"jql": "labels = pm-1", "fields": "key", "reconcileIssues": number}

    assert found(jira, "labels = pm-1") == []
    assert len(jira.get(f"{API}/search/jql", params=query).json()["issues"]) == 1
    jira.put("/simulator/clock", json={"now": "2100-01-01T00:00:00Z"})
    assert found(jira, "labels = pm-1") == [key]


def test_a_property_is_new_once_and_then_replaced(jira: httpx.Client) -> None:
    path = f"{API}/issue/{create(jira)}/properties/com.example.pm"

    statuses = [jira.put(path, json={"n": n}).status_code for n in (1, 2)]

    assert statuses == [201, 200]
    assert jira.get(path).json() == {"key": "com.example.pm", "value": {"n": 2}}
    assert jira.get(path + "x").status_code == 404


def test_a_link_with_a_known_global_id_is_changed_not_added(jira: httpx.Client) -> None:
    path = f"{API}/issue/{create(jira)}/remotelink"
    link = {"globalId": "pm=1", "object": {"url": "https://example.com/1", "title": "Old"}}
    renamed = link | {"object": {"url": "https://example.com/1", "title": "New"}}

    answers = [jira.post(path, json=body) for body in (link, renamed)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    [known] = jira.get(path).json()
    assert known["object"]["title"] == "New"
    assert jira.get(path, params={"globalId": "pm=1"}).json()["id"] == known["id"]
    assert jira.post(path, json={"object": {"title": "x"}}).status_code == 400


def test_a_comment_is_a_document_and_is_shown_on_the_page(jira: httpx.Client) -> None:
    key = create(jira, description=TEXT)

    plain = jira.post(f"{API}/issue/{key}/comment", json={"body": "text"})
    proper = jira.post(f"{API}/issue/{key}/comment", json={"body": TEXT})

    assert (plain.status_code, proper.status_code) == (400, 201)
    assert jira.get(f"{API}/issue/{key}/comment").json()["comments"] == [proper.json()]
    assert jira.get(f"/tickets/{key}").text.count("Why &amp; how") == 2


def test_a_transition_to_done_resolves_and_one_back_reopens(jira: httpx.Client) -> None:
    key = create(jira)
    path = f"{API}/issue/{key}/transitions"
    ways = {way["name"]: way["id"] for way in jira.get(path).json()["transitions"]}

    jira.post(path, json={"transition": {"id": ways["Done"]}})
    done = fields_of(jira, key)
    jira.post(path, json={"transition": {"id": ways["In Progress"]}})
    reopened = fields_of(jira, key)

    assert set(ways) == {"In Progress", "Done", "Won't Do"}
    assert (done["status"]["name"], done["resolution"]["name"]) == ("Done", "Done")
    assert reopened["status"]["statusCategory"]["key"] == "indeterminate"
    assert reopened["resolution"] is None
    assert jira.post(path, json={"transition": {"id": "99"}}).status_code == 400


def test_an_edit_changes_the_named_fields_alone(jira: httpx.Client) -> None:
    key = create(jira, labels=["pm-1"], duedate="2026-02-01")
    changes = {"fields": {"duedate": None}, "update": {"labels": [{"add": "late"}]}}

    answer = jira.put(f"{API}/issue/{key}", json=changes)

    fields = fields_of(jira, key)
    assert answer.status_code == 204
    assert (fields["duedate"], fields["labels"]) == (None, ["late", "pm-1"])
    assert fields["summary"] == TASK["summary"]
    assert jira.put(f"{API}/issue/{key}", json={"fields": {"summary": ""}}).status_code == 400
    assert jira.get(f"{API}/issue/OPS-99").status_code == 404


def test_people_and_projects_are_found(jira: httpx.Client) -> None:
    def names(query: str) -> list[str]:
        users = jira.get(f"{API}/user/search", params={"query": query}).json()
        return [user["displayName"] for user in users]

    assert names("ada@") == names("byr") == ["Ada Byron"]
    assert names("zoe") == []
    assert jira.get(f"{API}/project/OPS").json()["issueTypes"][0]["name"] == "Task"
    assert jira.get(f"{API}/project/NO").status_code == 404
    assert jira.get(f"{API}/myself").json()["emailAddress"] == "bot@example.com"


class Listener:
    """Remembers the webhook calls that it gets."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self._called = threading.Condition()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(202)
                self.end_headers()
                listener.remember({k.lower(): v for k, v in self.headers.items()}, body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def remember(self, headers: dict[str, str], body: bytes) -> None:
        with self._called:
            self.calls.append((headers, body))
            self._called.notify_all()

    def heard(self, times: int) -> bool:
        with self._called:
            return self._called.wait_for(lambda: len(self.calls) >= times, timeout=5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, args=(0.02,))
    thread.start()
    yield listener
    listener.server.shutdown()
    thread.join()
    listener.server.server_close()


def test_a_change_is_told_to_the_webhook_and_signed(jira: httpx.Client, listener: Listener) -> None:
    changes = {"jira_webhook_url": listener.url, "jira_webhook_secret": "s3cret"}
    jira.put("/simulator/settings", json=changes)
    key = create(jira)

    jira.post(f"/tickets/{key}/transition", data={"to": "Done", "author": ADA})

    assert listener.heard(1)
    [(headers, body)] = listener.calls
    digest = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert headers["x-hub-signature"] == f"sha256={digest}"
    assert headers["x-atlassian-webhook-identifier"]
    assert told["webhookEvent"] == "jira:issue_updated"
    assert (told["issue"]["key"], told["user"]["emailAddress"]) == (key, ADA)
    assert told["issue"]["fields"]["status"]["name"] == "Done"
    moved = [(i["fromString"], i["toString"]) for i in told["changelog"]["items"]]
    assert ("To Do", "Done") in moved


def test_a_move_is_told_with_both_keys_and_a_deletion_by_its_own_event(
    jira: httpx.Client, listener: Listener
) -> None:
    jira.post("/simulator/projects", json={"key": "SRE", "name": "Reliability"})
    jira.put("/simulator/settings", json={"jira_webhook_url": listener.url})
    key = create(jira)

    moved = jira.post(f"/tickets/{key}/project", data={"to": "SRE"}).url
    jira.post(f"{moved}/delete")

    assert listener.heard(2)
    told = {(each := json.loads(body))["webhookEvent"]: each for _, body in listener.calls}
    move, deletion = told["jira:issue_updated"], told["jira:issue_deleted"]
    changes = {each["field"]: each["fromString"] for each in move["changelog"]["items"]}
    assert (changes["Key"], move["issue"]["key"]) == (key, "SRE-1")
    assert "project" in changes
    assert deletion["issue"]["key"] == "SRE-1"


def test_the_jira_library_works_with_issues(jira: httpx.Client) -> None:
    client = JIRA(
        server=str(jira.base_url).rstrip("/"),
        basic_auth=("bot@example.com", "token"),
        options={"rest_api_version": "3"},
        max_retries=0,
        timeout=(5, 5),
    )
    try:
        issue = client.create_issue(fields=TASK | {"labels": ["pm-1"]}, prefetch=False)
        client.transition_issue(issue.key, "Done")
        issues = client.enhanced_search_issues("labels = pm-1", fields="status")
        with pytest.raises(JIRAError) as refused:
            client.create_issue(fields=TASK | {"project": {"key": "NO"}}, prefetch=False)
    finally:
        client.close()  # type: ignore[no-untyped-call]

    assert client.deploymentType == "Cloud"
    assert [(each.key, each.fields.status.name) for each in issues] == [("OPS-1", "Done")]
    assert refused.value.status_code == 400
    assert "valid project is required" in str(refused.value.text)
