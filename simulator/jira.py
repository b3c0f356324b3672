"""Jira Cloud platform v3, as far as it is used: issues, search, links, comments, transitions."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from simulator import jql
from simulator.clock import jira_time
from simulator.errors import jira_error
from simulator.jira_issues import Issues, is_document
from simulator.jira_words import FIELDS, ISSUE_TYPES, TRANSITIONS, JiraCaller, Site
from simulator.store import JSON
from simulator.world import Body, WorldHere

router = APIRouter(prefix="/rest/api/3")
version_2 = APIRouter(prefix="/rest/api/2")

_MOST_RESULTS = 5000
_LONGEST_KEY = 255
_EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
Csv = Annotated[str | None, Query()]


async def _issues(request: Request, world: WorldHere, _caller: JiraCaller) -> Issues:
    return Issues(world, request)


async def _issue(issue: str, issues: Annotated[Issues, Depends(_issues)]) -> JSON:
    return issues.get(issue)


IssuesHere = Annotated[Issues, Depends(_issues)]
Issue = Annotated[JSON, Depends(_issue)]


@version_2.get("/serverInfo")
@router.get("/serverInfo")
async def server_info(request: Request, world: WorldHere, _caller: JiraCaller) -> JSON:
    """Say that this is a Jira Cloud site."""
    return {
        "baseUrl": Site(world, request).base,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100290,
        "buildDate": "2026-01-05T09:00:00.000+0000",
        "serverTime": jira_time(world.clock.now()),
        "scmInfo": "simulator",
        "serverTitle": "Simulated Jira",
    }


@router.get("/field")
async def fields(_caller: JiraCaller) -> list[JSON]:
    """List the fields that issues have."""
    return [_field(name, title, kind) for name, (title, kind) in FIELDS.items()]


@router.get("/myself")
async def myself(request: Request, world: WorldHere, caller: JiraCaller) -> JSON:
    """Return the caller."""
    return Site(world, request).user(caller)


@router.get("/user/search")
async def search_users(
    request: Request, world: WorldHere, _caller: JiraCaller, query: str | None = None
) -> list[JSON]:
    """Find users by the beginning of their name or address."""
    if query is None:
        raise jira_error(400, "A query parameter of query or property is required.")
    sought = query.lower()
    found = [
        person["email"]
        for person in world.store.all("people")
        if f"{person['email']} {person['name']}".lower().startswith(sought)
        or f" {sought}" in f" {person['name']}".lower()
    ]
    return [Site(world, request).user(email) for email in found]


@router.get("/project/{key}")
async def get_project(key: str, issues: IssuesHere) -> JSON:
    """Return a project with its issue types."""
    found = issues.site.project(key)
    if found is None:
        raise jira_error(404, f"No project could be found with key '{key}'.")
    return found | {"issueTypes": [issues.site.issue_type(name) for name in ISSUE_TYPES]}


@router.post("/issue", status_code=201)
async def create_issue(issues: IssuesHere, caller: JiraCaller, body: Body) -> JSON:
    """Create an issue; two equal calls create two."""
    issue = issues.create(body, caller)
    link = f"{issues.site.api}/issue/{issue['id']}"
    return {"id": issue["id"], "key": issue["key"], "self": link}


@router.get("/issue/{issue}")
async def get_issue(
    issue: Issue, issues: IssuesHere, fields: Csv = None, properties: Csv = None
) -> JSON:
    """Return an issue; its properties only if they are asked for."""
    wanted = (fields or "*all").split(",")
    return _told(issues, issue, wanted, (properties or "").split(","))


@router.put("/issue/{issue}", status_code=204)
async def edit_issue(issue: Issue, issues: IssuesHere, caller: JiraCaller, body: Body) -> Response:
    """Change an issue's fields."""
    issues.edit(issue, body, caller)
    return Response(status_code=204)


@router.get("/search/jql")
async def search(  # noqa: PLR0913, PLR0917 - as many as the vendor has parameters
    issues: IssuesHere,
    jql: Annotated[str, Query()] = "",
    fields: Csv = None,
    properties: Csv = None,
    max_results: Annotated[int, Query(alias="maxResults")] = 50,
    next_page: Annotated[str | None, Query(alias="nextPageToken")] = None,
    reconciled: Annotated[Sequence[int], Query(alias="reconcileIssues")] = (),
) -> JSON:
    """Find issues; a new one may be missing for a while."""
    wanted = fields.split(",") if fields else None
    asked = (properties or "").split(",")
    return _searched(issues, jql, (wanted, asked), (max_results, next_page), reconciled)


@router.post("/search/jql")
async def search_by_post(issues: IssuesHere, body: Body) -> JSON:
    """Find issues; a new one may be missing for a while."""
    telling = (body.get("fields"), body.get("properties") or [])
    page = (int(body.get("maxResults") or 50), body.get("nextPageToken"))
    return _searched(
        issues, body.get("jql") or "", telling, page, body.get("reconcileIssues") or ()
    )


@router.get("/issue/{issue}/properties/{name}")
async def get_property(issue: Issue, name: str) -> JSON:
    """Return an entity property."""
    if name not in issue["properties"]:
        raise jira_error(404, f"The property with key '{name}' does not exist.")
    return {"key": name, "value": issue["properties"][name]}


@router.put("/issue/{issue}/properties/{name}")
async def set_property(
    request: Request, issue: Issue, name: str, issues: IssuesHere
) -> JSONResponse:
    """Set an entity property: 201 when it is new, 200 when it was there."""
    if len(name) > _LONGEST_KEY:
        raise jira_error(400, "The property key is too long.")
    try:
        value = await request.json()
    except ValueError:
        raise jira_error(400, "The property value is not valid JSON.") from None
    new = name not in issue["properties"]
    issue["properties"][name] = value
    issues.keep(issue)
    return JSONResponse({}, status_code=201 if new else 200)


@router.get("/issue/{issue}/remotelink")
async def get_links(
    issue: Issue, global_id: Annotated[str | None, Query(alias="globalId")] = None
) -> JSONResponse:
    """Return an issue's remote links, or the one with a global id."""
    if global_id is None:
        return JSONResponse(issue["links"])
    found = [link for link in issue["links"] if link.get("globalId") == global_id]
    if not found:
        raise jira_error(404, "The remote link does not exist.")
    return JSONResponse(found[0])


@router.post("/issue/{issue}/remotelink")
async def set_link(issue: Issue, issues: IssuesHere, body: Body) -> JSONResponse:
    """Link an issue to a page; a known global id changes its link instead of adding one."""
    target = body.get("object") or {}
    missing = {name: f"'{name}' is required." for name in ("title", "url") if not target.get(name)}
    if missing:
        raise jira_error(400, **missing)
    known = body.get("globalId")
    old = [link for link in issue["links"] if known and link.get("globalId") == known]
    number = old[0]["id"] if old else 10000 + issues.next_number("links")
    here = f"{issues.site.api}/issue/{issue['key']}/remotelink/{number}"
    kept = {n: body[n] for n in ("globalId", "application", "relationship", "object") if n in body}
    others = [link for link in issue["links"] if link["id"] != number]
    issue["links"] = [*others, {"id": number, "self": here} | kept]
    issues.keep(issue)
    return JSONResponse({"id": number, "self": here}, status_code=200 if old else 201)


@router.get("/issue/{issue}/comment")
async def get_comments(issue: Issue) -> JSON:
    """Return an issue's comments."""
    found = issue["comments"]
    return {"comments": found, "startAt": 0, "maxResults": 5000, "total": len(found)}


@router.post("/issue/{issue}/comment", status_code=201)
async def comment(
    issue: Issue, issues: IssuesHere, world: WorldHere, caller: JiraCaller, body: Body
) -> JSON:
    """Add a comment."""
    if not is_document(body.get("body")):
        raise jira_error(400, comment="Comment body is not valid!")
    now = jira_time(world.clock.now())
    number = str(10000 + issues.next_number("comments"))
    author = issues.site.user(caller)
    said = {
        "self": f"{issues.site.api}/issue/{issue['id']}/comment/{number}",
        "id": number,
        "author": author,
        "body": body["body"],
        "updateAuthor": author,
        "created": now,
        "updated": now,
        "jsdPublic": True,
    }
    issue["comments"].append(said)
    issue["fields"]["updated"] = now
    issues.keep(issue)
    return said


@router.get("/issue/{issue}/transitions")
async def get_transitions(issue: Issue, issues: IssuesHere) -> JSON:
    """List where an issue can go: anywhere but where it is."""
    here = issue["fields"]["status"]["name"]
    known = [_transition(issues, number, to) for number, to in TRANSITIONS.items() if to != here]
    return {"expand": "transitions", "transitions": known}


@router.post("/issue/{issue}/transitions", status_code=204)
async def transition(issue: Issue, issues: IssuesHere, caller: JiraCaller, body: Body) -> Response:
    """Move an issue to another status."""
    chosen = body.get("transition") or {}
    if "id" not in chosen:
        raise jira_error(400, "Missing 'transition' identifier")
    if body.get("fields") or body.get("update"):
        issues.edit(issue, body, caller)
    issues.transition(issue, str(chosen["id"]), caller)
    return Response(status_code=204)


def _searched(
    issues: Issues,
    query: str,
    telling: tuple[list[str] | None, list[str]],
    page: tuple[int, str | None],
    reconciled: Sequence[int],
) -> JSON:
    clauses = jql.parse(query)
    _refuse_unknown(issues, clauses)
    found = [
        issue
        for issue in issues.indexed({str(number) for number in reconciled})
        if all(clause.accepts(issue) for clause in clauses)
    ]
    size = max(1, min(page[0], _MOST_RESULTS))
    offset = int(page[1]) if page[1] and page[1].isdigit() else 0
    wanted, properties = telling
    told = [
        _told(issues, issue, wanted or ["id"], properties)
        for issue in found[offset : offset + size]
    ]
    # Without a list of fields this endpoint tells ids alone.
    answer: JSON = {"issues": told if wanted else [{"id": issue["id"]} for issue in told]}
    last = offset + size >= len(found)
    return answer | {"isLast": last} | ({} if last else {"nextPageToken": str(offset + size)})


def _refuse_unknown(issues: Issues, clauses: list[jql.Clause]) -> None:
    for clause in clauses:
        if clause.field == "project":
            for value in clause.values:
                if not issues.site.project(value.upper()):
                    message = f"The value '{value}' does not exist for the field 'project'."
                    raise jira_error(400, message)


def _told(issues: Issues, issue: JSON, wanted: list[str], properties: list[str]) -> JSON:
    everything = bool({"*all", "*navigable"} & set(wanted))
    every = issue["fields"] | (
        {"comment": _comments(issue)} if everything or "comment" in wanted else {}
    )
    minus = {name[1:] for name in wanted if name.startswith("-")}
    told = {
        "expand": _EXPANDABLE,
        "id": issue["id"],
        "self": f"{issues.site.api}/issue/{issue['id']}",
        "key": issue["key"],
        "fields": {
            name: value
            for name, value in every.items()
            if (everything or name in wanted) and name not in minus
        },
    }
    asked = [name for name in properties if name]
    if not asked:
        return told
    chosen = (
        issue["properties"]
        if "*all" in asked
        else {n: v for n, v in issue["properties"].items() if n in asked}
    )
    return told | {"properties": chosen}


def _comments(issue: JSON) -> JSON:
    count = len(issue["comments"])
    return {"comments": issue["comments"], "maxResults": count, "total": count, "startAt": 0}


def _transition(issues: Issues, number: str, to: str) -> JSON:
    return {
        "id": number,
        "name": to,
        "to": issues.site.status(to),
        "hasScreen": False,
        "isGlobal": True,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
    }


def _field(name: str, title: str, kind: str) -> JSON:
    items = {"items": "string"} if kind == "array" else {}
    return {
        "id": name,
        "key": name,
        "name": title,
        "custom": False,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [name],
        "schema": {"type": kind, "system": name} | items,
    }
