"""How Jira tells an issue: the fields and properties that were asked for, and no others."""

from typing import Annotated

from fastapi import Depends, Query, Request

from simulator.errors import jira_error
from simulator.jira.issues import Issues
from simulator.jira.site import JiraCaller
from simulator.store import JSON
from simulator.world import WorldHere

_EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
Csv = Annotated[str | None, Query()]


async def _issues(request: Request, world: WorldHere, _caller: JiraCaller) -> Issues:
    issues = Issues(world, request)
    if not issues.site.is_cloud and issues.site.has_documents:
        raise jira_error(404, f"null for uri: {request.url.path}")
    cloud = request.path_params.get("cloud")
    if cloud and world.settings.jira_cloud_id not in {None, cloud}:
        raise jira_error(404, "No site could be found with this cloud id.")
    return issues


async def _issue(issue: str, issues: Annotated[Issues, Depends(_issues)]) -> JSON:
    return issues.get(issue)


IssuesHere = Annotated[Issues, Depends(_issues)]
Issue = Annotated[JSON, Depends(_issue)]


def issue_json(issues: Issues, issue: JSON, wanted: list[str], properties: list[str]) -> JSON:
    """Return an issue as the caller asked for it."""
    answer = {
        "expand": _EXPANDABLE,
        "id": issue["id"],
        "self": f"{issues.site.api}/issue/{issue['id']}",
        "key": issue["key"],
        "fields": _fields(issues, issue, wanted),
    }
    asked = [name for name in properties if name]
    if not asked:
        return answer
    known = issue["properties"]
    chosen = known if "*all" in asked else {n: v for n, v in known.items() if n in asked}
    return answer | {"properties": chosen}


def comment_json(issues: Issues, comment: JSON) -> JSON:
    """Return a comment in the format of the version that is spoken."""
    return comment | {"body": issues.site.text(comment["body"])}


def _fields(issues: Issues, issue: JSON, wanted: list[str]) -> JSON:
    everything = bool({"*all", "*navigable"} & set(wanted))
    minus = {name[1:] for name in wanted if name.startswith("-")}
    kept = issue["fields"]
    every = kept | {"description": issues.site.text(kept["description"])}
    if everything or "comment" in wanted:
        every |= {"comment": _comments(issues, issue)}
    return {
        name: value
        for name, value in every.items()
        if (everything or name in wanted) and name not in minus
    }


def _comments(issues: Issues, issue: JSON) -> JSON:
    said = [comment_json(issues, each) for each in issue["comments"]]
    return {"comments": said, "maxResults": len(said), "total": len(said), "startAt": 0}
