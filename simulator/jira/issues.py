"""Issues of the simulated Jira: created, edited, moved through statuses and between projects."""

from fastapi import Request

from simulator.control.clock import jira_time
from simulator.errors import jira_error
from simulator.jira.fields import Fields, updated
from simulator.jira.index import Index
from simulator.jira.projects import Projects
from simulator.jira.site import PRIORITIES, RESOLUTIONS, TRANSITIONS, Site
from simulator.jira.webhook import Webhook
from simulator.shapes import misfit
from simulator.store import JSON
from simulator.world import World

MISSING = "Issue does not exist or you do not have permission to see it."
_BODY = {
    "fields": {...: object},
    "properties": [{"key": str}],
    "update": {...: [dict]},
}


class Issues:
    """All issues, by key, by an earlier key, or by id."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self.site = Site(world, request)
        self.projects = Projects(world, self.site)
        self.index = Index(world)
        self._fields = Fields(self.site, self.projects, self.find)

    def find(self, name: str) -> JSON | None:
        """Return an issue that the caller may see, or nothing."""
        key = name.upper()
        while moved := self._world.store.get("issue_keys", key):
            key = moved["key"]
        found = self._world.store.get("issues", key)
        visible = found and self.projects.find(found["fields"]["project"]["key"])
        return found if visible else None

    def get(self, name: str) -> JSON:
        """Return an issue, or refuse."""
        found = self.find(name)
        if found is None:
            raise jira_error(404, MISSING)
        return found

    def create(self, body: JSON, reporter: str) -> JSON:
        """Create an issue with its entity properties."""
        _refuse_misshapen(body)
        given = body.get("fields") or {}
        project = self._fields.project(given)
        if "CREATE_ISSUES" in project.denied:
            message = "You do not have permission to create issues in this project."
            if project.create_refusal == 403:  # noqa: PLR2004 - one of two
                raise jira_error(403, message)
            raise jira_error(400, project=message)
        fields = self._fields.of_new(given, project)
        now = jira_time(self._world.clock.now())
        empty = {field.id: None for field in project.fields}
        issue: JSON = {
            "id": str(10000 + self._world.store.next_number("issue_ids")),
            "key": self._next_key(project.key),
            "fields": self._fresh(now, reporter) | empty | fields,
            "properties": {p["key"]: p.get("value") for p in body.get("properties") or []},
            "comments": [],
            "links": [],
        }
        self._world.store.put("issue_keys", issue["id"], {"key": issue["key"]})
        return self.keep(issue)

    def edit(self, issue: JSON, body: JSON, actor: str) -> None:
        """Change fields, and properties if there are any; watchers hear of it by webhook."""
        _refuse_misshapen(body)
        given = dict(body.get("fields") or {})
        for name, operations in (body.get("update") or {}).items():
            given[name] = updated(issue["fields"].get(name), operations, name)
        for entry in body.get("properties") or []:
            issue["properties"][entry["key"]] = entry.get("value")
        project = self.projects.get(issue["fields"]["project"]["key"])
        self._changed(issue, self._fields.of_old(given, project), actor)

    def transition(self, issue: JSON, number: str, actor: str) -> None:
        """Move an issue to another status; done sets a resolution, anything else clears it."""
        if number not in TRANSITIONS:
            message = (
                "It seems that you have tried to perform a workflow operation that is not valid."
            )
            raise jira_error(400, message)
        to = TRANSITIONS[number]
        done = to in RESOLUTIONS
        changes = {
            "status": self.site.status(to),
            "resolution": self.site.named("resolution", RESOLUTIONS, to) if done else None,
            "resolutiondate": jira_time(self._world.clock.now()) if done else None,
        }
        self._changed(issue, changes, actor)

    def move(self, issue: JSON, project: str, actor: str) -> JSON:
        """Move an issue to another project: it gets another key, and the old one leads to it."""
        target = self.projects.get(project)
        old, new = issue["key"], self._next_key(target.key)
        self._forget(issue)
        for name in (issue["id"], old):
            self._world.store.put("issue_keys", name, {"key": new})
        moved = issue | {"key": new}
        changes = {"project": self.projects.told(target)}
        self._changed(moved, changes, actor, old_key=old)
        return moved

    def remove(self, issue: JSON, actor: str) -> None:
        """Delete an issue for good."""
        self._forget(issue)
        Webhook(self._world, self.site).tell_deleted(issue, actor)

    def _forget(self, issue: JSON) -> None:
        self._world.store.remove("issue_keys", issue["id"])
        self._world.store.remove("issues", issue["key"])
        self.index.remove(issue)

    def visible_projects(self) -> list[JSON]:
        """Return the projects that the caller may see."""
        kept = self._world.store.all("projects")
        return [project for project in kept if self.projects.find(project["key"])]

    def next_number(self, counter: str) -> int:
        """Return the next number of a counter of this site."""
        return self._world.store.next_number(f"jira/{counter}")

    def keep(self, issue: JSON) -> JSON:
        """Write an issue down; search will learn of it."""
        self._world.store.put("issues", issue["key"], issue)
        self.index.add(issue)
        return issue

    def _next_key(self, project: str) -> str:
        return f"{project}-{self._world.store.next_number(f'issues/{project}')}"

    def _changed(self, issue: JSON, changes: JSON, actor: str, old_key: str = "") -> None:
        before = issue["fields"]
        differing = {name: new for name, new in changes.items() if before.get(name) != new}
        stamp = {"updated": jira_time(self._world.clock.now())}
        issue["fields"] = before | differing | stamp
        self.keep(issue)
        if old_key:
            before, differing = (
                before | {"issuekey": old_key},
                differing | {"issuekey": issue["key"]},
            )
        if differing:
            Webhook(self._world, self.site).tell(issue, before, differing, actor)

    def _fresh(self, now: str, reporter: str) -> JSON:
        return {
            "status": self.site.status("To Do"),
            "resolution": None,
            "resolutiondate": None,
            "description": None,
            "duedate": None,
            "priority": self.site.named("priority", PRIORITIES, "Medium"),
            "labels": [],
            "assignee": None,
            "reporter": self.site.user(reporter),
            "creator": self.site.user(reporter),
            "created": now,
            "updated": now,
        }


def _refuse_misshapen(body: JSON) -> None:
    if place := misfit(body, _BODY):
        raise jira_error(400, f"Cannot deserialize value: unexpected token at '{place}'.")
    if any("key" not in entry for entry in body.get("properties") or []):
        raise jira_error(400, "Entity property key must not be empty.")
