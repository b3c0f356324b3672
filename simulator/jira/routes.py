"""Jira Cloud and Data Center, as far as they are used: issues, links, comments, transitions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from simulator.control.clock import jira_time
from simulator.errors import VendorError, jira_error
from simulator.jira import meta as jira_meta
from simulator.jira import search as jira_search
from simulator.jira.fields import Unfit, refuse_text
from simulator.jira.issues import Issues
from simulator.jira.representation import Csv, Issue, IssuesHere, comment_json, issue_json
from simulator.jira.site import TRANSITIONS, JiraCaller
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Body, WorldHere

router = APIRouter()

_LONGEST_KEY = 255
_LINK = {
    "globalId": str,
    "application": dict,
    "relationship": str,
    "object": {"url": str, "title": str, "summary": str, "icon": dict, "status": dict},
}
_TRANSITION = {"transition": {"id": (str, int)}, "fields": dict, "update": dict}


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
    """Return an issue, under its key of today; its properties only if they are asked for."""
    wanted = (fields or "*all").split(",")
    return issue_json(issues, issue, wanted, (properties or "").split(","))


@router.put("/issue/{issue}", status_code=204)
async def edit_issue(issue: Issue, issues: IssuesHere, caller: JiraCaller, body: Body) -> Response:
    """Change an issue's fields."""
    message = "You do not have permission to edit issues in this project."
    _demand(issues, issue, "EDIT_ISSUES", jira_error(400, message))
    issues.edit(issue, body, caller)
    return Response(status_code=204)


@router.delete("/issue/{issue}", status_code=204)
async def delete_issue(issue: Issue, issues: IssuesHere, caller: JiraCaller) -> Response:
    """Delete an issue for good."""
    message = "You do not have permission to delete issues in this project."
    _demand(issues, issue, "DELETE_ISSUES", jira_error(403, message))
    issues.remove(issue, caller)
    return Response(status_code=204)


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
    message = "You do not have permission to link issues."
    _demand(issues, issue, "LINK_ISSUES", jira_error(403, message))
    _refuse_misshapen(body, _LINK)
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
async def get_comments(issue: Issue, issues: IssuesHere) -> JSON:
    """Return an issue's comments."""
    found = [comment_json(issues, each) for each in issue["comments"]]
    return {"comments": found, "startAt": 0, "maxResults": 5000, "total": len(found)}


@router.post("/issue/{issue}/comment", status_code=201)
async def comment(
    issue: Issue, issues: IssuesHere, world: WorldHere, caller: JiraCaller, body: Body
) -> JSON:
    """Add a comment."""
    message = f"{caller}, you do not have the permission to comment on this issue."
    _demand(issues, issue, "ADD_COMMENTS", jira_error(400, message))
    try:
        refuse_text(issues.site, body.get("body"))
    except Unfit:
        raise jira_error(400, comment="Comment body is not valid!") from None
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
    } | ({"jsdPublic": True} if issues.site.is_cloud else {})
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
    message = "You do not have permission to transition this issue."
    _demand(issues, issue, "TRANSITION_ISSUES", jira_error(400, message))
    _refuse_misshapen(body, _TRANSITION)
    chosen = body.get("transition") or {}
    if "id" not in chosen:
        raise jira_error(400, "Missing 'transition' identifier")
    if body.get("fields") or body.get("update"):
        issues.edit(issue, body, caller)
    issues.transition(issue, str(chosen["id"]), caller)
    return Response(status_code=204)


def _demand(issues: Issues, issue: JSON, permission: str, refusal: VendorError) -> None:
    issues.projects.demand(issue["fields"]["project"]["key"], permission, refusal)


def _refuse_misshapen(body: JSON, shape: JSON) -> None:
    if place := misfit(body, shape):
        raise jira_error(400, f"Cannot deserialize value: unexpected token at '{place}'.")


def _transition(issues: Issues, number: str, to: str) -> JSON:
    cloud = {"isAvailable": True, "isConditional": False, "isGlobal": True, "isInitial": False}
    return {
        "id": number,
        "name": to,
        "to": issues.site.status(to),
        "hasScreen": False,
    } | (cloud if issues.site.is_cloud else {})


def _under(prefix: str) -> APIRouter:
    """Return all of Jira below a prefix."""
    made = APIRouter(prefix=prefix)
    for part in (jira_meta.router, jira_search.router, router):
        for route in part.routes:
            if isinstance(route, APIRoute):
                made.add_api_route(
                    route.path,
                    route.endpoint,
                    methods=list(route.methods or ()),
                    status_code=route.status_code,
                    response_model=None,
                )
    return made


routers = [
    _under(f"{gateway}/rest/api/{version}")
    for gateway in ("", "/ex/jira/{cloud}")
    for version in (3, 2)
]
