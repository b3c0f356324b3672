"""Jira as sites differ: projects, permissions, screens, a lagging index, Data Center, gateway."""

from typing import Any

import httpx
import pytest
from jira import JIRA

from tests.simulator.bodies import ADA, API, TASK, TEXT

SERVER = "/rest/api/2"
TWO_LINES = TEXT | {
    "content": [
        *TEXT["content"],
        {"type": "paragraph", "content": [{"type": "text", "text": "and when"}]},
    ]
}
SEVERITY = {
    "id": "customfield_10050",
    "name": "Severity",
    "kind": "option",
    "required": True,
    "options": ["High", "Low"],
}
NUMBER = {"id": "customfield_10051", "name": "Weight", "kind": "number"}


def project(jira: httpx.Client, key: str, **setup: object) -> None:
    body = {"key": key, "name": key.title()} | setup
    jira.post("/simulator/projects", json=body).raise_for_status()


def settings(jira: httpx.Client, **changes: object) -> None:
    jira.put("/simulator/settings", json=changes).raise_for_status()


def post(jira: httpx.Client, api: str = API, **fields: object) -> httpx.Response:
    return jira.post(f"{api}/issue", json={"fields": TASK | fields})


def create(jira: httpx.Client, api: str = API, **fields: object) -> str:
    answer = post(jira, api, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def found(jira: httpx.Client, query: str) -> list[str]:
    answer = jira.get(f"{API}/search/jql", params={"jql": query, "fields": "summary"})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


def errors(answer: httpx.Response) -> tuple[int, dict[str, str]]:
    return answer.status_code, answer.json()["errors"]


def test_a_custom_field_may_be_required_and_takes_what_it_lists(jira: httpx.Client) -> None:
    project(jira, "OPS", fields=[SEVERITY, NUMBER])

    assert errors(post(jira)) == (400, {"customfield_10050": "Severity is required."})
    wrong: dict[str, Any] = {"customfield_10050": {"value": "None"}, "customfield_10051": "3"}
    assert errors(post(jira, **wrong))[1] == {
        "customfield_10050": "Option value 'None' is not valid",
        "customfield_10051": "Operation value must be a number",
    }
    key = create(jira, customfield_10050={"value": "Low"}, customfield_10051=3)
    fields = jira.get(f"{API}/issue/{key}").json()["fields"]
    assert (fields["customfield_10050"]["value"], fields["customfield_10051"]) == ("Low", 3)


def test_a_field_may_be_missing_from_the_screen_or_demanded_there(jira: httpx.Client) -> None:
    project(jira, "OPS", hidden=["priority"], required=["duedate"])

    status, said = errors(post(jira, priority={"name": "High"}))

    assert status == 400
    assert said.keys() == {"priority", "duedate"}
    assert said["duedate"] == "Duedate is required."


def test_parents_levels_and_types_are_those_of_the_project(jira: httpx.Client) -> None:
    project(jira, "OPS", issue_types=["Action", "Sub-task"], security_levels=["Internal"])
    parent = create(jira, issuetype={"name": "Action"}, security={"name": "Internal"})

    orphan = post(jira, issuetype={"name": "Sub-task"})
    child = create(jira, issuetype={"name": "Sub-task"}, parent={"key": parent})

    assert errors(orphan)[1].keys() == {"parent"}
    assert errors(post(jira))[1] == {"issuetype": "Specify a valid issue type"}
    assert found(jira, f"parent = {parent}") == [child]
    fields = jira.get(f"{API}/issue/{child}").json()["fields"]
    assert (fields["parent"]["key"], fields["issuetype"]["subtask"]) == (parent, True)
    assert (
        "security"
        in errors(post(jira, issuetype={"name": "Action"}, security={"name": "Secret"}))[1]
    )


def test_without_permission_nothing_is_created_and_the_reason_is_told(jira: httpx.Client) -> None:
    project(jira, "LOCKED", denied=["CREATE_ISSUES"])
    project(jira, "SHUT", denied=["CREATE_ISSUES"], create_refusal=403)
    project(jira, "HIDDEN", denied=["BROWSE_PROJECTS"])

    locked, shut, hidden = (
        post(jira, project={"key": key}) for key in ("LOCKED", "SHUT", "HIDDEN")
    )

    said = "You do not have permission to create issues in this project."
    assert errors(locked) == (400, {"project": said})
    assert (shut.status_code, shut.json()["errorMessages"]) == (403, [said])
    assert errors(hidden) == (400, {"project": "valid project is required"})
    assert jira.get(f"{API}/project/HIDDEN").status_code == 404
    assert jira.get("/simulator/tickets").json() == []


def test_each_permission_is_asked_for_where_it_is_needed(jira: httpx.Client) -> None:
    key = create(jira)
    denied = ["EDIT_ISSUES", "ADD_COMMENTS", "LINK_ISSUES", "TRANSITION_ISSUES", "DELETE_ISSUES"]
    project(jira, "OPS", denied=denied)
    path, link = f"{API}/issue/{key}", {"object": {"url": "https://x.example", "title": "x"}}

    statuses = [
        jira.put(path, json={"fields": {"summary": "x"}}).status_code,
        jira.post(f"{path}/comment", json={"body": TWO_LINES}).status_code,
        jira.post(f"{path}/remotelink", json=link).status_code,
        jira.post(f"{path}/transitions", json={"transition": {"id": "31"}}).status_code,
        jira.delete(path).status_code,
    ]

    assert statuses == [400, 400, 403, 400, 403]
    project(jira, "OPS", denied=["BROWSE_PROJECTS"])
    assert jira.get(path).status_code == 404
    assert found(jira, "labels = x AND created >= '2020-01-01'") == []


def test_permissions_are_told_by_project(jira: httpx.Client) -> None:
    project(jira, "OPS", denied=["CREATE_ISSUES"])
    asked = {"permissions": "CREATE_ISSUES,EDIT_ISSUES", "projectKey": "OPS"}

    told = jira.get(f"{API}/mypermissions", params=asked).json()["permissions"]

    assert {key: each["havePermission"] for key, each in told.items()} == {
        "CREATE_ISSUES": False,
        "EDIT_ISSUES": True,
    }
    for wrong in ({}, {"permissions": "FLY"}):
        assert jira.get(f"{API}/mypermissions", params=wrong).status_code == 400
    nowhere = {"permissions": "EDIT_ISSUES", "projectKey": "NO"}
    assert jira.get(f"{API}/mypermissions", params=nowhere).status_code == 404


def test_create_screens_say_what_they_demand(jira: httpx.Client) -> None:
    project(jira, "OPS", fields=[SEVERITY], hidden=["duedate"], issue_types=["Action"])
    path = f"{API}/issue/createmeta/OPS/issuetypes"

    [kind] = jira.get(path).json()["issueTypes"]
    fields = {f["fieldId"]: f for f in jira.get(f"{path}/{kind['id']}").json()["fields"]}

    assert kind["name"] == "Action"
    demanded = {name for name, field in fields.items() if field["required"]}
    assert demanded == {"summary", "issuetype", "project", "customfield_10050"}
    assert "duedate" not in fields
    assert [o["value"] for o in fields["customfield_10050"]["allowedValues"]] == ["High", "Low"]
    first = jira.get(f"{path}/{kind['id']}", params={"maxResults": 2}).json()
    assert (len(first["fields"]), first["total"]) == (2, len(fields))
    assert jira.get(path, params={"maxResults": 999}).status_code == 400
    assert jira.get(f"{path}/4711").status_code == 404


def test_lists_of_the_site_are_told(jira: httpx.Client) -> None:
    named = {
        what: [each["name"] for each in jira.get(f"{API}/{what}").json()]
        for what in ("priority", "resolution", "status", "project/OPS/statuses")
    }

    assert named["priority"][0] == "Highest"
    assert named["resolution"] == ["Done", "Won't Do"]
    assert "In Progress" in named["status"]
    assert named["project/OPS/statuses"] == ["Task", "Bug", "Story", "Epic"]


def test_cloud_alone_tells_resolutions_by_the_page(jira: httpx.Client) -> None:
    def asked() -> httpx.Response:
        return jira.get(f"{API}/resolution/search", params={"startAt": 1, "maxResults": 1})

    in_cloud = asked().json()
    jira.put("/simulator/settings", json={"jira_flavour": "datacenter"})

    assert [each["name"] for each in in_cloud["values"]] == ["Won't Do"]
    assert (in_cloud["total"], in_cloud["isLast"]) == (2, True)
    assert asked().status_code == 404


def test_search_shows_changes_late_and_keys_show_them_at_once(jira: httpx.Client) -> None:
    jira.put("/simulator/clock", json={"now": "2030-01-01T00:00:00Z"})
    settings(jira, jira_index_lag_seconds=60)
    key = create(jira, labels=["old"])
    assert jira.get(f"{API}/issue/{key}").status_code == 200
    assert found(jira, "labels = old") == []

    jira.put("/simulator/clock", json={"now": "2030-01-01T00:01:01Z"})
    jira.put(f"{API}/issue/{key}", json={"fields": {"labels": ["new"]}})
    between = [found(jira, f"labels = {label}") for label in ("old", "new")]
    jira.put("/simulator/clock", json={"now": "2030-01-01T00:02:02Z"})
    after = [found(jira, f"labels = {label}") for label in ("old", "new")]

    assert between == [[key], []]
    assert after == [[], [key]]


def test_a_moved_ticket_is_found_under_its_old_key(jira: httpx.Client) -> None:
    project(jira, "WEB")
    old = create(jira, labels=["pm-1"])

    jira.post(f"/tickets/{old}/project", data={"to": "web", "author": ADA}).raise_for_status()

    moved = jira.get(f"{API}/issue/{old}").json()
    assert moved["key"] == "WEB-1"
    assert moved["fields"]["project"]["key"] == "WEB"
    assert found(jira, "labels = pm-1") == found(jira, f"key = {old}") == ["WEB-1"]
    back = jira.post("/tickets/WEB-1/project", data={"to": "OPS"})
    assert back.status_code == 200
    keys = [jira.get(f"{API}/issue/{key}").json()["key"] for key in (old, "WEB-1", "OPS-2")]
    assert keys == ["OPS-2"] * 3


def test_a_deleted_ticket_is_gone_everywhere(jira: httpx.Client) -> None:
    first, second = create(jira), create(jira)

    jira.post(f"/tickets/{first}/delete").raise_for_status()
    assert jira.delete(f"{API}/issue/{second}").status_code == 204

    assert jira.get(f"{API}/issue/{first}").status_code == 404
    assert found(jira, "project = OPS") == []
    unknown = jira.get(f"{API}/search/jql", params={"jql": f"key in ({first})"})
    assert unknown.status_code == 400
    assert first in unknown.json()["errorMessages"][0]


def test_search_keeps_the_order_that_is_asked_for_and_compares_times(jira: httpx.Client) -> None:
    first, second = create(jira, duedate="2026-03-01"), create(jira, duedate="2026-02-01")

    assert found(jira, "project = OPS ORDER BY created ASC") == [first, second]
    assert found(jira, "project = OPS order by duedate, key desc") == [second, first]
    assert found(jira, "duedate < 2026-02-15 AND summary ~ alarm") == [second]
    assert found(jira, 'duedate >= "2026-02-01" AND created <= 2020-01-01') == []


def test_version_two_of_the_cloud_speaks_wiki_text(jira: httpx.Client) -> None:
    key = create(jira, description=TWO_LINES)
    jira.post(f"{SERVER}/issue/{key}/comment", json={"body": "plain *words*"})

    wiki = jira.get(f"{SERVER}/issue/{key}").json()["fields"]["description"]
    [said] = jira.get(f"{API}/issue/{key}/comment").json()["comments"]

    assert wiki == "Why & how\nand when"
    assert said["body"]["content"][0]["content"][0]["text"] == "plain *words*"
    assert post(jira, SERVER, description=TWO_LINES).status_code == 400
    assert jira.get(f"{SERVER}/search", params={"jql": "project = OPS"}).status_code == 410


def test_a_data_center_searches_by_position_and_knows_people_by_name(jira: httpx.Client) -> None:
    settings(jira, jira_flavour="datacenter")
    [ada] = jira.get(f"{SERVER}/user/search", params={"username": "ada@"}).json()
    keys = [create(jira, SERVER, assignee={"name": ada["name"]}) for _ in range(3)]
    query = {"jql": "assignee = ada ORDER BY key", "startAt": 1, "maxResults": 2}

    page = jira.post(f"{SERVER}/search", json=query | {"fields": ["assignee"]}).json()

    assert "accountId" not in ada
    assert [issue["key"] for issue in page["issues"]] == keys[1:]
    assert (page["startAt"], page["total"]) == (1, 3)
    assert jira.get(f"{SERVER}/serverInfo").json()["deploymentType"] == "Server"
    assert {jira.get(path).status_code for path in (f"{API}/myself", f"{SERVER}/search/jql")} == {
        404
    }
    meta = jira.get(f"{SERVER}/issue/createmeta/OPS/issuetypes").json()
    assert (len(meta["values"]), meta["isLast"]) == (4, True)
    assert jira.get(f"{SERVER}/mypermissions").json()["permissions"]["EDIT_ISSUES"]


def test_the_jira_library_works_with_a_data_center(jira: httpx.Client) -> None:
    settings(jira, jira_flavour="datacenter")
    client = JIRA(
        server=str(jira.base_url).rstrip("/"), token_auth="pat", max_retries=0, timeout=(5, 5)
    )
    try:
        issue = client.create_issue(fields=TASK | {"description": "h2. Why"}, prefetch=False)
        client.add_comment(issue.key, "Done.")
        issues = client.search_issues("project = OPS", fields="description,comment")
    finally:
        client.close()  # type: ignore[no-untyped-call]

    assert client.deploymentType == "Server"
    assert [each.fields.description for each in issues] == ["h2. Why"]
    assert "Why" in jira.get(f"/tickets/{issue.key}").text


def test_scoped_tokens_reach_the_same_site_through_the_gateway(jira: httpx.Client) -> None:
    settings(jira, jira_cloud_id="cloud-1")
    gateway = "/ex/jira/cloud-1/rest/api/3"
    key = create(jira, gateway)

    told = jira.get(f"{gateway}/issue/{key}").json()

    assert told["self"].startswith(f"{jira.base_url}{gateway}/issue/")
    assert jira.get(f"{API}/issue/{key}").json()["key"] == key
    lost = jira.get("/ex/jira/other/rest/api/3/myself")
    assert (lost.status_code, list(lost.json())) == (404, ["errorMessages", "errors"])
    assert httpx.get(f"{jira.base_url}{gateway}/myself").status_code == 401
    requests = jira.get("/simulator/requests").json()["requests"]
    assert requests[-2]["route"] == "/ex/jira/{cloud}/rest/api/3/myself"


@pytest.mark.parametrize(
    "body",
    [
        {"fields": []},
        {"fields": "x"},
        {"properties": {"key": "x"}},
        {"properties": [None]},
        {"properties": [{}]},
        {"update": {"labels": "x"}},
        {"update": {"labels": [3]}},
        {"fields": {"project": "OPS"}},
    ],
)
def test_a_misshapen_issue_is_refused(jira: httpx.Client, body: dict[str, Any]) -> None:
    create(jira)

    answers = [
        jira.post(f"{API}/issue", json={"fields": TASK} | body),
        jira.put(f"{API}/issue/OPS-1", json=body),
    ]

    assert answers[0].status_code == 400
    assert answers[1].status_code in {204, 400}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("search/jql", {"jql": ["project = OPS"]}),
        ("search/jql", {"jql": "project = OPS", "maxResults": "many"}),
        ("search/jql", {"jql": "project = OPS", "reconcileIssues": "10001"}),
        ("issue/OPS-1/remotelink", {"object": "https://example.com"}),
        ("issue/OPS-1/comment", {"body": {"type": "doc", "version": 1, "content": [3]}}),
        ("issue/OPS-1/comment", {}),
        ("issue/OPS-1/transitions", {"transition": "31"}),
        ("issue/OPS-1/transitions", {"transition": {"id": ["31"]}}),
    ],
)
def test_other_misshapen_bodies_are_refused(
    jira: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    create(jira)

    answer = jira.post(f"{API}/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json().keys() == {"errorMessages", "errors"}
