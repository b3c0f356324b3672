"""Jira's search: Cloud's by page token, Data Center's by position; both are late."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from simulator.errors import jira_error
from simulator.jira import jql
from simulator.jira.issues import Issues
from simulator.jira.representation import IssuesHere, issue_json
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import Body

router = APIRouter()

_MOST_RESULTS = 5000
_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
_BODY = {
    "jql": str,
    "fields": [str],
    "properties": [str],
    "maxResults": int,
    "startAt": int,
    "nextPageToken": str,
    "reconcileIssues": [int],
}
# A name after the other, or several with commas between them.
Listed = Annotated[list[str] | None, Query()]


@router.get("/search/jql")
async def search(  # noqa: PLR0913 - as many as the vendor has parameters
    issues: IssuesHere,
    jql: Annotated[str, Query()] = "",
    fields: Listed = None,
    properties: Listed = None,
    max_results: Annotated[int, Query(alias="maxResults")] = 50,
    next_page: Annotated[str | None, Query(alias="nextPageToken")] = None,
    reconciled: Annotated[Sequence[int], Query(alias="reconcileIssues")] = (),
) -> JSON:
    """Find issues; a new one, or a change, may be missing for a while."""
    telling = (_names(fields) or None, _names(properties))
    return _searched(issues, jql, telling, (max_results, next_page), reconciled)


@router.post("/search/jql")
async def search_by_post(issues: IssuesHere, body: Body) -> JSON:
    """Find issues; a new one, or a change, may be missing for a while."""
    _refuse_misshapen(body)
    telling = (body.get("fields"), body.get("properties") or [])
    page = (body.get("maxResults") or 50, body.get("nextPageToken"))
    return _searched(
        issues, body.get("jql") or "", telling, page, body.get("reconcileIssues") or ()
    )


@router.get("/search")
async def search_by_position(
    issues: IssuesHere,
    jql: Annotated[str, Query()] = "",
    fields: Listed = None,
    start: Annotated[int, Query(alias="startAt")] = 0,
    max_results: Annotated[int, Query(alias="maxResults")] = 50,
) -> JSON:
    """Find issues in a Data Center, whose index lags as well; Cloud has removed this."""
    return _positioned(issues, jql, _names(fields) or ["*navigable"], (start, max_results))


@router.post("/search")
async def search_by_position_by_post(issues: IssuesHere, body: Body) -> JSON:
    """Find issues in a Data Center, whose index lags as well; Cloud has removed this."""
    _refuse_misshapen(body)
    page = (body.get("startAt") or 0, body.get("maxResults") or 50)
    return _positioned(issues, body.get("jql") or "", body.get("fields") or ["*navigable"], page)


def _names(given: list[str] | None) -> list[str]:
    return [name for each in given or [] for name in each.split(",") if name]


def _refuse_misshapen(body: JSON) -> None:
    if place := misfit(body, _BODY):
        raise jira_error(400, f"Invalid request payload. Refer to the REST API: {place}.")


def _searched(
    issues: Issues,
    query: str,
    telling: tuple[list[str] | None, list[str]],
    page: tuple[int, str | None],
    reconciled: Sequence[int],
) -> JSON:
    if not issues.site.is_cloud:
        raise jira_error(404, "null for uri: /search/jql")
    if not jql.parse(query).clauses:
        raise jira_error(400, jql.UNBOUNDED)
    found = _found(issues, query, {str(number) for number in reconciled})
    size = max(1, min(page[0], _MOST_RESULTS))
    offset = int(page[1]) if page[1] and page[1].isdecimal() else 0
    wanted, properties = telling
    shown = [
        issue_json(issues, issue, wanted or ["id"], properties)
        for issue in found[offset : offset + size]
    ]
    # Without a list of fields this endpoint tells ids alone.
    answer: JSON = {"issues": shown if wanted else [{"id": issue["id"]} for issue in shown]}
    last = offset + size >= len(found)
    return answer | {"isLast": last} | ({} if last else {"nextPageToken": str(offset + size)})


def _positioned(issues: Issues, query: str, wanted: list[str], page: tuple[int, int]) -> JSON:
    if issues.site.is_cloud:
        raise jira_error(410, _REMOVED)
    found = _found(issues, query, set())
    start, size = max(0, page[0]), max(0, min(page[1], _MOST_RESULTS))
    return {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(found),
        "issues": [issue_json(issues, issue, wanted, []) for issue in found[start : start + size]],
    }


def _found(issues: Issues, query: str, reconciled: set[str]) -> list[JSON]:
    read = jql.parse(query)
    for clause in read.clauses:
        if clause.field == "project":
            _refuse_unknown_projects(issues, clause)
        elif clause.field in jql.KEYS:
            clause.values = frozenset(_today(issues, key) for key in clause.values)
    known = {project["key"] for project in issues.visible_projects()}
    seen = issues.index.issues(reconciled)
    visible = (issue for issue in seen if issue["fields"]["project"]["key"] in known)
    return read.ordered([i for i in visible if all(c.accepts(i) for c in read.clauses)])


def _refuse_unknown_projects(issues: Issues, clause: jql.Clause) -> None:
    for value in clause.values:
        if not issues.projects.find(value.upper()):
            message = f"The value '{value}' does not exist for the field 'project'."
            raise jira_error(400, message)


def _today(issues: Issues, key: str) -> str:
    """Return the key that an issue has today; Jira refuses a whole query for an unknown one."""
    issue = issues.find(key)
    if issue is None:
        message = f"An issue with key '{key.upper()}' does not exist for field 'key'."
        raise jira_error(400, message)
    return str(issue["key"]).lower()
