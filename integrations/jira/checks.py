"""Whether Jira would take our tickets: the account, and each project that teams name."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from integrations.checks.examination import TIMEOUT, Examination, Finding, Look, fail, ok, warn
from integrations.checks.read_only_client import NotAllowed, ReadOnlyClient, Unknown, bearer
from integrations.errors import Refused
from integrations.http import Timeout
from integrations.issue_projects import IssueProject
from integrations.jira.create_fields import CreateFields, create_field_findings
from integrations.jira.dialect import DIALECTS, Flavour

ABOUT = "Jira"

_NEEDED = {
    "BROWSE_PROJECTS": "see tickets",
    "CREATE_ISSUES": "open tickets",
    "EDIT_ISSUES": "edit tickets",
    "ADD_COMMENTS": "comment on tickets",
}
_HELPFUL = {
    "LINK_ISSUES": "link tickets to the document",
    "TRANSITION_ISSUES": "close a duplicate",
}
_PAGE = 100
_PAGES = 20
_FIELD = re.compile(r"[A-Za-z0-9_]{1,80}")


@dataclass(frozen=True)
class JiraSite:
    """One Jira, and the account that reads it; `auth` as for the tracker."""

    server: str
    auth: tuple[str, str] | str
    flavour: Flavour = Flavour.CLOUD

    def client(self, timeout: Timeout) -> ReadOnlyClient:
        """Return a way to ask this Jira without changing it."""
        auth = bearer(self.auth) if isinstance(self.auth, str) else self.auth
        version = DIALECTS[self.flavour].version
        return ReadOnlyClient(ABOUT, f"{self.server.rstrip('/')}/rest/api/{version}", auth, timeout)


def jira_examination(
    site: JiraSite, projects: Mapping[str, IssueProject], timeout: Timeout = TIMEOUT
) -> Examination:
    """Return the looks at Jira, one for each project; each only reads."""
    client = site.client(timeout)
    looks: list[Look] = [
        partial(_project, client, key, project, site.flavour) for key, project in projects.items()
    ]
    first: tuple[Look, ...] = (partial(_account, client), partial(_flavour, client, site.flavour))
    return Examination(ABOUT, (first, tuple(looks)))


def _account(client: ReadOnlyClient) -> Iterator[Finding]:
    try:
        told = client.get_object("myself", "say who we are")
    except NotAllowed:
        again = (
            "Check PM_JIRA_USER and PM_JIRA_TOKEN; a token with scopes needs read:jira-user, "
            "read:jira-work and write:jira-work."
        )
        yield fail(ABOUT, "it does not accept our account and token.", again)
        return
    except Unknown:
        check = "Check PM_JIRA_URL, PM_JIRA_CLOUD_ID and PM_JIRA_FLAVOUR."
        yield fail(ABOUT, "there is no Jira of this flavour at the address.", check)
        return
    if not (told.get("accountId") or told.get("name")):
        raise Refused("Something that is not Jira answered when asked to say who we are.")
    if told.get("active") is False:
        yield fail(ABOUT, "our account is not active.", "Activate it in Jira's user management.")
    else:
        yield ok(ABOUT, "it answers, and knows our account.")


def _flavour(client: ReadOnlyClient, flavour: Flavour) -> Iterator[Finding]:
    told = client.get_object("serverInfo", "say which Jira it is").get("deploymentType", "")
    cloud = str(told).casefold() == "cloud"
    if cloud != (flavour is Flavour.CLOUD):
        is_, set_ = ("Cloud", "Data Center") if cloud else ("Data Center", "Cloud")
        told = f"this is Jira {is_}, but the settings say {set_}."
        yield fail(ABOUT, told, "Set PM_JIRA_FLAVOUR.")


def _project(
    client: ReadOnlyClient, key: str, project: IssueProject, flavour: Flavour
) -> Sequence[Finding]:
    about = f"{ABOUT} {key}"
    try:
        client.get_object(f"project/{key}", "show the project")
    except Unknown:
        told = "there is no such project, or our account may not browse it."
        return [fail(about, told, "Correct the key in the organisation file, or give access.")]
    steps: list[Callable[[], Iterator[Finding]]] = [
        partial(_permissions, client, about, key, project),
        partial(_parent, client, about, project),
        partial(_endings, client, about, key, project, flavour),
        partial(_tickets, client, about, key, project, flavour),
    ]
    return [finding for step in steps for finding in _stepped(about, step)]


def _stepped(about: str, step: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(step())
    except Refused as error:
        return [fail(about, str(error), "Check what our account may do there.")]


def _permissions(
    client: ReadOnlyClient, about: str, key: str, project: IssueProject
) -> Iterator[Finding]:
    needed = _NEEDED | ({"ASSIGN_ISSUES": "assign tickets"} if project.assignee else {})
    if project.security_level:
        needed |= {"SET_ISSUE_SECURITY": "set security levels"}
    wanted = needed | _HELPFUL
    told = client.get_object(
        "mypermissions",
        "tell our permissions",
        projectKey=key,
        permissions=",".join(wanted),
    ).get("permissions", {})
    missing = [each for each in wanted if not (told.get(each) or {}).get("havePermission")]
    for each in missing:
        grant = f"Give it {each} in the project's permission scheme."
        report = fail if each in needed else warn
        yield report(about, f"our account may not {wanted[each]}.", grant)
    if not missing:
        yield ok(about, "our account may do there what it needs to.")


def _parent(client: ReadOnlyClient, about: str, project: IssueProject) -> Iterator[Finding]:
    if project.parent:
        try:
            client.get_object(f"issue/{project.parent}", "show the parent", fields="issuetype")
        except Unknown:
            told = f"the parent {project.parent} does not exist, or our account may not see it."
            yield fail(about, told, "Correct parent in the organisation file.")


def _endings(
    client: ReadOnlyClient, about: str, key: str, project: IssueProject, flavour: Flavour
) -> Iterator[Finding]:
    named = {*project.done, *project.wont_do}
    if not named:
        return
    known = _names(_resolutions(client, flavour))
    if {each.casefold() for each in named} - known:
        known |= _statuses(client, key)
    unknown = sorted(each for each in named if each.casefold() not in known)
    if unknown:
        told = f"there is no resolution or status {', '.join(unknown)}."
        yield fail(about, told, f"Correct done and wont_do under [issue_projects.{key}].")


def _resolutions(client: ReadOnlyClient, flavour: Flavour) -> Sequence[Mapping[str, Any]]:
    doing = "list the resolutions"
    if flavour is Flavour.CLOUD:
        return _paged(client, "resolution/search", doing, ("values",))
    return client.get_list("resolution", doing)


def _statuses(client: ReadOnlyClient, key: str) -> set[str]:
    try:
        types = client.get_list(f"project/{key}/statuses", "list the statuses")
    except Unknown:
        return set()
    return {name for each in types for name in _names(each.get("statuses") or [])}


def _names(values: Sequence[Mapping[str, Any]]) -> set[str]:
    return {str(each.get("name", "")).casefold() for each in values}


def _tickets(
    client: ReadOnlyClient, about: str, key: str, project: IssueProject, flavour: Flavour
) -> Iterator[Finding]:
    path = f"issue/createmeta/{key}/issuetypes"
    types = _paged(client, path, "list the issue types", ("issueTypes", "values"))
    found = next((each for each in types if each.get("name") == project.issue_type), None)
    if found is None:
        told = f"the project has no issue type {project.issue_type}, or we may not open any."
        yield fail(about, told, f"Set one it has as issue_type under [issue_projects.{key}].")
        return
    if found.get("subtask") and not project.parent:
        told = f"{project.issue_type} is a kind of sub-task, and no parent is set."
        yield fail(about, told, f"Set parent, or another issue_type, under [issue_projects.{key}].")
    fields = _paged(
        client, f"{path}/{found.get('id')}", "list the fields", ("fields", "values", "results")
    )
    offered: CreateFields = {str(each.get("fieldId") or each.get("key")): each for each in fields}
    known = {name: field for name, field in offered.items() if _FIELD.fullmatch(name)}
    documents = flavour is Flavour.CLOUD
    yield from create_field_findings(about, key, project, known, documents=documents)


def _paged(
    client: ReadOnlyClient, path: str, doing: str, names: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return all entries of a list that Jira gives page by page, under one of the names."""
    found: list[Mapping[str, Any]] = []
    for _ in range(_PAGES):
        told = client.get_object(path, doing, startAt=len(found), maxResults=_PAGE)
        page = next((told[name] for name in names if isinstance(told.get(name), list)), None)
        if page is None:
            raise Refused(f"Something that is not Jira answered when asked to {doing}.")
        found += page
        total = told.get("total")
        if not page or told.get("isLast") is True or (total is not None and len(found) >= total):
            break
    return found
