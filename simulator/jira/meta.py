"""What Jira tells about itself: the site, its people, projects, permissions and create screens."""

from typing import Annotated

from fastapi import APIRouter, Query

from simulator.control.clock import jira_time
from simulator.errors import VendorError, jira_error
from simulator.jira.issues import Issues
from simulator.jira.projects import Project
from simulator.jira.representation import Csv, IssuesHere
from simulator.jira.site import (
    FIELDS,
    PERMISSIONS,
    PRIORITIES,
    RESOLUTIONS,
    STATUSES,
    JiraCaller,
    type_id,
)
from simulator.store import JSON
from simulator.world import WorldHere

router = APIRouter()

_MOST = 200
StartAt = Annotated[int, Query(alias="startAt", ge=0)]
MaxResults = Annotated[int, Query(alias="maxResults", ge=0)]


@router.get("/serverInfo")
async def server_info(world: WorldHere, issues: IssuesHere) -> JSON:
    """Say what kind of Jira this is."""
    cloud = issues.site.is_cloud
    version = [1001, 0, 0] if cloud else [9, 12, 5]
    return {
        "baseUrl": issues.site.base,
        "version": "1001.0.0-SNAPSHOT" if cloud else "9.12.5",
        "versionNumbers": version,
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100290 if cloud else 9120005,
        "buildDate": "2026-01-05T09:00:00.000+0000",
        "serverTime": jira_time(world.clock.now()),
        "scmInfo": "simulator",
        "serverTitle": "Simulated Jira",
    }


@router.get("/field")
async def fields(world: WorldHere, issues: IssuesHere) -> list[JSON]:
    """List the fields that issues have."""
    known = [_field(name, title, kind) for name, (title, kind) in FIELDS.items()]
    custom: dict[str, JSON] = {}
    for kept in world.store.all("projects"):
        if project := issues.projects.find(kept["key"]):
            custom |= {f.id: _field(f.id, f.name, f.kind) for f in project.fields}
    return [*known, *custom.values()]


@router.get("/myself")
async def myself(issues: IssuesHere, caller: JiraCaller) -> JSON:
    """Return the caller."""
    return issues.site.user(caller)


@router.get("/user/search")
async def search_users(
    world: WorldHere, issues: IssuesHere, query: str | None = None, username: str | None = None
) -> list[JSON]:
    """Find users by the beginning of their name or address."""
    sought = query if issues.site.is_cloud else username
    if sought is None and issues.site.is_cloud:
        raise jira_error(400, "A query parameter of query or property is required.")
    if sought is None:
        raise jira_error(400, "The username query parameter was not provided.")
    return [
        issues.site.user(person["email"])
        for person in world.store.all("people")
        if _is_meant(person, sought.lower())
    ]


@router.get("/project/{key}")
async def get_project(key: str, issues: IssuesHere) -> JSON:
    """Return a project with its issue types."""
    found = issues.projects.get(key)
    types = [issues.site.issue_type(name) for name in found.issue_types]
    return issues.projects.told(found) | {"issueTypes": types}


@router.get("/project/{key}/statuses")
async def project_statuses(key: str, issues: IssuesHere) -> list[JSON]:
    """List the statuses of each issue type of a project."""
    known = [issues.site.status(name) for name in STATUSES]
    names = issues.projects.get(key).issue_types
    return [issues.site.issue_type(name) | {"statuses": known} for name in names]


@router.get("/priority")
async def priorities(issues: IssuesHere) -> list[JSON]:
    """List the priorities."""
    named = [issues.site.named("priority", PRIORITIES, name) for name in PRIORITIES]
    return [each | {"description": "", "statusColor": "#ffab00"} for each in named]


@router.get("/resolution")
async def resolutions(issues: IssuesHere) -> list[JSON]:
    """List the resolutions; deprecated in Cloud, where it still answers."""
    return _resolutions(issues)


@router.get("/resolution/search")
async def search_resolutions(issues: IssuesHere, start: StartAt = 0, most: MaxResults = 50) -> JSON:
    """List the resolutions page by page, which Cloud alone knows."""
    if not issues.site.is_cloud:
        raise jira_error(404, "The resolution with id 'search' does not exist.")
    found = _resolutions(issues)
    told = {"maxResults": most, "startAt": start, "total": len(found)}
    return told | {"isLast": start + most >= len(found), "values": found[start : start + most]}


@router.get("/status")
async def statuses(issues: IssuesHere) -> list[JSON]:
    """List the statuses."""
    return [issues.site.status(name) for name in STATUSES]


@router.get("/mypermissions")
async def my_permissions(
    issues: IssuesHere,
    permissions: Csv = None,
    project: Annotated[str | None, Query(alias="projectKey")] = None,
    project_id: Annotated[str | None, Query(alias="projectId")] = None,
    issue: Annotated[str | None, Query(alias="issueKey")] = None,
) -> JSON:
    """Say what the caller may do, everywhere or in a project."""
    asked = [name for name in (permissions or "").split(",") if name]
    if not asked and issues.site.is_cloud:
        raise jira_error(400, "The 'permissions' query parameter is required.")
    unknown = [name for name in asked if name not in PERMISSIONS]
    if unknown:
        raise jira_error(400, f"Unrecognized permission(s): {', '.join(unknown)}.")
    name = project or project_id
    if issue:
        name = issues.get(issue)["fields"]["project"]["key"]
    denied = issues.projects.get(name).denied if name else []
    told = {key: _permission(key, held=key not in denied) for key in asked or PERMISSIONS}
    return {"permissions": told}


@router.get("/issue/createmeta/{project}/issuetypes")
async def create_types(
    project: str, issues: IssuesHere, start: StartAt = 0, most: MaxResults = 50
) -> JSON:
    """List the issue types that the caller can create in a project."""
    names = _creatable(issues, project).issue_types
    types = [issues.site.issue_type(name) | {"description": ""} for name in names]
    return _page(issues, "issueTypes", types, (start, most))


@router.get("/issue/createmeta/{project}/issuetypes/{number}")
async def create_fields(
    project: str, number: str, issues: IssuesHere, start: StartAt = 0, most: MaxResults = 50
) -> JSON:
    """List the fields of the create screen of an issue type."""
    found = _creatable(issues, project)
    names = {type_id(name): name for name in found.issue_types}
    if number not in names:
        raise jira_error(404, "Issue type was not found in this project.")
    told = issues.projects.create_fields(found, names[number])
    return _page(issues, "fields", told, (start, most))


def _resolutions(issues: Issues) -> list[JSON]:
    named = [issues.site.named("resolution", RESOLUTIONS, name) for name in RESOLUTIONS]
    return [each | {"description": ""} for each in named]


def _creatable(issues: Issues, project: str) -> Project:
    found = issues.projects.get(project)
    if "CREATE_ISSUES" in found.denied:
        raise jira_error(400, "You do not have permission to create issues in this project.")
    return found


def _page(issues: Issues, name: str, found: list[JSON], page: tuple[int, int]) -> JSON:
    start, most = page
    if most > _MOST:
        raise _too_many()
    shown = found[start : start + most]
    told = {"maxResults": most, "startAt": start, "total": len(found)}
    if issues.site.is_cloud:
        return told | {name: shown}
    return told | {"isLast": start + most >= len(found), "values": shown}


def _too_many() -> VendorError:
    return jira_error(400, f"Parameter 'maxResults' must not exceed the limit '{_MOST}'")


def _is_meant(person: JSON, sought: str) -> bool:
    name = f" {person['name']}".lower()
    return str(person["email"]).lower().startswith(sought) or f" {sought}" in name


def _permission(key: str, *, held: bool) -> JSON:
    number, name = PERMISSIONS[key]
    told = {"id": number, "key": key, "name": name, "type": "PROJECT", "description": ""}
    return told | {"havePermission": held}


def _field(name: str, title: str, kind: str) -> JSON:
    custom = name.startswith("customfield_")
    items = {"items": "string"} if kind == "array" else {}
    number = {"customId": int(name.removeprefix("customfield_"))} if custom else {"system": name}
    return {
        "id": name,
        "key": name,
        "name": title,
        "custom": custom,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [name],
        "schema": {"type": kind} | number | items,
    }
